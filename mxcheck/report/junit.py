"""The JUnit XML report: a test suite for each domain, a test case for each rule and subject."""

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator

from junit_xml import TestCase, TestSuite

import mxcheck
from mxcheck.evidence.domain import Run
from mxcheck.evidence.smtp import Connection, Greeting
from mxcheck.judge.verdict import DomainVerdict, Outcome, Result, SwitchedOff, Verdict
from mxcheck.report.escape import for_xml
from mxcheck.report.labels import waived
from mxcheck.report.seen import moment
from mxcheck.rules.base import AnyRule, Sign
from mxcheck.rules.subjects import Subject

_TOTALS = ("tests", "failures", "errors")
_SCHEMA_LACKS = ("disabled", "assertions")


def render_junit(verdict: Verdict) -> Iterator[str]:
    """Render the report, valid against the Jenkins and the strict JUnit 10 schemas.

    It comes a suite at a time; the totals at its top take a walk over the suites before.
    """
    root = ET.Element("testsuites", {"name": "mxcheck", **_totals(verdict)})
    root.text = "\n"
    start, end = ET.tostring(root, encoding="unicode").split("\n")
    yield f'<?xml version="1.0" encoding="utf-8"?>\n{start}\n'
    for domain in verdict.domains:
        suite = _suite(domain, verdict)
        ET.indent(suite, level=1)
        yield f"  {ET.tostring(suite, encoding='unicode').rstrip()}\n"
    yield f"{end}\n"


def _totals(verdict: Verdict) -> dict[str, str]:
    totals: Counter[str] = Counter()
    seconds = 0.0
    for domain in verdict.domains:
        suite = _suite(domain, verdict)
        totals.update({name: int(suite.get(name, "0")) for name in _TOTALS})
        seconds += float(suite.get("time", "0"))
    return {**{name: str(totals[name]) for name in _TOTALS}, "time": f"{seconds:.3f}"}


def _suite(domain: DomainVerdict, verdict: Verdict) -> ET.Element:
    cases = list(_cases(domain))
    suite = TestSuite(
        for_xml(domain.name),
        cases,
        # The schemas require a host; the name of the runner would change from run to run.
        hostname=for_xml(domain.name),
        # ISO 8601 in UTC without a zone, as Ant's JUnit task writes it.
        timestamp=moment(verdict.evidence.observed_at).removesuffix("Z"),
        properties=_properties(domain, verdict),
    )
    return _make_strict(suite.build_xml_doc(), cases)


def _properties(domain: DomainVerdict, verdict: Verdict) -> dict[str, str]:
    notes = {f"note {number}": note for number, note in enumerate(verdict.notes, 1)}
    waivers = {f"waiver {number}": note for number, note in enumerate(verdict.waiver_notes, 1)}
    about = {
        "mxcheck": mxcheck.__version__,
        "verdict": domain.conclusion.value,
        "exit code of the run": str(verdict.exit_code),
    }
    return {name: for_xml(value) for name, value in (about | notes | waivers).items()}


def _cases(domain: DomainVerdict) -> Iterator[TestCase]:
    names: Counter[str] = Counter()
    # Readers that group test cases by class, as GitLab does, must keep domains apart.
    group = f"mxcheck.{for_xml(domain.name).replace('.', '_')}"
    why = domain.why_not_judged
    if why:
        case = TestCase("judged", classname=group)
        case.add_error_info(why, output=why, error_type="not-judged")
        yield case
    everything: tuple[Result | SwitchedOff, ...] = (*domain.results, *domain.switched_off)
    for asked in everything:
        name = _name(asked.rule, asked.subject)
        names[name] += 1
        if names[name] > 1:
            name = f"{name} #{names[name]}"
        case = TestCase(name, classname=f"{group}.{asked.rule.family}")
        if isinstance(asked, SwitchedOff):
            case.add_skipped_info(output="off: the level of this rule is off")
        else:
            case.elapsed_sec = _seconds(asked, domain.run)
            _enter(case, asked)
        yield case


def _name(rule: AnyRule, subject: Subject) -> str:
    return for_xml(f"{rule.id} {subject}".rstrip())


def _seconds(result: Result, run: Run) -> float:
    """Return how long connecting and the greeting took, for the rule about that; otherwise 0."""
    match result.subject.parts:
        case (mx, address) if result.rule.sign is Sign.REACHED:
            visit = run.visit(mx, address)
        case _:
            return 0.0
    connect = visit.connection.connect_ms if isinstance(visit.connection, Connection) else 0
    greeting = visit.greeting.greeting_ms if isinstance(visit.greeting, Greeting) else 0
    return (connect + greeting) / 1000


def _enter(case: TestCase, result: Result) -> None:
    reason = for_xml(result.message) or result.rule.title
    match result.outcome:
        case _ if result.waiver:
            case.add_skipped_info(output=f"{for_xml(waived(result.waiver))}\n{_body(result)}")
        case Outcome.FAIL if result.blocks:
            case.add_failure_info(reason, output=_body(result), failure_type=result.rule.id)
        case Outcome.UNKNOWN if result.blocks:
            case.add_error_info(reason, output=_body(result), error_type=result.rule.id)
        case Outcome.UNKNOWN:
            case.add_skipped_info(output=f"unknown: {_body(result)}")
        case Outcome.NOT_APPLICABLE:
            case.add_skipped_info(output=f"not applicable: {reason}")
        case Outcome.FAIL:
            case.stdout = f"{result.level}: {_body(result)}"
        case Outcome.PASS:
            pass


def _body(result: Result) -> str:
    lines = [for_xml(result.message) or result.rule.title]
    if result.remedy:
        lines.append(f"What to do: {for_xml(result.remedy)}")
    lines.append(f"More: mxcheck explain {result.rule.id}")
    return "\n".join(lines)


def _make_strict(suite: ET.Element, cases: list[TestCase]) -> ET.Element:
    """Add times of 0, which junit-xml drops, and remove what the schemas do not allow."""
    for attribute in _SCHEMA_LACKS:
        suite.attrib.pop(attribute, None)
    elements = suite.findall("testcase")
    for element, case in zip(elements, cases, strict=True):
        element.set("time", f"{case.elapsed_sec or 0:.3f}")
    suite.set("time", f"{sum(case.elapsed_sec or 0 for case in cases):.3f}")
    for skipped in suite.iter("skipped"):
        # In Jenkins' schema it has text only, without attributes.
        skipped.attrib.clear()
    return suite
