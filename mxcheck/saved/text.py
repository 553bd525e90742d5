"""Evidence as JSON, versioned, and back: what one run saw can be judged again by another."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from mxcheck.evidence.domain import Evidence
from mxcheck.model.quoting import quote

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

SCHEMA_VERSION = "1"
_UNKNOWN_KEY = "unexpected_keyword_argument"


class EvidenceError(Exception):
    """The text is not evidence that can be read; the message says why, with the place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvidence:
    """Evidence in its envelope: bytes as base64 (RFC 4648 5), moments in RFC 3339, in UTC.

    Unknown keys are refused: evidence that is passed over in silence would be judged as not seen.
    """

    __pydantic_config__ = ConfigDict(
        extra="forbid",
        allow_inf_nan=False,
        ser_json_bytes="base64",
        val_json_bytes="base64",
    )

    schema_version: Literal["1"] = "1"
    evidence: Evidence


@cache
def stored_adapter() -> TypeAdapter[StoredEvidence]:
    """What turns evidence to JSON and back, and gives the schema of it."""
    return TypeAdapter(StoredEvidence)


def dump_evidence(evidence: Evidence) -> str:
    """The evidence as JSON, in ASCII alone, with a line feed at its end."""
    stored = StoredEvidence(evidence=_in_utc(evidence))
    document = stored_adapter().dump_python(stored, mode="json")
    return json.dumps(_readable(document), indent=1) + "\n"


def load_evidence(text: str) -> Evidence:
    """The evidence that `dump_evidence` wrote, or EvidenceError."""
    _check_version(text)
    try:
        evidence = stored_adapter().validate_json(text, strict=True).evidence
    except ValidationError as error:
        raise EvidenceError(_describe(error.errors(include_url=False))) from None
    _check_moment("observed_at", evidence.observed_at)
    _check_moment("finished_at", evidence.finished_at)
    return _in_utc(evidence)


def _check_moment(name: str, moment: datetime) -> None:
    if moment.tzinfo is None:
        raise EvidenceError(f"evidence.{name}: {moment.isoformat()} does not say in which zone")
    try:
        moment.astimezone(UTC)
    except OverflowError:
        message = f"evidence.{name}: {moment.isoformat()} is no moment of the calendar in UTC"
        raise EvidenceError(message) from None


def _in_utc(evidence: Evidence) -> Evidence:
    return replace(
        evidence,
        observed_at=evidence.observed_at.astimezone(UTC),
        finished_at=evidence.finished_at.astimezone(UTC),
    )


def _readable(value: object) -> object:
    """The same, but for lone surrogates: they become escapes, as JSON readers refuse them."""
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode("utf-8")
        case dict():
            return {key: _readable(item) for key, item in value.items()}
        case list():
            return [_readable(item) for item in value]
        case _:
            return value


def _check_version(text: str) -> None:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise EvidenceError(f"this is not JSON: {error}") from None
    except RecursionError:
        raise EvidenceError("this is not JSON that can be read: nested too deeply") from None
    if not isinstance(document, dict) or "schema_version" not in document:
        raise EvidenceError("this is not saved evidence: it has no schema_version")
    version = document["schema_version"]
    if version != SCHEMA_VERSION:
        raise EvidenceError(
            f"schema_version: {quote(version)} is not {quote(SCHEMA_VERSION)}, the version that"
            " this mxcheck reads; judge the evidence with the mxcheck that saved it"
        )


def _describe(faults: Sequence["ErrorDetails"]) -> str:
    # Where several shapes are possible each of them has its faults: the one that came farthest
    # into the text is meant.
    fault = max(faults, key=lambda fault: len(fault["loc"]))
    location, message = _place(fault["loc"]), fault["msg"]
    if fault["type"] == _UNKNOWN_KEY:
        return f"{location}: unknown key; was this saved by a later mxcheck?"
    return f"{location}: {message[:1].lower()}{message[1:]}"


def _place(path: Sequence[str | int]) -> str:
    """A path as people write it, `evidence.visits[0].tls`, without the names of the shapes."""
    location = ""
    for part in path:
        if isinstance(part, int):
            location += f"[{part}]"
        elif not part[:1].isupper():
            location += f".{part if part.isidentifier() else quote(part)}"
    return location.removeprefix(".")
