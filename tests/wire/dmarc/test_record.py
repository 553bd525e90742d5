import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.wire.dmarc.record import DmarcRecord, Psd, Request, parse_record, select_record
from mxcheck.wire.malformed import Malformed
from mxcheck.wire.version_record import Discarded

NONE, QUARANTINE, REJECT = Request.NONE, Request.QUARANTINE, Request.REJECT


@pytest.mark.parametrize(
    "text",
    [
        "v=DMARC1; p=none",
        "v = DMARC1 ;p=none;",
        "V=DMARC1; P=NONE",
        "v=DMARC1;p=none ; unknown=x",
        "v=DMARC1; rua=mailto:a@example.com; p=none",
    ],
)
def test_a_record_is_recognised(text: str) -> None:
    record = select_record(["v=spf1 -all", text])
    assert isinstance(record, DmarcRecord)
    assert record.p is NONE
    assert not record.bad_tags


@pytest.mark.parametrize(
    "text",
    ["v=dmarc1; p=none", "v=DMARC1x; p=none", "v=DMARC2", "p=none; v=DMARC1", " v=DMARC1; p=none"],
)
def test_what_is_meant_to_be_one_is_named(text: str) -> None:
    found = select_record([text])
    assert isinstance(found, Discarded)
    assert "does not begin with `v=DMARC1;`" in found.reason


def test_several_records_are_discarded_and_others_are_not_counted() -> None:
    found = select_record(["v=DMARC1; p=none", "v=DMARC1; p=reject"])
    assert isinstance(found, Malformed)
    assert "2 records begin with v=DMARC1" in found.reason
    assert select_record(["v=spf1 -all", "anything"]) is None
    assert select_record([]) is None


# RFC 9989 4.7 and 4.10.1: own domain, a subdomain that exists, one that does not.
POLICIES = {
    "p=reject": (REJECT, REJECT, REJECT),
    "p=Reject": (REJECT, REJECT, REJECT),
    "p=reject; sp=none": (REJECT, NONE, NONE),
    "p=none; sp=quarantine; np=reject": (NONE, QUARANTINE, REJECT),
    "p=none; np=reject": (NONE, NONE, REJECT),
    "p=reject; t=y": (QUARANTINE, QUARANTINE, QUARANTINE),
    "p=quarantine; t=Y": (NONE, NONE, NONE),
    "p=none; t=y": (NONE, NONE, NONE),
    "p=reject; t=n": (REJECT, REJECT, REJECT),
    "p=reject; pct=0": (REJECT, REJECT, REJECT),
    "rua=mailto:a@example.com": (NONE, NONE, NONE),
    "p=rejct; rua=mailto:a@example.com": (NONE, NONE, NONE),
    "p=reject; sp=all; rua=mailto:a@example.com": (NONE, NONE, NONE),
    "p=reject; np=all": (None, None, None),
    "p=reject rua=mailto:a@example.com": (None, None, None),
    "adkim=s": (None, None, None),
    "rua=a@example.com": (None, None, None),
}


@pytest.mark.parametrize(("tags", "wanted"), POLICIES.items())
def test_the_policy_in_force(tags: str, wanted: tuple[Request | None, ...]) -> None:
    record = parse_record(f"v=DMARC1; {tags}")
    found = (
        record.request(),
        record.request(below=True),
        record.request(below=True, exists=False),
    )
    assert found == wanted


def test_values_that_are_not_valid_are_named_and_the_default_applies() -> None:
    record = parse_record(
        "v=DMARC1; p=none; psd=x; t=1; adkim=q; fo=9; ruf=nobody; rua=a@b.example"
    )
    assert [one.name for one in record.bad_tags] == ["psd", "t", "adkim", "fo", "ruf", "rua"]
    assert (record.psd, record.testing, record.rua) == (Psd.UNSAID, False, ())


@pytest.mark.parametrize("fo", ["0", "1", "d", "s", "1:d:s", "d:s:0"])
def test_failure_options(fo: str) -> None:
    assert not parse_record(f"v=DMARC1; p=none; fo={fo}").bad_tags


@pytest.mark.parametrize(
    ("rua", "uris"),
    [
        ("mailto:A@Example.COM", [("mailto:A@Example.COM", "example.com")]),
        ("mailto:a@b.example!10m", [("mailto:a@b.example", "b.example")]),
        ("mailto:a@b.example?subject=x", [("mailto:a@b.example?subject=x", "b.example")]),
        (
            "mailto:a@b.example , https://C.example/x",
            [("mailto:a@b.example", "b.example"), ("https://C.example/x", "c.example")],
        ),
        ("mailto:a%40c@b.example, b@c.example", []),
        ("mailto:nobody", []),
        ("https://[", []),
    ],
)
def test_report_uris(rua: str, uris: list[tuple[str, str]]) -> None:
    record = parse_record(f"v=DMARC1; p=none; rua={rua}")
    assert [(one.uri, one.host) for one in record.rua] == uris


@given(st.lists(st.text(max_size=60).map(lambda text: f"v=DMARC1; {text}"), max_size=2))
def test_any_text_is_read(texts: list[str]) -> None:
    found = select_record(texts)
    assert found is None or isinstance(found, DmarcRecord | Malformed)
