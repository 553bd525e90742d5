import pytest

from mxcheck.wire.content_coding import compressions_in


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("", ()),
        ("identity", ()),
        ("utf-8", ()),
        ("none, 8bit", ()),
        ("gzip", ("gzip",)),
        (" GZip ,identity", ("gzip",)),
        ("deflate,br", ("deflate", "br")),
        ("x-compress", ("x-compress",)),
        ("gzip;q=1", ()),
    ],
)
def test_compressions_are_told_from_other_words(value: str, found: tuple[str, ...]) -> None:
    assert compressions_in(value) == found
