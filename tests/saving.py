"""Evidence of one run as one text, and back, for tests that look at the whole."""

import json
from typing import Any

from mxcheck.evidence.domain import Run
from mxcheck.evidence.runs import Evidence
from mxcheck.saved.lines import dump_evidence, load_evidence


def as_evidence(run: Run) -> Evidence:
    return Evidence(runs=(run,))


def saved_text(run: Run) -> str:
    return "".join(dump_evidence(as_evidence(run)))


def loaded_run(text: str) -> Run:
    [run] = load_evidence(text.splitlines(keepends=True)).runs
    return run


_OF_BEGIN = ("observed_at", "port", "resolvers", "via", "overrides")
_LISTS = {"visits": "visit", "reverse": "reverse", "domains": "domain"}


def to_document(text: str) -> dict[str, Any]:
    """The lines of one run as one JSON document, in which tests change what they like."""
    lines = [json.loads(line) for line in text.splitlines()]
    evidence = {**lines[0]["run"], **lines[-1]["end"]}
    for name, key in _LISTS.items():
        evidence[name] = [line[key] for line in lines if key in line]
    return {"schema_version": lines[0]["schema_version"], "evidence": evidence}


def from_document(document: Any) -> str:  # noqa: ANN401 - JSON
    """The lines of such a document; what is not of its shape is one line."""
    if not isinstance(document, dict) or not isinstance(document.get("evidence"), dict):
        return json.dumps(document)
    evidence = dict(document["evidence"])
    lists = {name: evidence.pop(name, []) for name in _LISTS}
    begin = {name: evidence.pop(name) for name in _OF_BEGIN if name in evidence}
    evidence |= {
        name: len(found) if isinstance(found, list) else 0 for name, found in lists.items()
    }
    head = {key: value for key, value in document.items() if key != "evidence"}
    lines: list[object] = [{**head, "run": begin}]
    for name, found in lists.items():
        lines += [{_LISTS[name]: one} for one in (found if isinstance(found, list) else [found])]
    return "".join(json.dumps(line) + "\n" for line in (*lines, {"end": evidence}))
