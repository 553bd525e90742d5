"""Saved evidence with something changed in it, as a careless or a hostile hand may."""

from typing import Any

from hypothesis import strategies as st

from tests.saving import from_document, saved_text, to_document
from tests.whole import whole_evidence

SCALARS = st.sampled_from(
    [
        *(None, True, False, 0, -1, 1, 25, 10**18, 10**30, 1.5, 1e308, -1e308, float("inf")),
        *(
            "",
            "a",
            ".",
            "0 .",
            "10 mx1.example.com",
            "10",
            "x 10",
            '"v=STSv1; id=1"',
            '"',
            "\ud800",
        ),
        *("example.com", "EXAMPLE.com", "192.0.2.1", "::1", "fe80::1%lo", "TLSv1.3", "error"),
        *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "AAAA", "3 1 1 ab", "3 1 1", "\x00\n"),
    ]
)
VALUES: st.SearchStrategy[Any] = SCALARS | st.lists(SCALARS, max_size=2) | st.just({})


def _places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:  # noqa: ANN401 - JSON
    items: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    return [
        location for key, item in items for location in ((*path, key), *_places(item, (*path, key)))
    ]


WHOLE = saved_text(whole_evidence())
PLACES = _places(to_document(WHOLE))


@st.composite
def documents(draw: st.DrawFn) -> str:
    """The evidence of a rich run as JSON, with a few values replaced, swapped, doubled or gone."""
    document: Any = to_document(WHOLE)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(PLACES))
        try:
            around = document
            for part in way:
                around = around[part]
            _change(draw, around, last)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    return from_document(document)


def _change(draw: st.DrawFn, around: Any, last: str | int) -> None:  # noqa: ANN401 - JSON
    match draw(st.integers(0, 5)):
        case 0:
            del around[last]
        case 1 if isinstance(around, list) and isinstance(last, int):
            around.append(around[last])
        case 2 if isinstance(around, dict):
            other = draw(st.sampled_from(sorted(around)))
            around[last], around[other] = around[other], around[last]
        case 3 if isinstance(around, dict):
            around[draw(st.sampled_from(["x", "detail", "records", ""]))] = draw(VALUES)
        case _:
            around[last] = draw(VALUES)
