import pytest

from mxcheck.wire.special_names import is_public_name, takes_no_mail


@pytest.mark.parametrize(
    ("name", "public", "no_mail"),
    [
        ("iana.org", True, False),
        ("mail.example.co.uk", True, False),
        ("example.com", True, True),
        ("mail.example.net", True, True),
        ("example.org", True, True),
        ("anexample.org", True, False),
        ("outside.invalid", False, True),
        ("outside.test", False, True),
        ("a.example", False, True),
        ("localhost", False, True),
        ("x.localhost", False, True),
        ("printer.local", False, True),
        ("runner.internal", False, True),
        ("router.home.arpa", False, True),
        ("nas.lan", False, True),
        ("duskgytldkxiuqc6.onion", False, True),
        ("x.alt", False, True),
        ("runner", False, True),
        ("", False, True),
        ("RUNNER.TEST", False, True),
    ],
)
def test_names_that_are_set_aside(name: str, *, public: bool, no_mail: bool) -> None:
    assert is_public_name(name) is public
    assert takes_no_mail(name) is no_mail
