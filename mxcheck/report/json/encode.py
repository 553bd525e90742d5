"""JSON text for the reports that are JSON."""

import json


def json_text(document: object) -> str:
    """Write a document in ASCII only, with a final line feed."""
    return without_commands(json.dumps(document, ensure_ascii=True, indent=2)) + "\n"


def without_commands(text: str) -> str:
    """Escape what a CI system may read as a command if the JSON is part of a log.

    "##[name]" may be a command anywhere in a line; in JSON, "#" occurs in strings only.
    """
    return text.replace("##", r"#\u0023")
