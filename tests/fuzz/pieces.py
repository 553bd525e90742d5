"""Bytes cut into pieces anywhere, as a network cuts them."""

from hypothesis import strategies as st

CUTS = st.lists(st.integers(0, 3000), max_size=12)


def cut(data: bytes, locations: list[int]) -> list[bytes]:
    """The data in pieces, none of them empty."""
    ends = sorted({location for location in locations if 0 < location < len(data)})
    pieces = zip([0, *ends], [*ends, len(data)], strict=True)
    return [data[begin:end] for begin, end in pieces if begin < end]
