"""What senders read differently in policies that are valid."""

import pytest

from mxcheck.wire.mta_sts import StsPolicy, parse_sts_policy
from mxcheck.wire.mta_sts_readers import policy_ambiguities

LINES = ("version: STSv1", "mode: testing", "mx: mx1.example.com", "max_age: 604800")


def body(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


@pytest.mark.parametrize(
    "text",
    [
        body(*LINES),
        body(*LINES).replace(b"\n", b"\r\n"),
        body(*LINES, "mx: *.example.net", "mx: mx1.example.com"),
        body(*LINES, "mode: testing", "max_age:604800"),
        body(*LINES, "note: x", "x-mode: enforce", "modes: enforce"),
        body("version: STSv1", "max_age: 86400", "mode: none"),
        body(*LINES, "mx: 1.example.com", "mx: 10.in-addr.arpa"),
        # A malformed policy is reported as another fault.
        body(*LINES[1:], "mode: enforce"),
        b"",
    ],
)
def test_a_policy_that_all_senders_read_alike(text: bytes) -> None:
    assert policy_ambiguities(text) == ()


@pytest.mark.parametrize(
    ("text", "reason", "is_lost"),
    [
        (
            body(*LINES, "mode: enforce"),
            (
                "line 5 gives mode again: senders that follow RFC 8461 3.2 take the first,"
                " 'testing'; postfix-mta-sts-resolver, Stalwart, maddy and Halon take the last,"
                " 'enforce'"
            ),
            False,
        ),
        (body(*LINES, "max_age: 1"), "line 5 gives max_age again", False),
        (body(*LINES, "mode: report"), "take the last, 'report', or discard the policy", False),
        (body(*LINES, "version: STSv2"), "line 5 gives version again", False),
        (body(*LINES, "Mode: enforce"), "line 5 spells mode as 'Mode'", False),
        (body(*LINES, "MX: mx2.example.com"), "line 5 spells mx as 'MX'", False),
        (body(*LINES, "mx: 192.0.2.1"), "line 5 gives the IP address '192.0.2.1' as mx", False),
        (body(*LINES, "mx: *.192.0.2.1"), "the IP address '*.192.0.2.1' as mx", False),
        (body(*LINES[1:], LINES[0]), "version is not the first line", True),
        (body(*LINES, "note: see https://x"), "line 5 has a colon in the value of 'note'", True),
        (body(*LINES, "note: café"), "text outside ASCII", True),
    ],
)
def test_a_policy_that_senders_read_differently(text: bytes, reason: str, is_lost: bool) -> None:  # noqa: FBT001
    [found] = policy_ambiguities(text)
    assert reason in found.reason
    assert found.is_lost is is_lost
    assert isinstance(parse_sts_policy(text), StsPolicy)


def test_every_repetition_is_named() -> None:
    found = policy_ambiguities(body(*LINES, "mode: none", "mode: enforce", "mode: testing"))
    assert [one.reason[:6] for one in found] == ["line 5", "line 6"]


def test_text_outside_ascii_is_read_where_the_charset_is_told() -> None:
    text = body(*LINES, "note: café")
    assert policy_ambiguities(text, "text/plain; charset=UTF-8") == ()
    assert len(policy_ambiguities(text, "text/plain")) == 1
