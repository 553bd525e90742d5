"""Characters that cannot be seen are escapes in every medium, or two texts would look the same."""

import json
from collections.abc import Callable

import pytest

from mxcheck.config.errors import key_name
from mxcheck.model.quoting import quote
from mxcheck.report.escape import (
    for_json,
    for_markdown,
    for_sarif,
    for_terminal,
    for_workflow_data,
    for_workflow_property,
    for_xml,
)

# Default_Ignorable_Code_Point in DerivedCoreProperties.txt of Unicode 16.0.
IGNORABLE = (
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
CHARACTERS = [chr(code) for first, last in IGNORABLE for code in range(first, last + 1)]


def workflow_data(text: str) -> str:
    return for_workflow_data([text], 4096)


def workflow_property(text: str) -> str:
    return for_workflow_property(text, 4096)


def as_json(text: str) -> str:
    return json.dumps(for_json(text))


def as_key(text: str) -> str:
    return key_name((text,))


MEDIA = (
    *(for_terminal, for_xml, for_markdown, for_sarif, workflow_data, workflow_property),
    *(as_json, as_key, quote),
)


@pytest.mark.parametrize("render", MEDIA)
def test_each_of_them_is_an_escape(render: Callable[[str], str]) -> None:
    raw = [hex(ord(one)) for one in CHARACTERS if one in render(f"mx1{one}.example.com {one}{one}")]
    assert raw == []


@pytest.mark.parametrize("render", MEDIA)
def test_two_texts_that_look_the_same_are_told_apart(render: Callable[[str], str]) -> None:
    assert render("open-relay") != render("open\u034f-relay") != render("open\ufe0f-relay")


@pytest.mark.parametrize("text", ["Grüße", "例え.example", "naïve café", "हिन्दी", "mx1.example"])
def test_what_can_be_seen_stays(text: str) -> None:
    assert for_terminal(text) == text
