"""The status line of one address of an MX host: reached, TLS, certificate, relay."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mxcheck.evidence.dns import Answer
from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Connection, Visit
from mxcheck.evidence.tls import TlsSession
from mxcheck.judge.verdict import DomainVerdict, Outcome, Result
from mxcheck.report.layout import Span, Style
from mxcheck.report.seen import versions_seen
from mxcheck.rules.base import Cause, Family, Sign
from mxcheck.wire.certificate import parse_certificate
from mxcheck.wire.software import parse_software


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A visit, the results about its address, and the time at which they were judged.

    `given` is the chain that was judged in place of the one that the server sent, if any.
    """

    visit: Visit
    results: Sequence[Result]
    at: datetime
    given: tuple[bytes, ...] = ()

    def spans(self) -> Iterator[Span]:
        """Yield what was seen and how it was judged."""
        for column in self.columns():
            yield from column

    def columns(self) -> tuple[tuple[Span, ...], ...]:
        """Return the same in four columns: reached, TLS, certificate, relay."""
        if not isinstance(self.visit.connection, Connection):
            return ((self._reached(),), (), tuple(self._certificate()) if self.given else (), ())
        software = parse_software(self.visit)
        return (
            (self._reached(), *([Span(software)] if software else [])),
            (self._tls(),),
            tuple(self._certificate()),
            (self._relay(),),
        )

    def _reached(self) -> Span:
        connection = self.visit.connection
        if isinstance(connection, Connection):
            return Span(f"reachable in {connection.connect_ms:.0f} ms", Style.GOOD)
        outcomes = self._outcomes(Sign.REACHED)
        if any(result.cause is Cause.CLOSED_PORT for result in self.results):
            return Span("not judged: port 25 is closed here", Style.UNCLEAR)
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

    def _certificate(self) -> Iterator[Span]:
        tls = self.visit.tls
        if not self.given and not isinstance(tls, TlsSession):
            return
        chain = tls.chain if isinstance(tls, TlsSession) and not self.given else self.given
        if not chain:
            yield Span("no certificate", Style.UNCLEAR)
            return
        in_time, validity = self._validity(chain[0])
        what = "certificate to deploy" if self.given else "certificate"
        failed = self._failed(Family.CERT)
        outcomes = {result.outcome for result in self.results if result.rule.family is Family.CERT}
        if failed:
            yield Span(f"{what} {validity}", Style.BAD)
            yield Span(f"FAILS {', '.join(failed)}", Style.BAD)
        elif Outcome.PASS in outcomes and Outcome.UNKNOWN not in outcomes:
            yield (
                Span(f"{what} valid, {validity}", Style.GOOD)
                if in_time
                else Span(f"{what} {validity}", Style.MILD)
            )
        else:
            yield Span(f"{what} not judged ({validity})", Style.UNCLEAR)

    def _validity(self, leaf: bytes) -> tuple[bool, str]:
        """Return whether the certificate is valid at the moment, and for how long."""
        facts = parse_certificate(leaf)
        if isinstance(facts, Unseen) or isinstance(facts.not_after, Unseen):
            return False, "unreadable"
        if facts.not_after < self.at:
            return False, f"expired {_days(self.at - facts.not_after)} ago"
        if isinstance(facts.not_before, Unseen) or facts.not_before <= self.at:
            return True, f"{_days(facts.not_after - self.at)} left"
        return False, f"not valid for another {_days(facts.not_before - self.at)}"

    def _relay(self) -> Span:
        outcomes = self._outcomes(Sign.RELAY)
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

    def _outcomes(self, sign: Sign) -> set[Outcome]:
        return {result.outcome for result in self.results if result.rule.sign is sign}


def status_of(verdict: DomainVerdict, host: MxHost, address: str) -> Status:
    """Return the status of one address of an MX host, from the results for the domain."""
    wanted = (host.name, address)
    about = [result for result in verdict.results if result.subject.parts == wanted]
    return Status(
        visit=verdict.run.visit(*wanted),
        results=about,
        at=verdict.run.observed_at,
        given=host.chain.chain if host.chain else (),
    )


def why_no_host(domain: Domain) -> str:
    """Say why a domain has no MX hosts in the report."""
    null = isinstance(domain.mx, Answer) and bool(domain.mx.records)
    return f"no MX host to check{': a null MX, the domain takes no mail' if null else ''}"


def _days(span: timedelta) -> str:
    days = span // timedelta(days=1)
    if days == 0:
        return "less than a day"
    return "1 day" if days == 1 else f"{days} days"
