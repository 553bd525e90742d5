"""Check that each rule is a file of its own, listed, documented and cited.

Prints each breach as `path:line: message`; the exit code is 1 if there is one.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator

from mxcheck import catalogue
from mxcheck.rules import MODULES, RULES
from mxcheck.rules.base import AnyRule, Family
from mxcheck.wire.software import Software
from tools.source import Source, complaints_about, read_sources, report

SERVERS = ("Postfix", "Exim", "Exchange")
ABOUT_A_SERVER = (Family.SMTP, Family.TLS, Family.CERT, Family.RELAY)
OF_ONE_MTA = re.compile(rf"\b({'|'.join(map(re.escape, Software))}):(?= |$)")
SECTIONS = ["## Why it matters", "## Repair"]
REFERENCE = re.compile(
    r"RFC [1-9]\d{2,4} (\d+|[A-H](?=\.))(\.\d+)*|draft-[a-z0-9-]+ \d+(\.\d+)*|policy \w+"
)

# RFC 3207 4: a public server must not require TLS on port 25.
REQUIRING_TLS = re.compile(
    r"smtpd_tls_security_level\s*=\s*(?:encrypt|secure|verify|fingerprint|dane)"
    r"|smtpd_enforce_tls\s*=\s*yes"
    r"|smtpd_tls_wrappermode\s*=\s*yes"
    r"|RequireTLS\s*:?\s*\$true"
)


def main() -> int:
    """Check the files of the rules, their list, and the metadata of each rule."""
    sources = read_sources("mxcheck/rules")
    files = [source for source in sources if source.is_rule]
    return report(
        (
            *complaints_about(
                files, (one_rule_named_after_the_file, documentation, settings_in_the_docstring)
            ),
            *complaints_about(sources, (advises_to_require_tls,)),
            *unlisted(files),
            *(complaint for rule in RULES for complaint in (*metadata(rule), *how_to_repair(rule))),
        )
    )


def one_rule_named_after_the_file(source: Source) -> Iterator[str]:
    """Yield a complaint unless the file makes one Rule, with the id and family of its path."""
    calls = [
        node
        for node in source.nodes
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Rule"
    ]
    if len(calls) != 1:
        yield source.complaint(1, f"makes {len(calls)} rules, not one")
        return
    made = {word.arg: ast.unparse(word.value) for word in calls[0].keywords}
    wanted = {
        "id": repr(source.name.stem.replace("_", "-")),
        "family": f"Family.{source.name.parts[2].upper()}",
    }
    for key, value in wanted.items():
        if made.get(key) != value:
            yield source.complaint(calls[0], f"{key} is {made.get(key)}, the path says {value}")


def documentation(source: Source) -> Iterator[str]:
    """Yield what the docstring of a rule lacks, from which `explain` and docs/rules.md are made."""
    summary, _, rest = (ast.get_docstring(source.tree) or "").partition("\n\n")
    if re.findall(r"(?m)^#+ .*$", rest) != SECTIONS:
        yield source.complaint(1, f"the docstring has not the sections {', '.join(SECTIONS)}")
    if not re.fullmatch(r"[A-Z](?:[^\n.!?]|[.!?](?! ))*\.", summary):
        yield source.complaint(1, "the docstring does not begin with one sentence on one line")


def settings_in_the_docstring(source: Source) -> Iterator[str]:
    """Yield the lines of a docstring that repeat what `settings` says of one MTA."""
    if not any(isinstance(node, ast.keyword) and node.arg == "settings" for node in source.nodes):
        return
    head, _, repair = (ast.get_docstring(source.tree) or "").partition(SECTIONS[1])
    for number, line in enumerate(repair.splitlines(), head.count("\n") + 1):
        for match in OF_ONE_MTA.finditer(line):
            yield source.complaint(number, f"what is for {match[1]} belongs in `settings`")


def advises_to_require_tls(source: Source) -> Iterator[str]:
    """Yield advice that would shut out every sender without TLS."""
    if match := REQUIRING_TLS.search(source.text):
        line = source.text[: match.start()].count("\n") + 1
        yield source.complaint(line, f"advises to require TLS: {match[0]}")


def unlisted(files: list[Source]) -> Iterator[str]:
    """Yield the differences between the files of the rules and the list in rules/__init__.py."""
    listed = Counter(module.__name__ for module in MODULES)
    on_disk = {".".join(source.name.with_suffix("").parts) for source in files}
    for name in sorted(on_disk ^ set(listed)):
        yield f"mxcheck/rules/__init__.py: {name} is {'listed' if name in listed else 'not listed'}"
    for name, times in listed.items():
        if times > 1:
            yield f"mxcheck/rules/__init__.py: {name} is listed {times} times"


def metadata(rule: AnyRule) -> Iterator[str]:
    """Yield what is wrong with a rule's title and references."""
    if not rule.title or rule.title.endswith(".") or not rule.title.isprintable():
        yield f"{rule.id}: the title is a phrase on one line, without a full stop"
    if not rule.references:
        yield f"{rule.id}: no reference"
    for reference in rule.references:
        if not REFERENCE.fullmatch(reference):
            yield f"{rule.id}: {reference!r} names no section of an RFC, and no policy key"


def how_to_repair(rule: AnyRule) -> Iterator[str]:
    """Yield which servers a rule about servers does not say how to repair."""
    text = catalogue.documentation(rule).partition(SECTIONS[1])[2]
    missing = [server for server in SERVERS if server not in text]
    if missing and rule.family in ABOUT_A_SERVER:
        yield f"{rule.id}: does not say how to repair {', '.join(missing)}"


if __name__ == "__main__":
    sys.exit(main())
