from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.wire.caa import CaaSet, parse_caa

LETS_ENCRYPT = '0 issue "letsencrypt.org"'


@pytest.mark.parametrize(
    ("records", "allowed", "for_wildcards"),
    [
        ((LETS_ENCRYPT,), ("letsencrypt.org",), ("letsencrypt.org",)),
        (('0 issue "LetsEncrypt.ORG"',), ("letsencrypt.org",), ("letsencrypt.org",)),
        (('0 ISSUE "letsencrypt.org"',), ("letsencrypt.org",), ("letsencrypt.org",)),
        (('0 issue " letsencrypt.org ; validationmethods=dns-01"',), *[("letsencrypt.org",)] * 2),
        ((LETS_ENCRYPT, '0 issue "sectigo.com"'), *[("letsencrypt.org", "sectigo.com")] * 2),
        ((LETS_ENCRYPT, '0 issuewild "sectigo.com"'), ("letsencrypt.org",), ("sectigo.com",)),
        ((LETS_ENCRYPT, '0 issuewild ";"'), ("letsencrypt.org",), ()),
        (('0 issuewild "sectigo.com"',), None, ("sectigo.com",)),
        (('0 issue ";"',), (), ()),
        (('0 issue ""',), (), ()),
        (('0 issue "%%%"',), (), ()),
        (('0 issue ";"', LETS_ENCRYPT), ("letsencrypt.org",), ("letsencrypt.org",)),
        (('0 iodef "mailto:security@example.com"',), None, None),
        (('0 issuemail "authority.example"',), None, None),
        (('0 tbs "unknown"',), None, None),
        (('128 issue "letsencrypt.org"',), ("letsencrypt.org",), ("letsencrypt.org",)),
        (('128 tbs "unknown"', LETS_ENCRYPT), (), ()),
        ((), None, None),
    ],
)
def test_who_may_issue(
    records: tuple[str, ...],
    allowed: tuple[str, ...] | None,
    for_wildcards: tuple[str, ...] | None,
) -> None:
    caa = parse_caa(records)
    assert caa.allowed(wildcard=False) == allowed
    assert caa.allowed(wildcard=True) == for_wildcards


@pytest.mark.parametrize("record", ["", "0", "0 issue", "300 issue x", "\\# 3 00ff"])
def test_what_is_not_a_caa_record(record: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        parse_caa([record])


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert isinstance(parse_caa([text]), CaaSet)
