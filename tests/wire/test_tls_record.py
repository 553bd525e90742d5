import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.wire.tls_record import ALERT, HANDSHAKE, MalformedTlsError, Record, RecordReader


def record(kind: int, content: bytes) -> bytes:
    return bytes((kind, 3, 3)) + len(content).to_bytes(2, "big") + content


@given(
    st.lists(st.tuples(st.sampled_from([ALERT, HANDSHAKE]), st.binary(min_size=1, max_size=40))),
    st.integers(1, 50),
)
def test_records_are_the_same_however_they_are_cut(
    wanted: list[tuple[int, bytes]], size: int
) -> None:
    data = b"".join(record(*one) for one in wanted)
    reader = RecordReader(frozenset({ALERT, HANDSHAKE}))
    seen = []
    for location in range(0, len(data), size):
        reader.feed(data[location : location + size])
        while one := reader.next():
            seen.append((one.kind, one.fragment))
    assert seen == wanted


@pytest.mark.parametrize("kind", [20, 23, 24, 0])
def test_other_kinds_are_malformed(kind: int) -> None:
    reader = RecordReader(frozenset({HANDSHAKE}))
    reader.feed(record(HANDSHAKE, b"x") + record(kind, b"y"))
    assert reader.next() == Record(HANDSHAKE, b"x")
    with pytest.raises(MalformedTlsError, match=f"of type {kind}"):
        reader.next()
