"""A line of output as GitHub's runner reads it (ActionCommand.TryParseV2 in actions/runner)."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    name: str
    properties: dict[str, str]
    data: str

    @property
    def shape(self) -> tuple[object, ...]:
        """All of it but the words."""
        location = (self.properties["file"], self.properties["line"])
        return (self.name, *location, *self.properties)


def run_line(line: str) -> Command:
    """The command that a line is; AssertionError where it is none."""
    line = line.lstrip()
    assert line.startswith("::")
    info, separator, data = line[2:].partition("::")
    assert separator
    name, _, properties = info.partition(" ")
    pairs = [pair.split("=", 1) for pair in properties.split(",") if pair]
    return Command(
        name=name,
        properties={key: _unescape(value) for key, value in pairs},
        data=_unescape(data),
    )


def _unescape(text: str) -> str:
    return re.sub("%(25|0D|0A|3A|2C)", lambda match: chr(int(match[1], 16)), text)
