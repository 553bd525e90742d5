"""Words that are something else where they are not made inert, one kind a name."""

PAYLOADS = {
    "ANSI": "\x1b[2J\x1b[31mred\x1b[0m",
    "C1 control": "\x9b31mred\x85next",
    "OSC title": "\x1b]0;title\x07",
    "OSC link": "\x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\",
    "workflow command": "::error file=x,line=1::boo",
    "command in the middle": "said ::set-output name=x::y and ::add-mask::z",
    "command on a line of its own": "boo\n::stop-commands::x\r\n  ::error::boo",
    "encoded line": "%0A::error::boo%0D",
    "group": "##[group]boo\n##[error]boo",
    "Azure and TeamCity": "##vso[task.complete]x ##teamcity[testFailed name='x']",
    "HTML": "<script>alert(1)</script><img src=x onerror=y><!-- ",
    "end of a fold": "</td></table></details></summary>",
    "Markdown": "[here](https://evil.example) ![i](x) | *b* `c` ~~d~~ ```\n# head\n- item\n> q",
    "mentions": "@user @org/team #1 org/repo#1 GH-1 !1 :+1: $a$ www.evil.example a@evil.example",
    "XML": "]]><![CDATA[x]]> </failure>&#0;&lol;<!ENTITY x SYSTEM 'file:///etc/passwd'>",
    "SARIF": "[here](https://evil.example) {0} {{1}} [x](1)",
    "bidi": "\u202egnp.exe\u2066\u2069\u200f",
    "ignorable": "m\u034fx\u115f1\u3164\ufe0f.\uffa0example\U000e0100.\u00adcom",
    "zero width": "a\u200b\u200d\u2060\ufeffb\U000e0041",
    "separators": "a\u2028::error::b\u2029c\x0b\x0cd",
    "NUL": "a\0b",
    "lone surrogates": "a\ud800\udfffb",
    "not characters": "\ufffe\uffff",
    "expression": "${{ secrets.TOKEN }} ${{ github.token }}",
    "shell": "$(touch /tmp/x) `touch y` ; rm -rf ~ && x | y > z 'q' \"d\" \\",
    "paths": "../../../../etc/passwd",
    "absolute path": "/etc/passwd",
    "rich markup": "[red]x[/red] [link=https://evil.example]y[/link] [/]",
    "template": "{{ 7*7 }} {% x %} %s %d %(x)s {x!r}",
    "formula": "=cmd|' /C calc'!A0",
    "space": " \t \xa0\u3000 ",
}

VERY_LONG = "x::error::\x1b[31m" * 250
"""Longer than any text that a report shows."""
