"""Rules about certificates judge every chain that a server shows, and name the one at fault."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.tls import Alert, HelloAnswer, OwnHello, ShownTls
from mxcheck.rules.base import AnyRule
from mxcheck.rules.cert import (
    cert_chain_incomplete,
    cert_expired,
    cert_expiring,
    cert_key_weak,
    cert_name_mismatch,
    cert_not_yet_valid,
    cert_untrusted,
)
from tests.build import HOST, authority, chain_visit, healthy_chain, healthy_visit, unseen
from tests.keys import rsa_key
from tests.rules.ask import Want, ask_visit, fails, passes, unknown
from tests.rules.chains import chains, der

RSA = authority().issue(names=(HOST,), key=rsa_key()).der_chain
EXPIRED = authority().issue(names=(HOST,), key=rsa_key(), not_after=timedelta(days=-3)).der_chain
TOO_OLD = Alert(level="fatal", description="protocol_version")
AWAY = unseen(Trouble.TURNED_AWAY, "a further connection was answered 421 4.7.0 no")
RESET = unseen(Trouble.RESET, "a further connection showed nothing: connection reset")


def rsa(**leaf: timedelta) -> tuple[bytes, ...]:
    return authority().issue(names=(HOST,), key=rsa_key(), **leaf).der_chain  # type: ignore[arg-type]


def showing(*chained: tuple[bytes, ...], connection: str = "another connection") -> Visit:
    """A healthy visit, which saw an ECDSA certificate, and what others showed."""
    shown = tuple(
        ShownTls(
            connection=connection,
            server_name=HOST,
            offered="TLSv1.2",
            version="TLSv1.2",
            chain=chain,
        )
        for chain in chained
    )
    return replace(healthy_visit(), shown=shown)


FAULTS: dict[AnyRule, tuple[bytes, ...]] = {
    cert_expired.RULE: EXPIRED,
    cert_not_yet_valid.RULE: rsa(not_before=timedelta(days=2), not_after=timedelta(days=90)),
    cert_expiring.RULE: rsa(not_after=timedelta(days=2)),
    cert_name_mismatch.RULE: authority().issue(names=("x.example",), key=rsa_key()).der_chain,
    cert_key_weak.RULE: authority().issue(names=(HOST,), key=rsa_key(1024)).der_chain,
    cert_untrusted.RULE: der(chains()["self-signed"]),
    cert_chain_incomplete.RULE: RSA[:1],
}


@pytest.mark.parametrize(("rule", "chain"), FAULTS.items(), ids=lambda one: getattr(one, "id", ""))
def test_the_chain_that_the_visit_did_not_see_is_judged_too(
    rule: AnyRule, chain: tuple[bytes, ...]
) -> None:
    fails(" certificate")(ask_visit(rule, showing(chain)))
    passes("ECDSA certificate: ", "RSA certificate: ")(ask_visit(rule, showing(RSA)))


def test_the_chain_at_fault_is_named_by_its_kind() -> None:
    fails("RSA certificate: ")(ask_visit(cert_expired.RULE, showing(EXPIRED)))
    visit = replace(showing(healthy_chain()), tls=chain_visit(EXPIRED).tls)
    fails("RSA certificate: ")(ask_visit(cert_expired.RULE, visit))


@pytest.mark.parametrize(
    "connection", ["another connection", "the connection of the injection test"]
)
def test_of_one_kind_the_connection_is_named(connection: str) -> None:
    expired = authority().issue(names=(HOST,), not_after=timedelta(days=-3)).der_chain
    want = fails(f"ECDSA certificate of {connection}: ")
    want(ask_visit(cert_expired.RULE, showing(expired, connection=connection)))
    want(ask_visit(cert_expired.RULE, showing(RSA, expired, connection=connection)))


def test_a_certificate_of_another_name_is_none_of_the_hosts() -> None:
    [shown] = showing(EXPIRED).shown
    visit = replace(healthy_visit(), shown=(replace(shown, server_name="other.example"),))
    passes()(ask_visit(cert_expired.RULE, visit))


def asked(answer: HelloAnswer, *, sent: bool) -> Visit:
    hello = OwnHello(offered="TLSv1.2", sent=sent, answer=answer)
    return replace(healthy_visit(), chain_hellos=(hello,))


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (asked(TOO_OLD, sent=True), passes("(seen: the ECDSA certificate; without TLS 1.2 no RSA")),
        (asked(AWAY, sent=False), passes("whether there is an RSA one was not seen: a further")),
        (asked(RESET, sent=False), passes("(seen: the ECDSA certificate")),
        (asked(unseen(Trouble.BUDGET, "not allowed"), sent=False), unknown("not allowed")),
        (asked(unseen(Trouble.DEADLINE, "no time"), sent=False), unknown("no time")),
        (asked(unseen(Trouble.CLOSED), sent=True), passes()),
        (replace(healthy_visit(), chain_hellos=()), unknown("not asked for an RSA certificate")),
    ],
)
def test_what_is_said_if_the_other_certificate_was_not_seen(visit: Visit, want: Want) -> None:
    want(ask_visit(cert_expired.RULE, visit))


def test_a_failure_that_was_seen_counts_whatever_was_not() -> None:
    visit = replace(chain_visit(EXPIRED), chain_hellos=())
    fails("expired")(ask_visit(cert_expired.RULE, visit))
