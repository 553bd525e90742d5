"""JSON text for the reports that are JSON."""

import json
from collections.abc import Iterable, Iterator


def json_text(document: object) -> str:
    """Write a document in ASCII only, with a final line feed."""
    return without_commands(json.dumps(document, ensure_ascii=True, indent=2)) + "\n"


def stream_text(document: object, mark: str, items: Iterable[object]) -> Iterator[str]:
    """Write a document piece by piece: the list that contains `mark` alone gets the items.

    The text is that of `json_text`, and at no time more of it is in memory than one item.
    """
    before, found, after = json_text(document).partition(json.dumps(mark))
    if not found:
        raise ValueError(f"the document has no list of {mark}")
    indent = before[before.rindex("\n") :]
    yield before.removesuffix(indent)
    empty = True
    for item in items:
        text = without_commands(json.dumps(item, ensure_ascii=True, indent=2))
        yield f"{'' if empty else ','}{indent}{text.replace(chr(10), indent)}"
        empty = False
    yield after.lstrip() if empty else after


def without_commands(text: str) -> str:
    """Escape what a CI system may read as a command if the JSON is part of a log.

    "##[name]" may be a command anywhere in a line; in JSON, "#" occurs in strings only.
    """
    return text.replace("##", r"#\u0023")
