import pytest

from mxcheck.evidence.dns import Absence, Absent
from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Visit
from mxcheck.judge.causes import answer
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail
from mxcheck.rules.dane.dane_unusable import RULE
from mxcheck.wire.tls_rpt import ResultType
from tests.build import HOST, chain_visit, unseen, visit_until
from tests.rules.ask import Want, fails, not_applicable, passes, unknown
from tests.rules.dane import cases
from tests.rules.dane.cases import GOOD, NAME, ask, host_with, mx_case, tlsa

SHA256 = "ab" * 32


@pytest.mark.parametrize(
    ("records", "want"),
    [
        ((GOOD,), passes(f"senders can use TLSA records at {NAME}")),
        ((f"2 0 1 {SHA256}",), passes(NAME)),
        ((GOOD, f"1 1 1 {SHA256}"), passes("leave aside: 1 1 1 ab", "usage 1 is not used")),
        ((f"0 0 1 {SHA256}",), fails(NAME, "usage 0 is not used for mail")),
        ((f"1 1 1 {SHA256}",), fails("1 1 1 ab", "usage 1 is not used for mail")),
        ((f"4 1 1 {SHA256}",), fails("usage 4 is unknown")),
        ((f"3 2 1 {SHA256}",), fails("selector 2 is unknown")),
        ((f"3 1 3 {SHA256}",), fails("matching type 3 is unknown")),
        (("3 1 1 abcd",), fails("2 bytes long, and a SHA-256 digest is 32")),
        ((f"3 1 2 {SHA256}",), fails("32 bytes long, and a SHA-512 digest is 64")),
        (("3 0 0 abcd",), fails("not a certificate that can be read")),
        (("3 1 0 abcd",), fails("not a public key that can be read")),
        (("3 1 1", "junk"), fails("0 bytes long", "junk (it is not three numbers")),
    ],
)
def test_a_record_is_left_for_senders(records: tuple[str, ...], want: Want) -> None:
    want(ask(RULE, host_with(tlsa(*records))))


@pytest.mark.parametrize(
    ("host", "want"),
    [
        (cases.MISMATCHED, passes(NAME)),
        (cases.ABSENT, not_applicable(owner="dane-missing")),
        (cases.INSECURE, not_applicable(owner="dane-insecure")),
        (cases.FAILED, not_applicable(owner="dane-lookup-failed")),
        (cases.FAILED_BELOW_UNSIGNED, not_applicable(owner="dane-missing")),
        (cases.WITHOUT_ADDRESS, not_applicable(owner="mx-unresolvable")),
        (cases.LITERAL, not_applicable(owner="mx-is-address")),
        (cases.UNASKED, unknown("were not asked for")),
    ],
)
def test_there_are_secure_records(host: MxHost, want: Want) -> None:
    want(ask(RULE, host))


@pytest.mark.parametrize("secure", [True, False])
@pytest.mark.parametrize(
    ("target", "absence", "want"),
    [
        (
            "gone.example.net",
            Absence.NXDOMAIN,
            fails(
                f"{NAME} is an alias (CNAME) of gone.example.net, which does not exist",
                "decides which certificates senders accept",
                remedy=(f"CNAME record of `{NAME}`",),
            ),
        ),
        ("there.example.net", Absence.NODATA, not_applicable(owner="dane-missing")),
    ],
)
def test_an_alias_that_leads_to_no_record(
    target: str, absence: Absence, want: Want, *, secure: bool
) -> None:
    lookup = Absent(absence=absence, aliases=(target,), authenticated_data=secure)
    seen = ask(RULE, host_with(lookup, secure=secure))
    want(seen)
    assert not isinstance(seen, Fail) or seen.at_most is Level.WARNING


def test_the_remedy_holds_the_record_to_publish() -> None:
    want = fails(remedy=(f"`{NAME}. 1800 IN TLSA {GOOD}`",))
    want(ask(RULE, cases.UNUSABLE))
    owner = "tlsa.example.net"
    at_an_alias = host_with(tlsa(f"1 1 1 {SHA256}", owner=owner))
    fails(remedy=(f"`{owner}. 1800 IN TLSA {GOOD}`",))(ask(RULE, at_an_alias))


@pytest.mark.parametrize(
    "visit",
    [
        visit_until("tls", unseen(Trouble.HANDSHAKE)),
        chain_visit(()),
        chain_visit((b"junk",)),
    ],
)
def test_without_a_certificate_the_remedy_holds_its_form(visit: Visit) -> None:
    case = mx_case(cases.UNUSABLE, visits=(visit,))
    want = fails(remedy=(f"`{NAME}. 1800 IN TLSA 3 1 1 …`", "SHA-256 digest of the public key"))
    want(answer(RULE, case))


def test_senders_report_it_so() -> None:
    answered = ask(RULE, cases.UNUSABLE)
    assert isinstance(answered, Fail)
    assert answered.result_type is ResultType.TLSA_INVALID
    assert HOST in answered.message
