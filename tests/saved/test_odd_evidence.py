"""Whatever a file says, it is refused in words, or judged and reported: it never breaks a run."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mxcheck import app
from mxcheck.config.errors import ConfigError
from mxcheck.config.load import load_judge_config
from mxcheck.evidence.dns import Answer
from mxcheck.report import REPORTS
from mxcheck.rules import RULES
from mxcheck.saved.reading import read_evidence
from tests.build import HOST, evidence_of, healthy_host, tlsa_lookup
from tests.policies import sts_domain
from tests.report.rendering import render_text
from tests.saving import from_document, saved_text, to_document

FLAGS = {
    "levels": tuple(f"{rule.id}=error" for rule in RULES),
    "relay": ("thorough",),
    "allow_private": ("true",),
}
WORDS = (
    *("", ".", "..", '"', "\0", "::1", "999.1.1.1", "10 ", "0 .", "xn--", "xn--a.example", "*.x"),
    *("a" * 300, "Z" * 64 + ".example", "1" * 5000, "3 1 1", "3 1 1 00", "256 1 1 ab", "v=STSv1"),
    *(
        "TLSv9",
        "SSLv3",
        "TLSv1.1",
        "MIIB",
        "_8=",
        "control",
        "##[error]",
        "\u202e",
        "255.255.255.255",
    ),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59Z"),
)
NUMBERS = (0, -1, 4, 6, 25, 220, 250, 999, 70_000, 10**12, -(10**12), 2**63, 10**25, 0.5, 1e300)


def locations(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401 - JSON
    """Yield the path of each value in a document, lists included."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from locations(item, (*path, key))
        return
    yield path
    for index, item in enumerate(value if isinstance(value, list) else ()):
        yield from locations(item, (*path, index))


def whole() -> Any:  # noqa: ANN401 - JSON
    """Evidence of a domain that has a policy, TLSA records and a server, as JSON."""
    record = Answer(owner=HOST, records=(f"3 1 1 {'ab' * 32}",), authenticated_data=True)
    host = replace(healthy_host(), tlsa=(tlsa_lookup(record),))
    return to_document(saved_text(evidence_of(domain=replace(sts_domain(), hosts=(host,)))))


PLACES = tuple(locations(whole()["evidence"]))


def others(value: object) -> st.SearchStrategy[object]:
    """Return replacements for a value, mostly of the same type so that they can be judged."""
    match value:
        case bool():
            return st.just(not value)
        case int() | float():
            return st.sampled_from(NUMBERS)
        case list():
            return st.sampled_from(([], value + value, value[1:], value[::-1]))
        case str():
            return st.sampled_from(WORDS) | st.text(max_size=20)
        case _:
            return st.sampled_from((None, {}, "x", 1))


@settings(deadline=None, database=None, max_examples=200)
@given(st.data())
def test_evidence_with_anything_in_it_is_refused_or_judged(data: st.DataObject) -> None:
    document = whole()
    for path in data.draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=4)):
        *way, last = path
        around = document["evidence"]
        try:
            for part in way:
                around = around[part]
            around[last] = data.draw(others(around[last]))
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    judge_all(from_document(document).encode())


def judge_all(text: bytes) -> None:
    """Judge a file by every rule, and make every report; nothing but ConfigError is raised."""
    try:
        evidence = read_evidence("-", Path(), BytesIO(text))
        held = [domain.name for _, domain in evidence.domains()]
        config = load_judge_config(FLAGS, {}, Path(__file__).parent, None, held)
    except ConfigError:
        return
    verdict = app.Judging(config, today=date(2026, 2, 1)).judge(evidence)
    for render in REPORTS.values():
        assert "".join(render(verdict))
    assert render_text(verdict, verbose=True)
