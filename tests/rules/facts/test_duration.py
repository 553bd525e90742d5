import pytest

from mxcheck.rules.facts.duration import duration


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "a second"),
        (90, "90 seconds"),
        (3600, "an hour"),
        (5400, "90 minutes"),
        (86400, "a day"),
        (86399, "about 24 hours"),
        (100000, "about 28 hours"),
        (172800, "2 days"),
        (604800, "a week"),
        (604799, "about 7 days"),
        (1209600, "2 weeks"),
        (2592000, "30 days"),
        (31536000, "a year"),
        (31557600, "a year"),
    ],
)
def test_seconds_in_words(seconds: int, words: str) -> None:
    assert duration(seconds) == words
