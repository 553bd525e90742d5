"""The status line of one address of an MX host: reached, TLS, certificate, relay."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

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


@dataclass(frozen=True, slots=True)
class Fact:
    """A value, how it was judged, and the noun that it needs outside of a column of its own."""

    value: str
    style: Style = Style.PLAIN
    noun: str = ""

    @property
    def span(self) -> Span:
        """Return the value with its noun."""
        return Span(f"{self.noun} {self.value}".lstrip(), self.style)


Columns: TypeAlias = tuple[tuple[Fact, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A visit, the results about its address, and the time at which they were judged.

    `given` is the chain that was judged in place of the one that the server sent, if any. `others`
    are the milliseconds to connect to further addresses of which the same is to be said.
    """

    visit: Visit
    results: Sequence[Result]
    at: datetime
    given: tuple[bytes, ...] = ()
    others: tuple[float, ...] = ()

    def spans(self) -> Iterator[Span]:
        """Yield what was seen and how it was judged."""
        for column in self.columns():
            yield from (fact.span for fact in column)

    def columns(self) -> Columns:
        """Return the same in four columns: reached, TLS, certificate, relay."""
        if not isinstance(self.visit.connection, Connection):
            return ((self._reached(),), (), tuple(self._certificate()) if self.given else (), ())
        software = parse_software(self.visit)
        return (
            (self._reached(), *([Fact(software)] if software else [])),
            (self._tls(),),
            tuple(self._certificate()),
            (self._relay(),),
        )

    def timeless(self) -> Columns:
        """Return the columns as they are if connecting takes no time."""
        if not isinstance(self.visit.connection, Connection):
            return self.columns()
        return replace(
            self, visit=replace(self.visit, connection=Connection(connect_ms=0))
        ).columns()

    def beside(self, other: "Status") -> "Status":
        """Return the status of both, if their columns are the same but for the time."""
        connection = other.visit.connection
        more = (connection.connect_ms,) if isinstance(connection, Connection) else ()
        return replace(self, others=(*self.others, *more))

    def _reached(self) -> Fact:
        connection = self.visit.connection
        if isinstance(connection, Connection):
            times = (connection.connect_ms, *self.others)
            least, most = f"{min(times):.0f}", f"{max(times):.0f}"
            value = least if least == most else f"{least} to {most}"
            return Fact(f"{value} ms", Style.GOOD, "reachable in")
        outcomes = self._outcomes(Sign.REACHED)
        if any(result.cause is Cause.CLOSED_PORT for result in self.results):
            return Fact("not judged: port 25 is closed here", Style.UNCLEAR)
        if Outcome.FAIL in outcomes:
            return Fact(f"NOT reachable ({connection.trouble})", Style.BAD)
        if Outcome.UNKNOWN in outcomes:
            return Fact(f"unknown whether reachable ({connection.trouble})", Style.UNCLEAR)
        return Fact(f"no connection ({connection.trouble})", Style.UNCLEAR)

    def _tls(self) -> Fact:
        tls = self.visit.tls
        failed = self._failed(Family.TLS)
        versions = " and ".join(versions_seen(self.visit))
        if isinstance(tls, TlsSession) and failed:
            return Fact(f"{versions} FAILS {', '.join(failed)}", Style.MILD, "STARTTLS")
        if isinstance(tls, TlsSession):
            return Fact(versions, Style.GOOD, "STARTTLS")
        if failed:
            return Fact(f"NO TLS ({', '.join(failed)})", Style.BAD)
        return Fact("not seen", Style.UNCLEAR, "TLS")

    def _certificate(self) -> Iterator[Fact]:
        tls = self.visit.tls
        if not self.given and not isinstance(tls, TlsSession):
            return
        chain = tls.chain if isinstance(tls, TlsSession) and not self.given else self.given
        if not chain:
            yield Fact("no certificate", Style.UNCLEAR)
            return
        in_time, validity = self._validity(chain[0])
        deploy = "to deploy " if self.given else ""
        failed = self._failed(Family.CERT)
        outcomes = {result.outcome for result in self.results if result.rule.family is Family.CERT}
        if failed:
            yield Fact(f"{deploy}{validity}", Style.BAD, "certificate")
            yield Fact(f"FAILS {', '.join(failed)}", Style.BAD)
        elif Outcome.PASS in outcomes and Outcome.UNKNOWN not in outcomes:
            yield (
                Fact(f"{deploy}valid, {validity}", Style.GOOD, "certificate")
                if in_time
                else Fact(f"{deploy}{validity}", Style.MILD, "certificate")
            )
        else:
            yield Fact(f"{deploy}not judged ({validity})", Style.UNCLEAR, "certificate")

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

    def _relay(self) -> Fact:
        outcomes = self._outcomes(Sign.RELAY)
        if Outcome.FAIL in outcomes:
            return Fact("OPEN RELAY", Style.BAD)
        if Outcome.PASS in outcomes:
            return Fact("refused", Style.GOOD, "relay")
        if Outcome.UNKNOWN in outcomes:
            return Fact("unknown", Style.UNCLEAR, "relay")
        return Fact("not tested", Style.UNCLEAR, "relay")

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


def statuses_of(verdict: DomainVerdict, host: MxHost) -> dict[tuple[str, ...], Status]:
    """Return the status of each address of an MX host; addresses of which it is the same share one.

    How long connecting takes may differ.
    """
    alike: dict[Columns, tuple[tuple[str, ...], Status]] = {}
    for address in host.addresses:
        status = status_of(verdict, host, address)
        columns = status.timeless()
        if columns in alike:
            addresses, first = alike[columns]
            alike[columns] = ((*addresses, address), first.beside(status))
        else:
            alike[columns] = ((address,), status)
    return dict(alike.values())


def why_no_host(domain: Domain) -> str:
    """Say why a domain has no MX hosts in the report."""
    null = isinstance(domain.mx, Answer) and bool(domain.mx.records)
    return f"no MX host to check{': a null MX, the domain takes no mail' if null else ''}"


def _days(span: timedelta) -> str:
    days = span // timedelta(days=1)
    if days == 0:
        return "less than a day"
    return "1 day" if days == 1 else f"{days} days"
