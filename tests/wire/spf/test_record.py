import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.wire.malformed import Malformed
from mxcheck.wire.spf.macros import Macro, MacroString, parse_macro_string
from mxcheck.wire.spf.record import parse_record, select_record
from mxcheck.wire.spf.terms import Mechanism, Result, SpfRecord


def only_fault(terms: str) -> tuple[str, int, str]:
    record = parse_record(f"v=spf1 {terms}")
    (fault,) = record.faults
    return fault.text, fault.number, fault.reason


@pytest.mark.parametrize(
    ("terms", "number", "reason"),
    [
        ("mx moo -all", 2, "no mechanism 'moo'"),
        ("ipv4:192.0.2.1 -all", 1, "did you mean ip4?"),
        ("192.0.2.1 -all", 1, "neither a mechanism nor a modifier"),
        ("all:example.com", 1, "nothing may follow all"),
        ("-all.", 1, "did you mean all?"),
        ("redirect:example.com", 1, "did you mean redirect=?"),
        ("a:192.0.2.1 -all", 1, "'192.0.2.1' is not a full domain name: write ip4:"),
        ("a:museum", 1, "'museum' is not a full domain name"),
        ("a:example.com:8080", 1, "not a full domain name"),
        ("a:", 1, "wanted a domain, got nothing"),
        ("a/33", 1, "a prefix is 0 to 32 bits long, got '33'"),
        ("a//129", 1, "a prefix is 0 to 128 bits long, got '129'"),
        ("mx/24/64", 1, "wanted :domain, /prefix and //prefix"),
        ("mx:example.com/024", 1, "got '024'"),
        ("a:example..com", 1, "has an empty label"),
        (f"include:{'a' * 64}.example.com", 1, "has an empty label, or one that is too long"),
        ("include", 1, "wanted a colon and a domain"),
        ("exists", 1, "wanted a colon and a domain"),
        ("ptr/24", 1, "wanted a colon and a domain"),
        ("include:example.com/24", 1, "not a full domain name"),
        ("ip4:192.0.2", 1, "'192.0.2' is not an IPv4 address"),
        ("ip4:192.0.2.1//24", 1, "is not an IPv4 address"),
        ("ip4", 1, "wanted a colon and an address"),
        ("ip4:192.0.02.1", 1, "is not an IPv4 address"),
        ("ip6:192.0.2.1", 1, "'192.0.2.1' is not an IPv6 address"),
        ("ip6:fe80::1%eth0", 1, "is not an IPv6 address"),
        ("exists:%{x}.example.com", 1, "the macro letter x may be used nowhere"),
        ("exists:%{r}.example.com", 1, "the macro letter r may be used in explanations alone"),
        ("exists:%(i).example.com", 1, "'%(' is not a macro"),
        ("exists:%{d0}.example.com", 1, "keeps no part"),
        ("exists:%{d", 1, "'%{d' is not a macro"),
        ("x=%a -all", 1, "'%a' is not a macro"),
        ("redirect= mx", 1, "wanted a domain, got nothing"),
        ("exp=-all", 1, "not a full domain name"),
        ("mx redirect=a.example redirect=b.example", 3, "redirect= is there twice"),
        ("mx exp=a.example EXP=b.example", 3, "exp= is there twice"),
        ("a:example.com\tmx", 1, "not visible ASCII"),
        ("mx \x80all", 2, "neither a mechanism nor a modifier"),
    ],
)
def test_a_fault_is_named_with_its_term(terms: str, number: int, reason: str) -> None:
    text, place, why = only_fault(terms)
    assert (text, place) == (terms.split(" ")[number - 1], number)
    assert reason in why


@pytest.mark.parametrize(
    "terms",
    [
        "",
        "  mx   -all ",
        "+a ?a:example.com ~a/24 -a:example.com/24//64 a//0",
        "MX mx:%{d2}/30 PTR ptr:example.com",
        "ip4:192.0.2.1 ip4:192.0.2.9/24 ip6:2001:db8::/32 ip6:::ffff:192.0.2.1 ip6:::1",
        "exists:%{ir}.%{l1r-}.%{v}._spf.%{o} include:_spf.%{d}",
        "a:macro%%percent%_%_space%-url.example.com a:foo:bar/baz.example.com",
        "a:foo.example.xn--zckzah a:example.com. a:%{h}",
        "redirect=_spf.example.com exp=%{d} unknown-modifier=any/thing",
        "all mx redirect=example.com",
    ],
)
def test_what_the_grammar_allows_has_no_fault(terms: str) -> None:
    assert parse_record(f"v=spf1 {terms}").faults == ()


def test_all_faults_of_a_record_are_named() -> None:
    record = parse_record("v=spf1 foo a:museum -all bar")
    assert [one.number for one in record.faults] == [1, 2, 4]


def test_the_parts_of_a_directive() -> None:
    (mx, network, everybody) = parse_record(
        "v=spf1 ~MX:%{d}/24//64 ip4:192.0.2.9/24 -all"
    ).directives
    assert (mx.mechanism, mx.result) == (Mechanism.MX, Result.SOFTFAIL)
    assert (mx.prefix4, mx.prefix6) == (24, 64)
    assert mx.target
    assert mx.target.text == "%{d}"
    assert str(network.network) == "192.0.2.0/24"
    assert (everybody.mechanism, everybody.result) == (Mechanism.ALL, Result.FAIL)


@pytest.mark.parametrize(
    ("texts", "is_found"),
    [
        (["v=spf1"], True),
        (["V=SPF1 -all"], True),
        (["other", "v=spf1 -all", "v=spf10 -all"], True),
        (["v=spf10 -all", "v=spf1;-all", " v=spf1 -all", "v=spf2.0/pra -all"], False),
        ([], False),
    ],
)
def test_the_version_selects_the_record(texts: list[str], is_found: bool) -> None:  # noqa: FBT001
    assert isinstance(select_record(texts), SpfRecord) is is_found


def test_several_records_are_an_error() -> None:
    found = select_record(["v=spf1 -all", "V=spf1 mx -all"])
    assert isinstance(found, Malformed)
    assert "2 records begin with v=spf1" in found.reason


# RFC 7208 7.4
VALUES = {
    "s": "strong-bad@email.example.com",
    "o": "email.example.com",
    "d": "email.example.com",
    "i": "192.0.2.3",
    "l": "strong-bad",
    "v": "in-addr",
}


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("%{s}", "strong-bad@email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l-}", "strong.bad"),
        ("%{lr-}", "bad.strong"),
        ("%{l1r-}", "strong"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
        ("%{S}", "strong-bad%40email.example.com"),
        ("%%%_%-", "% %20"),
    ],
)
def test_macros_are_expanded(text: str, expanded: str) -> None:
    parsed = parse_macro_string(text)
    assert isinstance(parsed, MacroString)
    assert parsed.expand(VALUES) == expanded


@given(st.text(st.characters(max_codepoint=255), max_size=80))
def test_any_text_is_read(text: str) -> None:
    record = parse_record(f"v=spf1 {text}")
    words = [word for word in text.split(" ") if word]
    assert all(words[one.number - 1] == one.text for one in record.faults)
    for directive in record.directives:
        pieces = directive.target.pieces if directive.target else ()
        assert all(isinstance(one, str | Macro) for one in pieces)
