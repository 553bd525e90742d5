"""Evidence written and read again, and what is refused."""

import base64
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mxcheck.cli.schema import schema_text
from mxcheck.evidence.domain import Run
from mxcheck.evidence.mta_sts import NO_MTA_STS
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.saved.errors import EvidenceError
from mxcheck.saved.lines import load_evidence
from tests.build import HOST, evidence_of, healthy_chain, healthy_visit
from tests.evidence.every import every
from tests.saving import from_document, loaded_run, saved_text, to_document

WHOLE = saved_text(evidence_of())
VALIDATOR = Draft202012Validator(json.loads(schema_text("evidence")))


def changed(change: Callable[[Any], None]) -> str:
    """The evidence of a healthy run, changed as JSON."""
    document = to_document(saved_text(evidence_of()))
    change(document)
    return from_document(document)


def put(*path: str | int, value: object) -> Callable[[Any], None]:
    """A change at one place."""

    def change(document: Any) -> None:  # noqa: ANN401 - JSON
        *way, last = path
        for part in way:
            document = document[part]
        document[last] = value

    return change


def refusal(text: str) -> str:
    with pytest.raises(EvidenceError) as caught:
        loaded_run(text)
    return str(caught.value)


@settings(deadline=None, database=None, max_examples=60)
@given(every(Run))
def test_what_is_written_is_read_again(evidence: Run) -> None:
    text = saved_text(evidence)
    assert loaded_run(text) == evidence
    assert text.isascii()
    for line in text.splitlines():
        VALIDATOR.validate(json.loads(line))


def test_visits_are_found_again_but_their_index_is_not_written() -> None:
    evidence = evidence_of()
    text = saved_text(evidence)
    assert loaded_run(text).by_endpoint == evidence.by_endpoint
    assert "by_endpoint" not in text


def test_the_envelope_and_the_forms_of_bytes_and_moments() -> None:
    begin, visit, *_ = map(json.loads, saved_text(evidence_of()).splitlines())
    assert begin["schema_version"] == "2"
    assert begin["run"]["observed_at"] == "2026-01-31T12:00:00Z"
    [leaf, _] = visit["visit"]["tls"]["chain"]
    assert base64.urlsafe_b64decode(leaf) == healthy_chain(HOST)[0]


def test_a_moment_of_another_zone_is_read_and_written_in_utc() -> None:
    zone = timezone(timedelta(hours=2))
    elsewhere = replace(evidence_of(), observed_at=datetime(2026, 1, 31, 14, tzinfo=zone))
    assert saved_text(elsewhere) == saved_text(evidence_of())
    read = loaded_run(changed(put("evidence", "observed_at", value="2026-01-31T14:00:00+02:00")))
    assert read.observed_at.tzinfo is UTC
    assert read == evidence_of()


def test_a_moment_is_written_to_the_microsecond() -> None:
    moment = datetime(2026, 1, 31, 12, 0, 0, 5, tzinfo=UTC)
    text = saved_text(replace(evidence_of(), observed_at=moment))
    assert '"2026-01-31T12:00:00.000005Z"' in text


@settings(deadline=None, database=None)
@given(st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_written(words: str) -> None:
    unseen = Unseen(trouble=Trouble.NETWORK, detail=words)
    text = saved_text(evidence_of(replace(healthy_visit(), connection=unseen)))
    read = loaded_run(text).visits[0].connection
    kept = words.encode("utf-8", "backslashreplace").decode()
    assert read == Unseen(trouble=Trouble.NETWORK, detail=kept)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty: it contains no run"),
        ("\n \n", "is empty: it contains no run"),
        ("{", "line 1: the evidence is not whole: it breaks off within this line"),
        ('{"sche', "line 1: the evidence is not whole: it breaks off within this line"),
        ('{"visit": x}', "line 1: this is not JSON: expected value at column 11"),
        ("{\n", "line 1: this is one JSON document, as earlier versions of mxcheck saved"),
        ("[" * 100_000, "line 1: a line of saved evidence begins with one of the keys"),
        ("[]", "line 1: a line of saved evidence begins with one of the keys"),
        ('{"evidence": {}}', "line 1: a line of saved evidence begins with one of the keys"),
        ('{"visit": {}}', "line 1: visit"),
        (
            '{"schema_version": "3", "run": {}}',
            (
                'line 1: schema_version: "3" is not "2", the version that this mxcheck reads; judge'
                " the evidence with the mxcheck that saved it"
            ),
        ),
        ('{"schema_version": 1}', 'line 1: schema_version: 1 is not "2"'),
        ('{"schema_version": "2"}', "line 1: run: field required"),
        (
            WHOLE.replace("\n", "\n\n").partition('{"end"')[0],
            "line 6: the evidence is not whole: the line `end` of its run is missing",
        ),
        (WHOLE.partition("\n")[2], "line 1: no run begins before it"),
        (WHOLE.partition("\n")[0] + "\n" + WHOLE, "line 2: the run before has no end"),
        (re.sub(r'\n{"visit".*', "", WHOLE), "line 3: lines of this run are missing or added"),
    ],
)
def test_what_is_no_evidence_is_refused(text: str, message: str) -> None:
    assert refusal(text).startswith(message)


@pytest.mark.parametrize("text", [WHOLE, WHOLE * 2])
def test_what_was_cut_off_anywhere_is_refused(text: str) -> None:
    whole_runs = {index for index, _ in enumerate(text) if text[:index] in {WHOLE, WHOLE[:-1]}}
    for length in {*range(0, len(text) - 1, 7), *_around_line_ends(text)} - whole_runs:
        told = refusal(text[:length])
        assert re.fullmatch(r"is empty: .*|line \d+: the evidence is not whole: .*", told)


def _around_line_ends(text: str) -> set[int]:
    ends = [found.end() for found in re.finditer("\n", text)]
    return {end + off for end in ends for off in range(-2, 10) if end + off < len(text) - 1}


VISIT = ("evidence", "visits", 0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            put(*VISIT, "greeting", "reply", "code", value="220"),
            "line 2: visit.greeting.reply.code: input should be a valid integer",
        ),
        (
            put(*VISIT, "tls", "chain", 1, value="*"),
            "line 2: visit.tls.chain[1]: data should be valid base64",
        ),
        (
            put(*VISIT, "connection", "connect_ms", value=float("nan")),
            "line 2: visit.connection.connect_ms: input should be a finite number",
        ),
        (
            put("evidence", "domains", 0, "mx", "record", value=[]),
            "line 3: domain.mx.record: unknown key; was this saved by a later mxcheck?",
        ),
        (
            put("evidence", "a\nb", value=1),
            r'line 4: end."a\nb": unknown key; was this saved by a later mxcheck?',
        ),
        (put("evidence", "observed_at", value=0), "line 1: run.observed_at: input should be a"),
        (
            put("evidence", "observed_at", value="2026-01-31T12:00:00"),
            "line 1: run.observed_at: 2026-01-31T12:00:00 does not say in which zone",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(change: Callable[[Any], None], message: str) -> None:
    assert re.sub(r"\s+", " ", refusal(changed(change))).startswith(message)


def test_what_is_newer_than_the_evidence_counts_as_not_asked() -> None:
    def forget(document: Any) -> None:  # noqa: ANN401 - JSON
        del document["evidence"]["domains"][0]["mta_sts"]
        del document["evidence"]["resolvers"]

    read = loaded_run(changed(forget))
    assert read.domains[0].mta_sts == NO_MTA_STS
    assert read.resolvers == ()


@pytest.mark.parametrize("name", ["observed_at", "finished_at"])
def test_a_moment_beyond_the_calendar_is_refused(name: str) -> None:
    text = changed(put("evidence", name, value="9999-12-31T23:59:59-14:00"))
    assert f"{name}: 9999-12-31T23:59:59-14:00 is not a moment of" in refusal(text)


def test_files_one_behind_the_other_are_the_runs_of_both() -> None:
    other = replace(evidence_of(), port=2525)
    runs = load_evidence((WHOLE + saved_text(other)).splitlines(keepends=True)).runs
    assert runs == (evidence_of(), other)
