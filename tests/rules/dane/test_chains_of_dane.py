"""What senders that use DANE see: either certificate, under the name that they ask for."""

from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.tls import Alert, HelloAnswer, OwnHello, ServerHello, ShownTls
from mxcheck.judge.causes import answer
from mxcheck.rules.base import Fail
from mxcheck.rules.cert import cert_untrusted
from mxcheck.rules.dane.dane_mismatch import RULE
from mxcheck.wire.tlsa import recommended_record
from tests.build import DOMAIN, HOST, authority, chain_visit, healthy_chain, healthy_visit, unseen
from tests.keys import rsa_key
from tests.rules.ask import Want, fails, passes, unknown
from tests.rules.chains import chains, der
from tests.rules.dane import cases
from tests.rules.dane.cases import TARGET, endpoint_case, host_with, record, text_of, tlsa

EC, RSA = healthy_chain(HOST), authority().issue(names=(HOST,), key=rsa_key()).der_chain
BASE = authority().issue(names=(TARGET,)).der_chain
BASE_RSA = authority().issue(names=(TARGET,), key=rsa_key()).der_chain
UNTRUSTED = der(chains()["self-signed"])
NO_SUITE = Alert(level="fatal", description="handshake_failure")
BUDGET = unseen(Trouble.BUDGET, "a further connection was not allowed (--max-connections 2)")
AWAY = unseen(Trouble.TURNED_AWAY, "a further connection was answered 421 4.7.0 no")


def published(*chained: tuple[bytes, ...]) -> tuple[str, ...]:
    return tuple(text_of(record(of=chain[0])) for chain in chained)


def hello(answered: HelloAnswer, name: str = "") -> OwnHello:
    sent = not isinstance(answered, Unseen)
    return OwnHello(offered="TLSv1.2", server_name=name, sent=sent, answer=answered)


def chosen(chain: tuple[bytes, ...]) -> ServerHello:
    return ServerHello(version="TLSv1.2", cipher="TLS_RSA_WITH_AES_128_GCM_SHA256", chain=chain)


def showing(chain: tuple[bytes, ...], name: str = HOST, connection: str = "there") -> ShownTls:
    return ShownTls(
        connection=connection, server_name=name, offered="TLSv1.2", version="TLSv1.2", chain=chain
    )


def dual(*shown: tuple[bytes, ...]) -> Visit:
    """A visit that saw EC, and what further connections showed for the same name."""
    hellos = tuple(hello(chosen(chain)) for chain in shown) or (hello(NO_SUITE),)
    return replace(chain_visit(EC), chain_hellos=hellos, shown=tuple(map(showing, shown)))


@pytest.mark.parametrize(
    ("visit", "records", "want"),
    [
        (dual(RSA), (EC, RSA), passes("ECDSA certificate: ", "RSA certificate: ")),
        (dual(RSA), (EC,), fails("RSA certificate: ", "matches no TLSA record")),
        (dual(RSA), (RSA,), fails("ECDSA certificate: ", "matches no TLSA record")),
        (dual(), (EC,), passes("presents what the TLSA record")),
        (dual(), (RSA,), fails("matches no TLSA record")),
        (replace(dual(), chain_hellos=(hello(BUDGET),)), (EC,), unknown("--max-connections 2")),
        (replace(dual(), chain_hellos=(hello(BUDGET),)), (RSA,), fails("matches no")),
        (replace(dual(), chain_hellos=()), (EC,), unknown("not asked for an RSA certificate")),
        (
            replace(dual(), chain_hellos=(hello(AWAY),)),
            (EC,),
            passes("seen: the ECDSA certificate; whether there is an RSA one was not seen", "421"),
        ),
    ],
)
def test_each_certificate_has_its_record(
    visit: Visit, records: tuple[tuple[bytes, ...], ...], want: Want
) -> None:
    host = host_with(tlsa(*published(*records)))
    want(answer(RULE, endpoint_case(host, visit)))


def test_the_record_advised_is_that_of_the_certificate_without_one() -> None:
    case = endpoint_case(host_with(tlsa(*published(EC))), dual(RSA))
    failed = answer(RULE, case)
    assert isinstance(failed, Fail)
    assert recommended_record(RSA[0], ()).data.hex() in failed.remedy
    assert recommended_record(EC[0], ()).data.hex() not in failed.remedy


def aliased(*first: HelloAnswer, shown: tuple[tuple[bytes, ...], ...] = ()) -> Visit:
    """A visit to an alias, and what was shown when asked for its target."""
    asked = tuple(hello(one, TARGET) for one in first)
    seen = tuple(showing(chain, TARGET) for chain in shown)
    return replace(chain_visit(EC), base_hellos=asked, shown=seen)


AT_BASE = aliased(chosen(BASE), NO_SUITE, shown=(BASE,))
BOTH_AT_BASE = aliased(chosen(BASE), chosen(BASE_RSA), shown=(BASE, BASE_RSA))


@pytest.mark.parametrize(
    ("visit", "records", "want"),
    [
        (AT_BASE, (BASE,), passes("presents what the TLSA record")),
        (AT_BASE, (EC,), fails(f"presents when asked for {TARGET}")),
        (BOTH_AT_BASE, (BASE, BASE_RSA), passes("ECDSA certificate", "RSA certificate")),
        (BOTH_AT_BASE, (BASE,), fails("RSA certificate")),
        (aliased(chosen(())), (EC,), unknown(f"asked for {TARGET}", "presents no certificate")),
        (aliased(AWAY), (EC,), unknown("421")),
        (aliased(BUDGET), (EC,), unknown("--max-connections 2")),
        (aliased(chosen(BASE), BUDGET, shown=(BASE,)), (BASE,), unknown("--max-connections 2")),
        (aliased(chosen(BASE), AWAY, shown=(BASE,)), (BASE,), passes()),
        (aliased(NO_SUITE), (EC,), unknown(f"asked for {TARGET}", "handshake_failure")),
        (aliased(), (EC,), unknown(f"not asked for the certificate that it presents for {TARGET}")),
    ],
)
def test_a_server_is_judged_by_what_it_shows_for_the_base_domain(
    visit: Visit, records: tuple[tuple[bytes, ...], ...], want: Want
) -> None:
    host = cases.alias_with(tlsa(*published(*records), base=TARGET), cases.NONE)
    want(answer(RULE, endpoint_case(host, visit)))


def test_no_record_is_advised_for_a_certificate_of_another_name() -> None:
    host = cases.alias_with(tlsa(cases.STALE, base=TARGET), cases.NONE)
    failed = answer(RULE, endpoint_case(host, AT_BASE))
    assert isinstance(failed, Fail)
    assert recommended_record(BASE[0], ()).data.hex() in failed.remedy
    assert recommended_record(EC[0], ()).data.hex() not in failed.remedy + failed.message


@pytest.mark.parametrize("name", [TARGET, DOMAIN])
def test_names_below_an_anchor_are_those_of_the_base_domain(name: str) -> None:
    chain = authority().issue(names=(name,)).der_chain
    anchor = text_of(record(2, 0, of=chain[1]))
    host = cases.alias_with(tlsa(anchor, base=TARGET), cases.NONE)
    visit = aliased(chosen(chain), NO_SUITE, shown=(chain,))
    passes("2 0 1")(answer(RULE, endpoint_case(host, visit)))


def test_the_mx_host_is_not_a_name_below_such_an_anchor() -> None:
    anchor = text_of(record(2, 0, of=EC[1]))
    host = cases.alias_with(tlsa(anchor, base=TARGET), cases.NONE)
    visit = aliased(chosen(EC), NO_SUITE, shown=(EC,))
    fails(f"not {TARGET} or {DOMAIN}")(answer(RULE, endpoint_case(host, visit)))


@pytest.mark.parametrize(
    ("shown", "records", "want"),
    [
        ((BASE,), (BASE,), passes("the TLSA record", "authenticates")),
        ((BASE, BASE_RSA), (BASE, BASE_RSA), passes("authenticates")),
        ((BASE, BASE_RSA), (BASE,), fails("self-signed")),
        ((BASE,), (UNTRUSTED,), fails("self-signed")),
        ((), (BASE,), unknown(f"they ask for {TARGET}", "421")),
    ],
)
def test_a_record_authenticates_by_what_senders_see(
    shown: tuple[tuple[bytes, ...], ...], records: tuple[tuple[bytes, ...], ...], want: Want
) -> None:
    answers = [*map(chosen, shown), NO_SUITE] if shown else [AWAY]
    seen = aliased(*answers, shown=shown)
    visit = replace(seen, tls=chain_visit(UNTRUSTED).tls)
    host = cases.alias_with(tlsa(*published(*records), base=TARGET), cases.NONE)
    want(answer(cert_untrusted.RULE, endpoint_case(host, visit)))


def test_healthy_evidence_has_one_chain() -> None:
    case = endpoint_case(host_with(tlsa(*published(EC))), healthy_visit())
    passes("presents what")(answer(RULE, case))
