"""TXT records that begin with a version: `v=STSv1; id=1` (RFC 8461 3.1, RFC 8460 3)."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from mxcheck.wire.malformed import Malformed, quoted

FIELD_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")
"""The name of a field that may be an extension, in records and in MTA-STS policies."""

_WSP = " \t"
_EXTENSION_VALUE = re.compile(r"[\x21-\x3a\x3c\x3e-\x7e]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discarded:
    """A text that is meant to be a record and that senders discard; `reason` says why.

    Senders act as if there were no record.
    """

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKind:
    """A kind of record: its version ("v=STSv1"), how people misspell its name, its main field.

    `name` is a regular expression for the name without its version number.
    """

    version: str
    name: str
    field: str

    def is_meant(self, text: str) -> bool:
        """Return whether a text is meant to be such a record, of this version."""
        # "v=STSv10" and "v=STSv2" are other versions, which nobody has to know.
        number = r"(?:v?1(?![\d.])|(?![a-z0-9.]))"
        # Whatever the version is, the main field behind it says what is meant.
        behind = rf"\A\W*v\s*=\W*(?!{self.name}v?\d|dmarc)\w+\W+{self.field}\s*="
        spelt = rf"\bv(?:ersion)?\s*[=:]\W*{self.name}{number}|(?<![a-z0-9]){self.name}v1(?![\d.])"
        return bool(re.search(rf"{spelt}|{behind}|\A\W*{self.field}\s*=", text, re.IGNORECASE))


def select_record(texts: Sequence[str], kind: RecordKind) -> str | Malformed | Discarded | None:
    """Return the one text that begins with the version; None if there is none of that kind.

    Senders discard all others. If none is left, a text that is meant to be such a record is
    returned as Discarded, because its owner believes that it works.
    """
    begun = re.compile(rf"{kind.version}[ \t]*(?:;|\Z)")
    records = [text for text in texts if begun.match(text)]
    if len(records) > 1:
        reason = f"{len(records)} records begin with {kind.version}, where one is wanted"
        return Malformed(reason=reason)
    if records:
        return records[0]
    for text in map(_readable, texts):
        if kind.is_meant(text):
            reason = f"it does not begin with `{kind.version};`, but is {quoted(text)}"
            return Discarded(reason=reason)
    return None


def _readable(text: str) -> str:
    """Decode a text of one character for each byte as UTF-8, if it is UTF-8."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def parse_fields(
    record: str, version: str, own: Collection[str]
) -> tuple[tuple[str, str], ...] | Malformed:
    """Parse the fields after the version to names and values.

    Fields whose name is not in `own` are extensions, which only have to be well-formed; the caller
    checks the values of the own fields.
    """
    if not record.isascii():
        return Malformed(reason=f"it contains bytes outside ASCII: {quoted(_readable(record))}")
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
    """Return why a name and a value are not a field, "" if they are one."""
    if not name and not value:
        return "there is nothing between two semicolons"
    if not FIELD_NAME.fullmatch(name) or not value:
        field = f"{name}={value}" if value else name
        return f"wanted name=value between semicolons, got {quoted(field)}"
    if name not in own and not _EXTENSION_VALUE.fullmatch(value):
        return f"the value of {name} contains what it may not: {quoted(value)}"
    return ""
