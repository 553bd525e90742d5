import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.wire.domain_name import MAX_NAME, NotADomainError, display_domain, parse_domain

LONGEST_LABEL = "a" * 63
LONGEST = ".".join([LONGEST_LABEL] * 3 + ["b" * 61])
assert len(LONGEST) == MAX_NAME


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("example.com", "example.com"),
        ("Example.COM", "example.com"),
        ("  example.com\n", "example.com"),
        ("example.com.", "example.com"),
        ("_dmarc.example.com", "_dmarc.example.com"),
        ("my_host.example.com", "my_host.example.com"),
        ("1.example.com", "1.example.com"),
        ("a--b.example.com", "a--b.example.com"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("bücher.example.", "xn--bcher-kva.example"),
        ("bücher。example", "xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("example.xn--p1ai", "example.xn--p1ai"),
        (f"{LONGEST_LABEL}.example", f"{LONGEST_LABEL}.example"),
        (LONGEST, LONGEST),
    ],
)
def test_names_come_out_in_one_form(text: str, name: str) -> None:
    assert parse_domain(text) == name


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "not a domain name"),
        (".", "not a domain name"),
        ("..", "not a domain name"),
        ("example..com", "not a domain name"),
        (".example.com", "not a domain name"),
        ("-a.example.com", "not a domain name"),
        ("a-.example.com", "not a domain name"),
        ("exa mple.com", "not a domain name"),
        ("https://example.com", "not a domain name"),
        ("exam\x00ple.com", "not a domain name"),
        (f"{LONGEST_LABEL}a.example", "not a domain name"),
        (f"a.{LONGEST}", "not a domain name"),
        ("ü" * 70 + ".example", "not a domain name"),
        ("\u202eexample.com", "not a domain name"),
        ("localhost", "not a full domain name"),
        ("com.", "not a full domain name"),
        ("example.1", "not a full domain name"),
        ("postmaster@example.com", "is a mail address"),
        ("jörg@bücher.example", "is a mail address"),
        ("postmaster@bücher.example", "is a mail address"),
    ],
)
def test_what_is_wrong_is_said(text: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        parse_domain(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://Example.com:443/mail?x=1", "give its host alone, example.com"),
        ("https://bücher.example", "give its host alone, xn--bcher-kva.example"),
        ("https://192.0.2.1/", "give its host alone"),
        (
            "smtp://us.er:s3cret/x@example.com/",
            '"smtp://***@example.com/" is not a domain name but',
        ),
        ("user.name:s3cret@example.com", '"***@example.com" is a mail address'),
        ("postmaster@example.com", "the part after the @, example.com"),
        ("mailto:postmaster@example.com", "the part after the @, example.com"),
        (
            "example.com:25",
            "has a port (--port is the flag for one): give the domain alone, example",
        ),
        ("example.com:", "give the domain alone, example.com"),
        ("a:1:1:1:1", "is not a domain name"),
        ("example.com/", "has a path: give the domain alone, example.com"),
        ("example.com:25/x", "has a path: give the domain alone, example.com"),
        ("192.0.2.1", "is an IP address: give the domain whose mail goes there"),
        ("[192.0.2.1]:25", "is an IP address"),
        ("192.0.2.1:25", "is an IP address"),
        ("192.0.2.0/24", "is an IP address"),
        ("2001:db8::1", "is an IP address"),
        ("[2001:db8::1]:25", "is an IP address"),
        ("*.example.com", "is a wildcard: give each domain by its name, such as example.com"),
        ("*.*.example.com", "is a wildcard: give each domain by its name"),
    ],
)
def test_what_stands_in_place_of_a_domain_is_explained(text: str, said: str) -> None:
    with pytest.raises(NotADomainError) as refused:
        parse_domain(text)
    assert said in str(refused.value)
    assert "s3cret" not in str(refused.value)
    assert "us.er" not in str(refused.value)
    assert text not in refused.value.reason


def test_many_ports_take_no_time_to_refuse() -> None:
    with pytest.raises(NotADomainError):
        parse_domain("a" + ":1" * 100_000)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("example.com", "example.com"),
        ("xn--bcher-kva.example", "bücher.example (xn--bcher-kva.example)"),
        ("_dmarc.example.com", "_dmarc.example.com"),
        ("xn--a.example", "xn--a.example"),
        ("", ""),
        (".", "."),
    ],
)
def test_names_are_shown_to_people(name: str, shown: str) -> None:
    assert display_domain(name) == shown


@given(st.text(max_size=80) | st.text("aä.-_xn@1", max_size=30).map(lambda text: f"{text}.example"))
def test_any_text_is_a_name_or_refused(text: str) -> None:
    try:
        name = parse_domain(text)
    except ValueError:
        return
    assert name.isascii()
    assert len(name) <= MAX_NAME
    assert parse_domain(name) == name
    assert name in display_domain(name)


@given(st.text("abcdexn-1äöü.", max_size=40).map(lambda text: f"xn--{text}"))
def test_any_name_can_be_shown(name: str) -> None:
    assert display_domain(name).endswith((name, f"({name})"))
