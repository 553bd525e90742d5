"""The lints of `make check`: each reports a breach, and passes the text beside it."""

from dataclasses import replace
from pathlib import Path

import pytest

from mxcheck.rules.cert import cert_expired
from mxcheck.wire.software import Software
from tools import check_english, check_house, check_rules
from tools.source import FileCheck, Source, complaints_about, read_sources, report

LINE = "Parsers.\n"
RULE = "mxcheck/rules/cert/cert_expired.py"
DOCUMENTED = '''"""The certificate has expired.

## Why it matters

Senders refuse to deliver.

## Repair

Postfix and Exim: renew it.
"""
'''
SET = DOCUMENTED.replace("Postfix and Exim: renew", "On Exim renew") + "RULE = Rule(settings={})"

# A check, the path of a file, what the check must report in it, what it must let pass.
CASES: list[tuple[FileCheck, str, str, str]] = [
    (check_house.long_file, RULE, "\n" * 90, "\n" * 89),
    (check_house.long_file, "mxcheck/rules/facts/tls.py", "\n" * 300, "\n" * 299),
    (check_house.long_file, "tests/test_app.py", "\n" * 300, "\n" * 299),
    (
        check_house.long_functions,
        "mxcheck/app.py",
        "def run():\n" + "    pass\n" * 40,
        "@decorated\ndef run():\n" + "    pass\n" * 39,
    ),
    (
        check_house.long_introductions,
        "mxcheck/wire/__init__.py",
        f"'''{LINE * 41}'''",
        f"'''{LINE * 40}'''",
    ),
    (check_house.long_introductions, "mxcheck/wire/__init__.py", "", "'Parsers.'"),
    (
        check_house.catches_everything,
        "mxcheck/app.py",
        "try: run()\nexcept Exception: pass",
        "try: run()\nexcept BaseException:\n    close()\n    raise",
    ),
    (
        check_house.catches_everything,
        "mxcheck/app.py",
        "try: run()\nexcept: pass",
        "try: run()\nexcept ValueError: pass",
    ),
    (
        check_house.reports_that_sort,
        "mxcheck/report/junit.py",
        "worst = sorted(results)",
        "worst = findings(results)",
    ),
    (check_house.impure, "mxcheck/wire/mx.py", "datetime.now(UTC)", "case.now"),
    (
        check_house.impure,
        "mxcheck/rules/base.py",
        "from time import sleep\nimport time",
        "import re",
    ),
    (
        check_house.rules_that_read_files,
        "mxcheck/rules/facts/tls.py",
        "Path('x').read_text()",
        "case.read()",
    ),
    (check_house.rules_that_read_files, RULE, "open('x')", "opened('x')"),
    (
        check_house.unfrozen_evidence,
        "mxcheck/evidence/dns.py",
        "@dataclass\nclass Lookup:\n    name: str",
        "@dataclass(frozen=True, slots=True, kw_only=True)\nclass Lookup:\n    name: str",
    ),
    (
        check_house.unfrozen_evidence,
        "mxcheck/evidence/dns.py",
        "@dataclass(frozen=True, slots=True, kw_only=True)\nclass Lookup:\n    is_valid: bool",
        "class Trouble(StrEnum):\n    TIMEOUT = 'timeout'",
    ),
    (
        check_house.rule_ids_outside,
        "mxcheck/report/text/page.py",
        "MILD = {'open-relay'}",
        "'''Print open-relay first.'''\nKIND = 'an-open-relay-or-not'",
    ),
    (
        check_house.rule_ids_outside,
        "mxcheck/config/errors.py",
        "help = f'for example {flag} cert-expired=off'",
        "help = f'for example {flag} ID=off'",
    ),
    (
        check_rules.one_rule_named_after_the_file,
        RULE,
        "RULE = Rule(id='cert-expiring', family=Family.CERT)",
        "RULE = Rule(id='cert-expired', family=Family.CERT)",
    ),
    (
        check_rules.one_rule_named_after_the_file,
        RULE,
        "RULE = Rule(id='cert-expired', family=Family.TLS)",
        "RULE = Rule(family=Family.CERT, id='cert-expired')",
    ),
    (
        check_rules.one_rule_named_after_the_file,
        RULE,
        "A = Rule()\nB = Rule()",
        "RULE = Rule(id='cert-expired', family=Family.CERT)",
    ),
    (check_rules.settings_in_the_docstring, RULE, SET.replace("renew", "Postfix: renew"), SET),
    (check_rules.settings_in_the_docstring, RULE, SET.replace("Exim", "(Exim: that)"), SET),
    (check_rules.documentation, RULE, DOCUMENTED.replace("## Repair", "## Mend"), DOCUMENTED),
    (
        check_rules.documentation,
        RULE,
        DOCUMENTED.replace("expired.", "expired. Renew."),
        DOCUMENTED,
    ),
    (
        check_rules.advises_to_require_tls,
        RULE,
        "'smtpd_tls_security_level = encrypt'",
        "'smtpd_tls_security_level = may'",
    ),
    (check_english.banned_phrasings, "README.md", "The file holds\nto it", "The file follows it"),
    (
        check_english.banned_phrasings,
        "mxcheck/app.py",
        "# This is no\n# error",
        "# It is no longer",
    ),
    (check_english.banned_phrasings, "mxcheck/app.py", "# A what-if", "# An override"),
    (
        check_english.docstrings_without_verb,
        "mxcheck/app.py",
        "def run():\n    'The exit code.'",
        "def run():\n    'Return the exit code.'\n@property\ndef name(self):\n    'The name.'",
    ),
]


@pytest.mark.parametrize(("check", "name", "breach", "clean"), CASES)
def test_a_lint_reports_the_breach_alone(
    check: FileCheck, name: str, breach: str, clean: str
) -> None:
    assert list(check(source(name, breach)))
    assert not list(check(source(name, clean)))


def source(name: str, text: str) -> Source:
    return Source(name=Path(name), text=text)


def test_every_lint_of_a_file_is_shown_a_breach() -> None:
    checks = {check for check, _, _, _ in CASES}
    assert checks >= {*check_house.CHECKS, check_house.long_file}


def test_the_line_of_a_setting_in_the_docstring_is_named() -> None:
    breach = source(RULE, SET.replace("On Exim renew", "- Exim: renew"))
    complaints = list(check_rules.settings_in_the_docstring(breach))
    assert complaints == [f"{RULE}:9: what is for Exim belongs in `settings`"]
    without = replace(breach, text=breach.text.replace("settings={}", ""))
    assert not list(check_rules.settings_in_the_docstring(without))


def test_a_rule_about_servers_says_how_to_repair_each() -> None:
    assert not list(check_rules.how_to_repair(cert_expired.RULE))
    settings = {Software.POSTFIX: "renew it.", Software.EXIM: "renew it."}
    complaints = list(check_rules.how_to_repair(replace(cert_expired.RULE, settings=settings)))
    assert complaints == ["cert-expired: does not say how to repair Exchange"]


def test_one_rule_more_in_the_folder_than_in_the_list() -> None:
    files = [file for file in read_sources("mxcheck/rules") if file.is_rule]
    assert not list(check_rules.unlisted(files))
    added = source("mxcheck/rules/cert/cert_lost.py", "")
    assert list(check_rules.unlisted([*files, added])) == [
        "mxcheck/rules/__init__.py: mxcheck.rules.cert.cert_lost is not listed"
    ]
    assert "is listed" in next(check_rules.unlisted(files[1:]))


def test_the_top_of_the_package_has_room_for_six_modules() -> None:
    top = tuple(source(f"mxcheck/module_{number}.py", "") for number in range(7))
    assert list(check_house.crowded_top(top))
    assert not list(check_house.crowded_top((*top[1:], source("mxcheck/wire/mx.py", ""))))


def test_complaints_are_printed_with_their_lines(capsys: pytest.CaptureFixture[str]) -> None:
    broken = source("mxcheck/wire/mx.py", "\n\nimport time\n")
    assert report(complaints_about([broken], [check_house.impure])) == 1
    assert capsys.readouterr().out == "mxcheck/wire/mx.py:3: imports time\n"
    assert report(()) == 0
