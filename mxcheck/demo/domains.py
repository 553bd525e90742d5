"""The domains of the demo: the fault of each, and the rules that must report it."""

import ssl
from dataclasses import replace
from datetime import timedelta

from mxcheck.demo.building import (
    DemoDomain,
    Host,
    healthy_script,
    make_host,
    policy_host,
    tls_of,
    tls_rpt_record,
    tlsa_record,
)
from mxcheck.demo.certificates import Authority
from mxcheck.demo.smtp_script import closed_relay, open_relay


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
        _mta_sts_outdated(issuer),
        _dane_outdated(issuer),
        _parked(),
    )


def _healthy(issuer: Authority) -> DemoDomain:
    name = "healthy.example"
    mx1, mx2 = (issuer.issue(names=(f"mx{number}.{name}",)) for number in (1, 2))
    return DemoDomain(
        name=name,
        story="Two MX hosts, one of them dual-stack, DANE and MTA-STS, and everything in order.",
        hosts=(
            make_host(healthy_script(issuer, f"mx1.{name}", mx1), "192.0.2.10", "2001:db8::10"),
            make_host(healthy_script(issuer, f"mx2.{name}", mx2), "192.0.2.11"),
        ),
        policy_host=policy_host(issuer, name, "192.0.2.12", f"*.{name}"),
        records=(
            tlsa_record(f"mx1.{name}", mx1),
            tlsa_record(f"mx2.{name}", mx2),
            tls_rpt_record(name),
        ),
        signed=True,
    )


def _second_mx_dead(issuer: Authority) -> DemoDomain:
    return DemoDomain(
        name="second-mx-dead.example",
        story="The secondary MX refuses connections to port 25.",
        expected=frozenset({"smtp-unreachable"}),
        hosts=(
            make_host(healthy_script(issuer, "mx1.second-mx-dead.example"), "192.0.2.20"),
            Host(name="mx2.second-mx-dead.example", addresses=("192.0.2.21",), script=None),
        ),
    )


def _expired(issuer: Authority) -> DemoDomain:
    name = "expired.example"
    issued = issuer.issue(names=(f"mail.{name}",), not_after=timedelta(days=-3))
    script = replace(healthy_script(issuer, f"mx1.{name}"), tls=tls_of(issued))
    return DemoDomain(
        name=name,
        story=(
            "The certificate expired three days ago and does not contain the MX host, under an"
            " MTA-STS policy that is enforced."
        ),
        expected=frozenset({"cert-expired", "cert-name-mismatch", "mta-sts-mx-unauthenticated"}),
        hosts=(make_host(script, "192.0.2.30"),),
        policy_host=policy_host(issuer, name, "192.0.2.31", f"mx1.{name}"),
        records=(tls_rpt_record(name),),
    )


def _open_relay(issuer: Authority) -> DemoDomain:
    script = replace(healthy_script(issuer, "mx1.open-relay.example"), recipient=open_relay)
    return DemoDomain(
        name="open-relay.example",
        story="The server accepts mail from anybody to anybody.",
        expected=frozenset({"open-relay"}),
        hosts=(make_host(script, "192.0.2.40"),),
    )


def _no_starttls(issuer: Authority) -> DemoDomain:
    script = replace(healthy_script(issuer, "mx1.no-starttls.example"), tls=None)
    return DemoDomain(
        name="no-starttls.example",
        story="The server does not offer STARTTLS.",
        expected=frozenset({"starttls-missing"}),
        hosts=(make_host(script, "192.0.2.50"),),
    )


def _old_tls(issuer: Authority) -> DemoDomain:
    tls = replace(
        tls_of(issuer.issue(names=("mx1.old-tls.example",))),
        minimum_version=ssl.TLSVersion.TLSv1,
        maximum_version=ssl.TLSVersion.TLSv1,
    )
    script = replace(healthy_script(issuer, "mx1.old-tls.example"), tls=tls)
    return DemoDomain(
        name="old-tls.example",
        story="The server speaks TLS 1.0 and nothing newer.",
        expected=frozenset({"tls-version-old"}),
        hosts=(make_host(script, "192.0.2.60"),),
    )


def _busy(issuer: Authority) -> DemoDomain:
    words = "mx1.busy.example Service not available, closing transmission channel"
    greeting = f"421 4.3.2 {words}\r\n".encode()
    script = replace(healthy_script(issuer, "mx1.busy.example"), greeting=greeting)
    return DemoDomain(
        name="busy.example",
        story="The server refuses every client for now, so that it cannot be judged.",
        expected_unknown=frozenset({"smtp-greeting-bad"}),
        hosts=(make_host(script, "192.0.2.70"),),
    )


def _wrong_domain(issuer: Authority) -> DemoDomain:
    backup = replace(healthy_script(issuer, "mx2.wrong-domain.example"), recipient=closed_relay(()))
    return DemoDomain(
        name="wrong-domain.example",
        story="A new backup MX is not configured to accept mail for the domain.",
        expected=frozenset({"mx-rejects-domain"}),
        hosts=(
            make_host(healthy_script(issuer, "mx1.wrong-domain.example"), "192.0.2.80"),
            make_host(backup, "192.0.2.81"),
        ),
    )


def _mta_sts_outdated(issuer: Authority) -> DemoDomain:
    name = "mta-sts-outdated.example"
    cloud = issuer.issue(names=("mx.cloud.example",))
    return DemoDomain(
        name=name,
        story=(
            "The enforced MTA-STS policy does not list the new MX host, and the certificate of the"
            " one that it lists has another name: senders that enforce it deliver to neither."
        ),
        expected=frozenset(
            {"mta-sts-mx-unlisted", "mta-sts-mx-unauthenticated", "cert-name-mismatch"}
        ),
        hosts=(
            make_host(healthy_script(issuer, f"mx1.{name}"), "192.0.2.90"),
            make_host(healthy_script(issuer, f"mx2.{name}", cloud), "192.0.2.91"),
        ),
        policy_host=policy_host(issuer, name, "192.0.2.92", f"mx2.{name}"),
        records=(tls_rpt_record(name),),
    )


def _dane_outdated(issuer: Authority) -> DemoDomain:
    name = "dane-outdated.example"
    host = f"mx1.{name}"
    before = issuer.issue(names=(host,))
    return DemoDomain(
        name=name,
        story="The certificate has a new key, and the TLSA record still has the old one.",
        expected=frozenset({"dane-mismatch"}),
        hosts=(make_host(healthy_script(issuer, host), "192.0.2.100"),),
        records=(tlsa_record(host, before), tls_rpt_record(name)),
        signed=True,
    )


def _parked() -> DemoDomain:
    return DemoDomain(
        name="parked.example",
        story="A null MX says that the domain accepts no mail, but mail is expected.",
        expected=frozenset({"mx-null"}),
        hosts=(),
    )
