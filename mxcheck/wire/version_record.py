"""TXT records that begin with a version: `v=STSv1; id=1` (RFC 8461 3.1, RFC 8460 3)."""

import re
from collections.abc import Collection, Sequence

from mxcheck.wire.malformed import Malformed, quoted

FIELD_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")
"""The name of a field that may be an extension, in records and in MTA-STS policies."""

_WSP = " \t"
_EXTENSION_VALUE = re.compile(r"[\x21-\x3a\x3c\x3e-\x7e]+")
# What goes wrong in front of the version, in zone files and web forms.
_BEFORE = r"[\s\"'\\]*"


def select_record(texts: Sequence[str], version: str) -> str | Malformed | None:
    """The one text that begins with a version ("v=STSv1"); None where none is meant to.

    All others are discarded, as senders do. But where none is left, one that tries to be such a
    record, in other letters or without the semicolon, is the fault that its owner should know of.
    """
    begun = re.compile(rf"{version}[ \t]*(?:;|\Z)")
    records = [text for text in texts if begun.match(text)]
    if len(records) > 1:
        return Malformed(reason=f"{len(records)} records begin with {version}, where one is wanted")
    if records:
        return records[0]
    # "v=STSv10" is another version, which is nobody's fault.
    name = version.removeprefix("v=")
    meant = re.compile(rf"{_BEFORE}v\s*=\s*{name}(?![\d.])", re.IGNORECASE)
    for text in texts:
        if meant.match(text):
            return Malformed(reason=f"it does not begin with `{version};`, but is {quoted(text)}")
    return None


def parse_fields(
    record: str, version: str, own: Collection[str]
) -> tuple[tuple[str, str], ...] | Malformed:
    """The fields behind the version, name and value; the value of those in `own` is not looked at.

    Fields that nobody knows are extensions, which need be no more than well-formed.
    """
    if not record.isascii():
        return Malformed(reason=f"it holds bytes outside ASCII: {quoted(record)}")
    _, *parts = record.removeprefix(version).split(";")
    if parts and not parts[-1].strip(_WSP):
        parts.pop()  # one delimiter may end the record
    elif record[-1] in _WSP:
        return Malformed(reason="it ends in white space")
    fields = [part.strip(_WSP).partition("=")[::2] for part in parts]
    for name, value in fields:
        fault = _fault(name, value, own)
        if fault:
            return Malformed(reason=fault)
    return tuple(fields)


def _fault(name: str, value: str, own: Collection[str]) -> str:
    if not name and not value:
        return "there is nothing between two semicolons"
    if not FIELD_NAME.fullmatch(name) or not value:
        field = f"{name}={value}" if value else name
        return f"wanted name=value between semicolons, got {quoted(field)}"
    if name not in own and not _EXTENSION_VALUE.fullmatch(value):
        return f"the value of {name} holds what it may not: {quoted(value)}"
    return ""
