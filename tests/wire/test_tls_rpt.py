import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.wire.malformed import Malformed
from mxcheck.wire.tls_rpt import TlsRptRecord, parse_tls_rpt_records
from mxcheck.wire.version_record import Discarded

MAILTO = "mailto:reports@example.com"
HTTPS = "https://reporting.example.com/v1/tlsrpt"
GOOD = f"v=TLSRPTv1;rua={MAILTO}"


@pytest.mark.parametrize(
    ("record", "rua"),
    [
        (GOOD, (MAILTO,)),
        (f"v=TLSRPTv1; rua={HTTPS}", (HTTPS,)),
        (f"v=TLSRPTv1 ; rua={MAILTO} ; ", (MAILTO,)),
        (f"v=TLSRPTv1; rua={MAILTO},{HTTPS};", (MAILTO, HTTPS)),
        (f"v=TLSRPTv1; rua={MAILTO} \t, {HTTPS}", (MAILTO, HTTPS)),
        (f"v=TLSRPTv1; rua={MAILTO}; rua={HTTPS}", (MAILTO, HTTPS)),
        (f"v=TLSRPTv1; note=x; rua={MAILTO}; X-n.o_te=1", (MAILTO,)),
        ("v=TLSRPTv1; rua=MAILTO:a@b.example", ("MAILTO:a@b.example",)),
        ("v=TLSRPTv1; rua=mailto:a%2Cb@c.example", ("mailto:a%2Cb@c.example",)),
        ("v=TLSRPTv1; rua=mailto:a@b.example?subject=x", ("mailto:a@b.example?subject=x",)),
        ("v=TLSRPTv1; rua=https://r.example?a=b%3Bc%21", ("https://r.example?a=b%3Bc%21",)),
        ("v=TLSRPTv1; rua=https://[2001:500::1]:8443/", ("https://[2001:500::1]:8443/",)),
        ("v=TLSRPTv1; rua=https://203.0.114.1/v1", ("https://203.0.114.1/v1",)),
        ("v=TLSRPTv1; rua=https://R.Example:443", ("https://R.Example:443",)),
        ("v=TLSRPTv1; rua=https://xn--bcher-kva.example/", ("https://xn--bcher-kva.example/",)),
        ("v=TLSRPTv1; rua=mailto:a/b@c.example", ("mailto:a/b@c.example",)),
    ],
)
def test_a_record_gives_where_reports_go(record: str, rua: tuple[str, ...]) -> None:
    assert parse_tls_rpt_records([record]) == TlsRptRecord(rua=rua)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("v=TLSRPTv1", "it has no rua: 'v=TLSRPTv1'"),
        ("v=TLSRPTv1; note=x", "it has no rua"),
        (f"v=TLSRPTv1; RUA={MAILTO}", "it has no rua"),
        ("v=TLSRPTv1; rua=", "wanted name=value between semicolons, got 'rua'"),
        ("v=TLSRPTv1; rua=reports@example.com", "wanted mailto: in front of the address, got"),
        ("v=TLSRPTv1; rua=mailto:reports", "got 'mailto:reports'"),
        ("v=TLSRPTv1; rua=mailto:@example.com", "wanted rua=mailto:reports@example.com or a"),
        ("v=TLSRPTv1; rua=mailto:a@b@c", "wanted rua="),
        ("v=TLSRPTv1; rua=mailto: a@example.com", "got 'mailto: a@example.com'"),
        ("v=TLSRPTv1; rua=http://r.example/", "got 'http://r.example/'"),
        ("v=TLSRPTv1; rua=https:/r.example/", "got 'https:/r.example/'"),
        ("v=TLSRPTv1; rua=https:///tlsrpt", "got 'https:///tlsrpt'"),
        ("v=TLSRPTv1; rua=ftp://r.example/", "got 'ftp://r.example/'"),
        (f"v=TLSRPTv1; rua={MAILTO}!10m", "without a size limit (or with %21 for `!`)"),
        (f"v=TLSRPTv1; rua={MAILTO},", "got ''"),
        (f"v=TLSRPTv1; rua={MAILTO},,{HTTPS}", "got ''"),
        (f"v=TLSRPTv1; rua={MAILTO} {HTTPS}", "wanted rua="),
        ("v=TLSRPTv1; rua=https://r.example/%2", "got 'https://r.example/%2'"),
        ("v=TLSRPTv1; rua=https://r.example/\x00", "wanted rua="),
        (
            f"v=TLSRPTv1; rua={MAILTO}; ruf={MAILTO}; a=b=c",
            "the value of a contains what it may not",
        ),
        (f"v=TLSRPTv1;; rua={MAILTO}", "nothing between two semicolons"),
        (f"v=TLSRPTv1; rua={MAILTO} ", "ends in white space"),
        (f"v=TLSRPTv1; rua={MAILTO}; n=\xe9", "bytes outside ASCII"),
        ("v=TLSRPTv1; rua=mailto://a@example.com", "wanted mailto: without slashes (mailto:rep"),
        ("v=TLSRPTv1; rua=MAILTO:/a@example.com", "wanted mailto: without slashes"),
        ("v=TLSRPTv1; rua=mailto://example.com/a", "wanted mailto: without slashes"),
        ("v=TLSRPTv1; rua=mailto:a@example", "wanted a full host name such as"),
        ("v=TLSRPTv1; rua=mailto:a@-b.example", "wanted a full host name such as"),
        ("v=TLSRPTv1; rua=https://localhost/", "wanted a full host name such as"),
        ("v=TLSRPTv1; rua=https://reports/", "got 'https://reports/'"),
        ("v=TLSRPTv1; rua=https://a..example/", "wanted a full host name"),
        ("v=TLSRPTv1; rua=https://.example/", "wanted a full host name"),
        ("v=TLSRPTv1; rua=https://a_b.example/", "wanted a full host name"),
        ("v=TLSRPTv1; rua=https://r%2e.example/", "wanted a full host name"),
        ("v=TLSRPTv1; rua=https://1.2.3.4.5/", "wanted a full host name"),
        ("v=TLSRPTv1; rua=https://10.0.0.1/v1", "can reach, got a private one"),
        ("v=TLSRPTv1; rua=https://[::1]/", "can reach, got a loopback one"),
        ("v=TLSRPTv1; rua=https://[zz]/", "wanted a full host name"),
        ("v=TLSRPTv1; rua=https://user:secret@r.example/", "wanted rua="),
        ("v=TLSRPTv1; rua=https://r.example:99999/", "wanted a port from 1 to 65535"),
        ("v=TLSRPTv1; rua=https://r.example:0/", "wanted a port from 1 to 65535"),
        ("v=TLSRPTv1; rua=https://r.example:x/", "wanted rua="),
    ],
)
def test_a_malformed_record_says_what_was_wanted(record: str, reason: str) -> None:
    answer = parse_tls_rpt_records(["v=spf1 -all", record])
    assert isinstance(answer, Malformed)
    assert reason in answer.reason


@pytest.mark.parametrize(
    "record",
    [
        f"v=tlsrptv1; rua={MAILTO}",
        f"v=TLSRPTv1 rua={MAILTO}",
        f"v=TLSRPTv1, rua={MAILTO}",
        f"v=TLSRPT1; rua={MAILTO}",
        f"v=TLSRPT; rua={MAILTO}",
        f"v=TLS-RPTv1; rua={MAILTO}",
        f"\u201cv=TLSRPTv1; rua={MAILTO}\u201d".encode().decode("latin-1"),
        f"rua={MAILTO}; v=TLSRPTv1",
        f"rua={MAILTO}",
        "TLSRPTv1",
        f"v=TLSv1; rua={MAILTO}",
        f"v=TLSPRTv1;rua={MAILTO}",
    ],
)
def test_what_is_meant_to_be_a_record_is_named(record: str) -> None:
    answer = parse_tls_rpt_records(["v=spf1 -all", record])
    assert isinstance(answer, Discarded)
    assert answer.reason.startswith("it does not begin with `v=TLSRPTv1;`, but is ")
    assert parse_tls_rpt_records([record, GOOD]) == TlsRptRecord(rua=(MAILTO,))


@pytest.mark.parametrize(
    "texts",
    [
        (),
        ("",),
        ("v=spf1 -all",),
        ("v=TLSRPTv2; rua=x",),
        ("v=DMARC1; rua=mailto:dmarc@example.com",),
        ("v=TLSRPTv12",),
        ("v=DMARC1; p=none; rua=mailto:tlsrpt@example.com",),
    ],
)
def test_other_records_are_none(texts: tuple[str, ...]) -> None:
    assert parse_tls_rpt_records(texts) is None


def test_exactly_one_record_is_wanted() -> None:
    others = ("v=spf1 -all", "v=TLSRPTv2; rua=x")
    assert parse_tls_rpt_records([*others, GOOD]) == TlsRptRecord(rua=(MAILTO,))
    answer = parse_tls_rpt_records([GOOD, f"v=TLSRPTv1; rua={HTTPS}"])
    assert answer == Malformed(reason="2 records begin with v=TLSRPTv1, where one is wanted")


@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_text_is_taken(texts: list[str]) -> None:
    parse_tls_rpt_records(texts)


@given(st.lists(st.text(alphabet="mailto:htps/@%2Cx.,;!= \t?", max_size=30), max_size=5))
def test_anything_behind_the_version_is_taken(uris: list[str]) -> None:
    answer = parse_tls_rpt_records(["v=TLSRPTv1; rua=" + ",".join(uris)])
    assert isinstance(answer, TlsRptRecord | Malformed | Discarded)
