"""Verdicts on many domains, with long messages."""

from collections.abc import Iterable
from dataclasses import replace

from mxcheck.judge.verdict import Conclusion, DomainVerdict, Result, Verdict
from tests.report import verdicts
from tests.report.pages import github
from tests.report.verdicts import AT_MX1, EXPIRED, MISNAMED, At

HERE = At(AT_MX1)
LONG = "a long message " * 130


def a_domain(name: str, results: Iterable[Result], conclusion: Conclusion) -> DomainVerdict:
    [domain] = verdicts.healthy().domains
    return replace(domain, name=name, results=tuple(results), conclusion=conclusion)


def run_of(*domains: DomainVerdict) -> Verdict:
    return replace(verdicts.healthy(), domains=domains, conclusion=Conclusion.FAIL, exit_code=1)


def failing(number: int, failures: int = 5) -> DomainVerdict:
    results = [
        HERE.failed(EXPIRED, f"failure {number}: {one} {LONG}", "renew it")
        for one in range(failures)
    ]
    return a_domain(f"fails{number}.example", results, Conclusion.FAIL)


def passing(number: int, passes: int = 5) -> DomainVerdict:
    results = [HERE.passed(MISNAMED, f"pass {number}: {LONG}")] * passes
    return a_domain(f"passes{number}.example", results, Conclusion.PASS)


def headings(text: str) -> list[str]:
    found = [line for line in text.splitlines() if line.startswith("## ")]
    return [github(line).text.strip() for line in found]
