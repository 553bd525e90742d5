"""The status of one address of an MX host, in a line: reached, TLS, certificate, relay."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Connection, Visit
from mxcheck.evidence.tls import TlsSession
from mxcheck.report.layout import Span, Style
from mxcheck.report.seen import versions_seen
from mxcheck.rules.base import Family
from mxcheck.verdict import Outcome, Result
from mxcheck.wire.certificate import parse_certificate
from mxcheck.wire.software import parse_software


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A visit, the results about that address, and the moment by which they were judged."""

    visit: Visit
    results: Sequence[Result]
    at: datetime

    def spans(self) -> Iterator[Span]:
        """What was seen, and what the rules say to it."""
        yield self._reached()
        if not isinstance(self.visit.connection, Connection):
            return
        software = parse_software(self.visit)
        yield from [Span(software)] if software else []
        yield self._tls()
        if isinstance(self.visit.tls, TlsSession):
            yield from self._certificate(self.visit.tls)
        yield self._relay()

    def _reached(self) -> Span:
        connection = self.visit.connection
        if isinstance(connection, Connection):
            return Span(f"reachable in {connection.connect_ms:.0f} ms", Style.GOOD)
        outcomes = self._outcomes("smtp-unreachable")
        if Outcome.FAIL in outcomes:
            return Span(f"NOT reachable ({connection.trouble})", Style.BAD)
        if Outcome.UNKNOWN in outcomes:
            return Span(f"unknown whether reachable ({connection.trouble})", Style.UNCLEAR)
        return Span(f"no connection ({connection.trouble})", Style.UNCLEAR)

    def _tls(self) -> Span:
        tls = self.visit.tls
        failed = self._failed(Family.TLS)
        versions = " and ".join(versions_seen(self.visit))
        if isinstance(tls, TlsSession) and failed:
            return Span(f"STARTTLS {versions} FAILS {', '.join(failed)}", Style.MILD)
        if isinstance(tls, TlsSession):
            return Span(f"STARTTLS {versions}", Style.GOOD)
        if failed:
            return Span(f"NO TLS ({', '.join(failed)})", Style.BAD)
        return Span("TLS not seen", Style.UNCLEAR)

    def _certificate(self, tls: TlsSession) -> Iterator[Span]:
        if not tls.chain:
            yield Span("no certificate", Style.UNCLEAR)
            return
        validity = self._validity(tls.chain[0])
        failed = self._failed(Family.CERT)
        outcomes = {result.outcome for result in self.results if result.rule.family is Family.CERT}
        if failed:
            yield Span(f"certificate {validity}", Style.BAD)
            yield Span(f"FAILS {', '.join(failed)}", Style.BAD)
        elif Outcome.PASS in outcomes and Outcome.UNKNOWN not in outcomes:
            yield Span(f"certificate valid, {validity}", Style.GOOD)
        else:
            yield Span(f"certificate not judged ({validity})", Style.UNCLEAR)

    def _validity(self, leaf: bytes) -> str:
        facts = parse_certificate(leaf)
        if isinstance(facts, Unseen):
            return "unreadable"
        if facts.not_after < self.at:
            return f"expired {_days(self.at - facts.not_after)} ago"
        return f"{_days(facts.not_after - self.at)} left"

    def _relay(self) -> Span:
        outcomes = self._outcomes("open-relay")
        if Outcome.FAIL in outcomes:
            return Span("OPEN RELAY", Style.BAD)
        if Outcome.PASS in outcomes:
            return Span("relay refused", Style.GOOD)
        if Outcome.UNKNOWN in outcomes:
            return Span("relay unknown", Style.UNCLEAR)
        return Span("relay not tested", Style.UNCLEAR)

    def _failed(self, family: Family) -> tuple[str, ...]:
        return tuple(
            result.rule.id
            for result in self.results
            if result.rule.family is family and result.outcome is Outcome.FAIL
        )

    def _outcomes(self, rule: str) -> set[Outcome]:
        return {result.outcome for result in self.results if result.rule.id == rule}


def _days(span: timedelta) -> str:
    days = span // timedelta(days=1)
    if days == 0:
        return "less than a day"
    return "1 day" if days == 1 else f"{days} days"
