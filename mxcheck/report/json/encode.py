"""Values as JSON text, for the reports that are JSON."""

import json


def json_text(document: object) -> str:
    """In ASCII alone, with a line feed at its end."""
    return without_commands(json.dumps(document, ensure_ascii=True, indent=2)) + "\n"


def without_commands(text: str) -> str:
    """The same JSON, in which a CI system whose log it becomes part of sees no command.

    "##[name]" anywhere in a line may be taken for one; the number sign stands in strings alone.
    """
    return text.replace("##", r"#\u0023")
