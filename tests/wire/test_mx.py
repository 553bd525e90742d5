import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.evidence.dns import Answer
from mxcheck.wire.mx import NULL_MX, parse_mx


def mx(*records: str) -> Answer:
    return Answer(owner="example.com", records=records)


@pytest.mark.parametrize(
    ("records", "exchanges"),
    [
        (("10 mx1.example.com",), [("mx1.example.com", 10)]),
        (("20 b.example", "10 c.example"), [("c.example", 10), ("b.example", 20)]),
        (("10 b.example", "10 a.example"), [("a.example", 10), ("b.example", 10)]),
        (("100 a.example", "9 b.example"), [("b.example", 9), ("a.example", 100)]),
        (("20 a.example", "10 a.example"), [("a.example", 10)]),
        (("0 .",), [(NULL_MX, 0)]),
        (("10 mx1.example.com", "0 ."), [(NULL_MX, 0), ("mx1.example.com", 10)]),
        ((), []),
    ],
)
def test_exchanges_in_the_order_of_senders(
    records: tuple[str, ...], exchanges: list[tuple[str, int]]
) -> None:
    assert list(parse_mx(mx(*records)).items()) == exchanges


PAIRS = st.tuples(st.integers(0, 65_535), st.sampled_from(["a.example", "b.example", "c.example"]))


@given(st.lists(PAIRS))
def test_no_exchange_is_lost_and_the_best_preference_counts(pairs: list[tuple[int, str]]) -> None:
    exchanges = parse_mx(mx(*(f"{preference} {exchange}" for preference, exchange in pairs)))
    assert set(exchanges) == {exchange for _, exchange in pairs}
    assert list(exchanges.values()) == sorted(exchanges.values())
    for exchange, preference in exchanges.items():
        assert preference == min(p for p, e in pairs if e == exchange)
