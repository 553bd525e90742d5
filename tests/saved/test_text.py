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
from mxcheck.evidence.domain import Evidence
from mxcheck.evidence.mta_sts import NO_MTA_STS
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.saved.text import EvidenceError, dump_evidence, load_evidence
from tests.build import HOST, evidence_of, healthy_chain, healthy_visit
from tests.evidence.every import every

VALIDATOR = Draft202012Validator(json.loads(schema_text("evidence")))


def changed(change: Callable[[Any], None]) -> str:
    """The evidence of a healthy run, changed as JSON."""
    document = json.loads(dump_evidence(evidence_of()))
    change(document)
    return json.dumps(document)


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
        load_evidence(text)
    return str(caught.value)


@settings(deadline=None, database=None, max_examples=60)
@given(every(Evidence))
def test_what_is_written_is_read_again(evidence: Evidence) -> None:
    text = dump_evidence(evidence)
    assert load_evidence(text) == evidence
    assert text.isascii()
    VALIDATOR.validate(json.loads(text))


def test_visits_are_found_again_but_their_index_is_not_written() -> None:
    evidence = evidence_of()
    text = dump_evidence(evidence)
    assert load_evidence(text).by_endpoint == evidence.by_endpoint
    assert "by_endpoint" not in text


def test_the_envelope_and_the_forms_of_bytes_and_moments() -> None:
    document = json.loads(dump_evidence(evidence_of()))
    assert list(document) == ["schema_version", "evidence"]
    assert document["schema_version"] == "1"
    assert document["evidence"]["observed_at"] == "2026-01-31T12:00:00Z"
    [leaf, _] = document["evidence"]["visits"][0]["tls"]["chain"]
    assert base64.urlsafe_b64decode(leaf) == healthy_chain(HOST)[0]


def test_a_moment_of_another_zone_is_read_and_written_in_utc() -> None:
    zone = timezone(timedelta(hours=2))
    elsewhere = replace(evidence_of(), observed_at=datetime(2026, 1, 31, 14, tzinfo=zone))
    assert dump_evidence(elsewhere) == dump_evidence(evidence_of())
    read = load_evidence(changed(put("evidence", "observed_at", value="2026-01-31T14:00:00+02:00")))
    assert read.observed_at.tzinfo is UTC
    assert read == evidence_of()


def test_a_moment_is_written_to_the_microsecond() -> None:
    moment = datetime(2026, 1, 31, 12, 0, 0, 5, tzinfo=UTC)
    text = dump_evidence(replace(evidence_of(), observed_at=moment))
    assert '"2026-01-31T12:00:00.000005Z"' in text


@settings(deadline=None, database=None)
@given(st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_written(words: str) -> None:
    unseen = Unseen(trouble=Trouble.NETWORK, detail=words)
    text = dump_evidence(evidence_of(replace(healthy_visit(), connection=unseen)))
    read = load_evidence(text).visits[0].connection
    kept = words.encode("utf-8", "backslashreplace").decode()
    assert read == Unseen(trouble=Trouble.NETWORK, detail=kept)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "this is not JSON: Expecting value: line 1 column 1 (char 0)"),
        ("{", "this is not JSON: Expecting property name enclosed in double quotes"),
        ("[" * 100_000, "this is not JSON that can be read: nested too deeply"),
        ("[]", "this is not saved evidence: it has no schema_version"),
        ('{"evidence": {}}', "this is not saved evidence: it has no schema_version"),
        (
            '{"schema_version": "2", "evidence": {}}',
            (
                'schema_version: "2" is not "1", the version that this mxcheck reads; judge the'
                " evidence with the mxcheck that saved it"
            ),
        ),
        ('{"schema_version": 1}', 'schema_version: 1 is not "1"'),
        ('{"schema_version": "1"}', "evidence: field required"),
    ],
)
def test_what_is_no_evidence_is_refused(text: str, message: str) -> None:
    assert refusal(text).startswith(message)


VISIT = ("evidence", "visits", 0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            put(*VISIT, "greeting", "reply", "code", value="220"),
            "evidence.visits[0].greeting.reply.code: input should be a valid integer",
        ),
        (
            put(*VISIT, "tls", "chain", 1, value="*"),
            "evidence.visits[0].tls.chain[1]: data should be valid base64",
        ),
        (
            put(*VISIT, "connection", "connect_ms", value=float("nan")),
            "evidence.visits[0].connection.connect_ms: input should be a finite number",
        ),
        (
            put("evidence", "domains", 0, "mx", "record", value=[]),
            "evidence.domains[0].mx.record: unknown key; was this saved by a later mxcheck?",
        ),
        (
            put("evidence", "a\nb", value=1),
            r'evidence."a\nb": unknown key; was this saved by a later mxcheck?',
        ),
        (put("evidence", "observed_at", value=0), "evidence.observed_at: input should be a valid"),
        (
            put("evidence", "observed_at", value="2026-01-31T12:00:00"),
            "evidence.observed_at: 2026-01-31T12:00:00 does not say in which zone",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(change: Callable[[Any], None], message: str) -> None:
    assert re.sub(r"\s+", " ", refusal(changed(change))).startswith(message)


def test_what_is_newer_than_the_evidence_counts_as_not_asked() -> None:
    def forget(document: Any) -> None:  # noqa: ANN401 - JSON
        del document["evidence"]["domains"][0]["mta_sts"]
        del document["evidence"]["resolvers"]

    read = load_evidence(changed(forget))
    assert read.domains[0].mta_sts == NO_MTA_STS
    assert read.resolvers == ()


@pytest.mark.parametrize("name", ["observed_at", "finished_at"])
def test_a_moment_beyond_the_calendar_is_refused(name: str) -> None:
    text = changed(put("evidence", name, value="9999-12-31T23:59:59-14:00"))
    assert refusal(text).startswith(f"evidence.{name}: 9999-12-31T23:59:59-14:00 is no moment of")
