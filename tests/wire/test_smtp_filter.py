import pytest

from mxcheck.evidence.outcome import NOT_ASKED
from mxcheck.evidence.smtp import Reply
from mxcheck.wire.smtp_filter import masked_greeting, masked_keywords
from tests.build import reply


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("****************************************", True),
        ("*********************2******0*****0*00 ***", True),
        ("****2** *** 0*02", True),
        ("***", False),
        ("mx1.example.com ESMTP ****", False),
        ("**** mx1.example.com", False),
        ("mx1.example.com ESMTP *** no spam ***", False),
        ("", False),
    ],
)
def test_a_greeting_that_is_covered(text: str, masked: bool) -> None:  # noqa: FBT001 - the case
    assert masked_greeting(reply(220, text)) is masked


@pytest.mark.parametrize(
    ("ehlo", "masked"),
    [
        (reply(250, "mx1", "XXXXXXXA", "SIZE 100", "XXXXXXXXXXXXXXXXXXXXXB", "XXXC"), 3),
        (reply(250, "mx1", "XXXXXXXX"), 1),
        (reply(250, "mx1", "STARTTLS", "XCLIENT NAME", "XFORWARD", "X-EXPS", "XX", "SIZE"), 0),
        (reply(250, "XXXXXXXA"), 0),
        (reply(500, '5.5.1 Command unrecognized: "XXXX probe.example.net"'), 1),
        (reply(502, "5.5.2 Error: command not recognized"), 0),
    ],
)
def test_keywords_and_commands_that_are_replaced(ehlo: Reply, masked: int) -> None:
    assert len(masked_keywords(ehlo)) == masked


def test_nothing_is_replaced_in_a_reply_that_never_came() -> None:
    assert masked_keywords(NOT_ASKED) == ()
