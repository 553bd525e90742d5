"""The laws of the house that no other tool keeps, read from the source."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from mxcheck.rules import MODULES, RULES
from mxcheck.rules.base import AnyRule, Family

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "mxcheck"
SOURCES = {path.relative_to(ROOT): path for path in sorted(PACKAGE.rglob("*.py"))}
TEST_FILES = [path.relative_to(ROOT) for path in sorted((ROOT / "tests").rglob("*.py"))]
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in SOURCES.items()}
RULE_FILES = [
    name
    for name in SOURCES
    if name.parts[:2] == ("mxcheck", "rules") and len(name.parts) == 4 and name.stem != "__init__"
]
EVIDENCE_FILES = [name for name in SOURCES if name.parts[:2] == ("mxcheck", "evidence")]

# The catalogue: ids are a promise, so this list only ever grows.
CATALOGUE = [
    "mx-missing",
    "mx-implicit",
    "mx-null",
    "mx-unresolvable",
    "mx-is-alias",
    "mx-is-address",
    "mx-not-public",
    "dnssec-bogus",
    "dnssec-missing",
    "reverse-dns-mismatch",
    "smtp-unreachable",
    "smtp-greeting-bad",
    "smtp-slow",
    "smtp-greeting-name",
    "smtp-version-disclosed",
    "smtp-ehlo-refused",
    "smtp-extension-missing",
    "smtp-auth-in-clear",
    "starttls-missing",
    "starttls-refused",
    "tls-handshake-failed",
    "starttls-injectable",
    "tls-version-old",
    "tls-legacy-accepted",
    "tls13-missing",
    "tls-cipher-weak",
    "cert-expired",
    "cert-not-yet-valid",
    "cert-expiring",
    "cert-name-mismatch",
    "cert-chain-incomplete",
    "cert-untrusted",
    "cert-key-weak",
    "cert-signature-weak",
    "open-relay",
    "mx-rejects-domain",
    "dane-insecure",
    "dane-lookup-failed",
    "dane-unusable",
    "dane-mismatch",
    "dane-missing",
    "mta-sts-missing",
    "mta-sts-record-invalid",
    "mta-sts-policy-unfetchable",
    "mta-sts-policy-invalid",
    "mta-sts-not-enforced",
    "mta-sts-max-age-short",
    "mta-sts-mx-unlisted",
    "mta-sts-mx-unauthenticated",
    "tls-rpt-missing",
    "tls-rpt-record-invalid",
]

# What is repaired elsewhere than in the server's configuration: dates, by whoever issues.
NOT_ABOUT_A_SERVER = {"cert-not-yet-valid", "cert-expiring"}
SERVERS = (Family.SMTP, Family.TLS, Family.CERT, Family.RELAY)
LIMITS = {"rule": 89, "file": 299, "function": 40}

Function = ast.FunctionDef | ast.AsyncFunctionDef

EACH_FILE = pytest.mark.parametrize("name", SOURCES, ids=str)
EACH_RULE_FILE = pytest.mark.parametrize("name", RULE_FILES, ids=str)
EACH_RULE = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def rule_call(name: Path) -> ast.Call:
    """The one `RULE = Rule(...)` of a module."""
    calls = [
        node.value
        for node in TREES[name].body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and "RULE" in ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
        and isinstance(node.value, ast.Call)
    ]
    (call,) = calls
    return call


def docstring(name: Path) -> str:
    return ast.get_docstring(TREES[name]) or ""


def file_of(rule: AnyRule) -> Path:
    folder = str(rule.family).replace("-", "_")
    return Path("mxcheck/rules") / folder / f"{rule.id.replace('-', '_')}.py"


def test_there_is_something_to_look_at() -> None:
    assert len(RULE_FILES) == len(CATALOGUE)
    assert len(SOURCES) > 50
    assert EVIDENCE_FILES


@EACH_RULE_FILE
def test_a_rule_file_holds_one_rule_named_after_it(name: Path) -> None:
    arguments = {word.arg: word.value for word in rule_call(name).keywords}
    assert ast.literal_eval(arguments["id"]) == name.stem.replace("_", "-")
    assert ast.unparse(arguments["family"]) == f"Family.{name.parts[2].upper()}"
    made = [
        node
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Rule"
    ]
    assert len(made) == 1


def test_the_list_the_folders_and_the_catalogue_agree() -> None:
    listed = Counter(module.__name__ for module in MODULES)
    on_disk = {".".join(name.with_suffix("").parts) for name in RULE_FILES}
    assert set(listed) == on_disk
    assert set(listed.values()) == {1}
    assert [rule.id for rule in RULES] == CATALOGUE


@EACH_RULE_FILE
def test_a_rules_docstring_says_why_and_how_to_repair(name: Path) -> None:
    text = docstring(name)
    summary, _, rest = text.partition("\n\n")
    assert re.findall(r"(?m)^#+ .*$", rest) == ["## Why it matters", "## Repair"]
    assert "\n" not in summary
    assert summary[0].isupper()
    assert summary.endswith(".")
    assert not re.search(r"[.!?] ", summary)


@EACH_RULE
def test_a_rule_about_a_server_says_how_to_repair_each_of_them(rule: AnyRule) -> None:
    if rule.family not in SERVERS or rule.id in NOT_ABOUT_A_SERVER:
        return
    repair = docstring(file_of(rule)).partition("## Repair")[2]
    missing = [server for server in ("Postfix", "Exim", "Exchange") if server not in repair]
    assert not missing


@EACH_RULE
def test_references_name_a_section_of_an_rfc_or_the_policy(rule: AnyRule) -> None:
    assert rule.references
    for reference in rule.references:
        assert re.fullmatch(r"RFC [1-9]\d{2,4} \d+(\.\d+)*|policy \w+", reference)


@EACH_RULE
def test_a_title_is_no_sentence(rule: AnyRule) -> None:
    assert rule.title
    assert not rule.title.endswith(".")
    assert rule.title.isprintable()


@EACH_FILE
def test_files_and_functions_are_short(name: Path) -> None:
    lines = SOURCES[name].read_text(encoding="utf-8").count("\n")
    assert lines <= LIMITS["rule" if name in RULE_FILES else "file"]
    for function in functions(name):
        # As a reader counts: from `def`, without decorators.
        length = (function.end_lineno or 0) - function.lineno + 1
        assert length <= LIMITS["function"], function.name


@pytest.mark.parametrize("name", TEST_FILES, ids=str)
def test_test_files_are_short(name: Path) -> None:
    assert (ROOT / name).read_text(encoding="utf-8").count("\n") <= LIMITS["file"]


def functions(name: Path) -> Iterator[Function]:
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@EACH_FILE
def test_only_the_top_of_the_command_line_catches_everything(name: Path) -> None:
    caught = [
        handler
        for handler in ast.walk(TREES[name])
        if isinstance(handler, ast.ExceptHandler) and catches_everything(handler)
    ]
    assert not caught or name == Path("mxcheck/cli/main.py")


def catches_everything(handler: ast.ExceptHandler) -> bool:
    """Whether it catches whatever comes, and does not pass it on after cleaning up."""
    kinds = ast.unparse(handler.type) if handler.type else "BaseException"
    passes_on = ast.unparse(handler.body[-1]) == "raise"
    return bool(re.search(r"\b(?:Base)?Exception\b", kinds)) and not passes_on


@pytest.mark.parametrize("name", EVIDENCE_FILES, ids=str)
def test_evidence_is_frozen_and_says_nothing_of_what_it_means(name: Path) -> None:
    for node in ast.walk(TREES[name]):
        if not isinstance(node, ast.ClassDef) or is_enum(node) or is_error(node):
            continue
        decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
        assert decorators == ["dataclass(frozen=True, slots=True, kw_only=True)"], node.name
        fields = [
            ast.unparse(entry.target) for entry in node.body if isinstance(entry, ast.AnnAssign)
        ]
        for field in fields:
            assert not re.search(r"(?:^|_)(?:ok|valid|secure)(?:_|$)", field)


def is_enum(node: ast.ClassDef) -> bool:
    return any("Enum" in ast.unparse(parent) for parent in node.bases)


def is_error(node: ast.ClassDef) -> bool:
    return [ast.unparse(parent) for parent in node.bases] == ["Exception"]


# RFC 3207 4: a public server must not require TLS on port 25.
REQUIRING_TLS = re.compile(
    r"smtpd_tls_security_level\s*=\s*(?:encrypt|secure|verify|fingerprint|dane)"
    r"|smtpd_enforce_tls\s*=\s*yes"
    r"|smtpd_tls_wrappermode\s*=\s*yes"
    r"|RequireTLS\s*:?\s*\$true"
)


@pytest.mark.parametrize("name", [*RULE_FILES, Path("mxcheck/rules/facts/promise.py")], ids=str)
def test_no_rule_advises_to_require_tls(name: Path) -> None:
    assert not REQUIRING_TLS.search(SOURCES[name].read_text(encoding="utf-8"))


CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter", "fromtimestamp"}


@pytest.mark.parametrize(
    "name", [name for name in SOURCES if name.parts[1] in {"rules", "wire", "evidence"}], ids=str
)
def test_rules_parsers_and_evidence_read_no_clock(name: Path) -> None:
    called = {
        node.func.attr
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not called & CLOCKS
    imported = {
        alias.name
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert not imported & {"time", "random", "socket", "asyncio"}
