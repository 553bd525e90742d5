"""One run of the check as the tests read it: exit code, JSON report, output."""

from typing import NamedTuple, TypedDict


class Subject(TypedDict):
    mx: str | None
    address: str | None


class Result(TypedDict):
    rule: str
    level: str
    outcome: str
    subject: Subject
    message: str
    remedy: str


class Tls(TypedDict):
    version: str


class Attempt(TypedDict):
    form: str
    text: str


class Endpoint(TypedDict):
    address: str
    tls: Tls | None
    relay: list[Attempt]


class MxHost(TypedDict):
    host: str
    endpoints: list[Endpoint]


class DomainReport(TypedDict):
    domain: str
    verdict: str
    mx: list[MxHost]
    results: list[Result]


class Report(TypedDict):
    """The part of the JSON report that the tests read."""

    verdict: str
    exit_code: int
    notes: list[str]
    counts: dict[str, int]
    domains: list[DomainReport]


class Checked(NamedTuple):
    exit_code: int
    report: Report
    stdout: str
    stderr: str

    def results(self, outcome: str, level: str = "error") -> list[Result]:
        return [
            result
            for domain in self.report["domains"]
            for result in domain["results"]
            if result["outcome"] == outcome and result["level"] == level
        ]

    def failures(self) -> set[tuple[str, str | None]]:
        """Return the rule and the MX host of each failure at level error."""
        return {(result["rule"], result["subject"]["mx"]) for result in self.results("fail")}

    def failure(self, rule: str) -> Result:
        """Return the only failure of a rule."""
        (result,) = (result for result in self.results("fail") if result["rule"] == rule)
        return result

    def relay_replies(self) -> dict[str, str]:
        """Return the text of the last reply to each form of the relay test."""
        return {
            attempt["form"]: attempt["text"]
            for domain in self.report["domains"]
            for mx in domain["mx"]
            for endpoint in mx["endpoints"]
            for attempt in endpoint["relay"]
        }

    def unknown_rules(self) -> set[str]:
        return {result["rule"] for result in self.results("unknown")}

    def of_address(self, address: str) -> dict[str, str]:
        """Return the outcome of each rule that was asked about an address."""
        return {
            result["rule"]: result["outcome"]
            for domain in self.report["domains"]
            for result in domain["results"]
            if result["subject"]["address"] == address
        }
