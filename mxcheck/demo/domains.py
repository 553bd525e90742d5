"""The domains of the demo: what each of them has wrong, and which rules must say so."""

import ssl
from dataclasses import dataclass, replace
from datetime import timedelta

from mxcheck.demo.certificates import Authority, Issued
from mxcheck.demo.smtp_script import Script, Tls, closed_relay, open_relay


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """An MX host: its pretended addresses, and how it answers; None where nothing listens."""

    name: str
    addresses: tuple[str, ...]
    script: Script | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDomain:
    """A domain, what is wrong with it in one sentence, and what a check must make of it.

    expected, expected_unknown: the ids of the error-level rules that must come out as fail, and
        as unknown, because of what is wrong.
    hosts: the MX hosts, the most preferred first; none for a null MX.
    """

    name: str
    story: str
    expected: frozenset[str] = frozenset()
    expected_unknown: frozenset[str] = frozenset()
    hosts: tuple[Host, ...]


def demo_domains(issuer: Authority) -> tuple[DemoDomain, ...]:
    """Build every domain, with certificates from `issuer`."""
    return (
        _healthy(issuer),
        _second_mx_dead(issuer),
        _expired(issuer),
        _open_relay(issuer),
        _no_starttls(issuer),
        _old_tls(issuer),
        _busy(issuer),
        _wrong_domain(issuer),
        _parked(),
    )


def _healthy(issuer: Authority) -> DemoDomain:
    return DemoDomain(
        name="healthy.example",
        story="Two MX hosts, one of them dual-stack, and everything in order.",
        hosts=(
            _host(_healthy_script(issuer, "mx1.healthy.example"), "192.0.2.10", "2001:db8::10"),
            _host(_healthy_script(issuer, "mx2.healthy.example"), "192.0.2.11"),
        ),
    )


def _second_mx_dead(issuer: Authority) -> DemoDomain:
    return DemoDomain(
        name="second-mx-dead.example",
        story="The secondary MX refuses connections to port 25.",
        expected=frozenset({"smtp-unreachable"}),
        hosts=(
            _host(_healthy_script(issuer, "mx1.second-mx-dead.example"), "192.0.2.20"),
            Host(name="mx2.second-mx-dead.example", addresses=("192.0.2.21",), script=None),
        ),
    )


def _expired(issuer: Authority) -> DemoDomain:
    issued = issuer.issue(names=("mail.expired.example",), not_after=timedelta(days=-3))
    script = replace(_healthy_script(issuer, "mx1.expired.example"), tls=_tls(issued))
    return DemoDomain(
        name="expired.example",
        story="The certificate expired three days ago and does not name the MX host.",
        expected=frozenset({"cert-expired", "cert-name-mismatch"}),
        hosts=(_host(script, "192.0.2.30"),),
    )


def _open_relay(issuer: Authority) -> DemoDomain:
    script = replace(_healthy_script(issuer, "mx1.open-relay.example"), recipient=open_relay)
    return DemoDomain(
        name="open-relay.example",
        story="The server takes mail from anyone to anyone.",
        expected=frozenset({"open-relay"}),
        hosts=(_host(script, "192.0.2.40"),),
    )


def _no_starttls(issuer: Authority) -> DemoDomain:
    script = replace(_healthy_script(issuer, "mx1.no-starttls.example"), tls=None)
    return DemoDomain(
        name="no-starttls.example",
        story="The server does not offer STARTTLS.",
        expected=frozenset({"starttls-missing"}),
        hosts=(_host(script, "192.0.2.50"),),
    )


def _old_tls(issuer: Authority) -> DemoDomain:
    tls = replace(
        _tls(issuer.issue(names=("mx1.old-tls.example",))),
        minimum_version=ssl.TLSVersion.TLSv1,
        maximum_version=ssl.TLSVersion.TLSv1,
    )
    script = replace(_healthy_script(issuer, "mx1.old-tls.example"), tls=tls)
    return DemoDomain(
        name="old-tls.example",
        story="The server speaks TLS 1.0 and nothing newer.",
        expected=frozenset({"tls-version-old"}),
        hosts=(_host(script, "192.0.2.60"),),
    )


def _busy(issuer: Authority) -> DemoDomain:
    words = "mx1.busy.example Service not available, closing transmission channel"
    greeting = f"421 4.3.2 {words}\r\n".encode()
    script = replace(_healthy_script(issuer, "mx1.busy.example"), greeting=greeting)
    return DemoDomain(
        name="busy.example",
        story="The server turns every client away for now, so that nothing can be said about it.",
        expected_unknown=frozenset({"smtp-greeting-bad"}),
        hosts=(_host(script, "192.0.2.70"),),
    )


def _wrong_domain(issuer: Authority) -> DemoDomain:
    backup = replace(
        _healthy_script(issuer, "mx2.wrong-domain.example"), recipient=closed_relay(())
    )
    return DemoDomain(
        name="wrong-domain.example",
        story="A new backup MX was never told that it takes mail for the domain.",
        expected=frozenset({"mx-rejects-domain"}),
        hosts=(
            _host(_healthy_script(issuer, "mx1.wrong-domain.example"), "192.0.2.80"),
            _host(backup, "192.0.2.81"),
        ),
    )


def _parked() -> DemoDomain:
    return DemoDomain(
        name="parked.example",
        story="A null MX says that the domain takes no mail, while mail is expected.",
        expected=frozenset({"mx-null"}),
        hosts=(),
    )


def _host(script: Script, *addresses: str) -> Host:
    return Host(name=script.hostname, addresses=addresses, script=script)


def _healthy_script(issuer: Authority, hostname: str) -> Script:
    """Everything in order on a host named `mxN.DOMAIN`, which takes mail for DOMAIN alone."""
    domain = hostname.partition(".")[2]
    return Script(
        hostname=hostname,
        tls=_tls(issuer.issue(names=(hostname,))),
        recipient=closed_relay((domain,), mailboxes=("postmaster",)),
    )


def _tls(issued: Issued) -> Tls:
    return Tls(chain_pem=issued.chain_pem, key_pem=issued.key_pem)
