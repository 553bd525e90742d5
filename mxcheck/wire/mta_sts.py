"""MTA-STS (RFC 8461): the DNS record, the policy file, and the patterns in it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mxcheck.wire.domain_name import MAX_NAME
from mxcheck.wire.malformed import Malformed, quoted
from mxcheck.wire.version_record import (
    FIELD_NAME,
    Discarded,
    RecordKind,
    parse_fields,
    select_record,
)

_RECORD = RecordKind(version="v=STSv1", name="(?:mta[-_ ]?)?sts", field="id")
POLICY_PATH = "/.well-known/mta-sts.txt"
"""The path of every policy (RFC 8461 3.3)."""
MAX_POLICY = 64 * 1024
"""Bytes of a policy that senders read (RFC 8461 3.3)."""
LONGEST_MAX_AGE = 31_557_600
"""The greatest max_age, in seconds: a year (RFC 8461 3.2)."""

_ID = re.compile(r"[A-Za-z0-9]{1,32}")
_DIGITS = re.compile(r"[0-9]{1,10}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# RFC 5321 4.1.2: a Domain is letters, digits and hyphens, without a dot at its end.
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_MX = re.compile(rf"(?:\*\.)?{_LABEL}(?:\.{_LABEL})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class StsRecord:
    """A valid record: the `id` of the policy that is published.

    `other_ids` are further ids in the record, which some senders take in its place.
    """

    id: str
    other_ids: tuple[str, ...] = ()


class Mode(StrEnum):
    """What senders do if a server does not comply (RFC 8461 5)."""

    ENFORCE = "enforce"
    TESTING = "testing"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class StsPolicy:
    """A valid policy; `max_age` is in seconds, the patterns are in lower case."""

    mode: Mode
    max_age: int
    mx_patterns: tuple[str, ...]


def policy_host(domain: str) -> str:
    """Return the name of the host that serves the policy of a domain (RFC 8461 3.3)."""
    return f"mta-sts.{domain}"


def policy_url(domain: str) -> str:
    """Return the URL of the policy of a domain."""
    return f"https://{policy_host(domain)}{POLICY_PATH}"


def parse_sts_records(texts: Sequence[str]) -> StsRecord | Malformed | Discarded | None:
    """Return the one record among the TXT records of `_mta-sts.DOMAIN`; None if there is none."""
    record = select_record(texts, _RECORD)
    if not isinstance(record, str):
        return record
    fields = parse_fields(record, _RECORD.version, {"id"})
    if isinstance(fields, Malformed):
        return fields
    ids = [value for name, value in fields if name == "id"]
    if not ids:
        return Malformed(reason=f"it has no id: {quoted(record)}")
    # RFC 8461 3.2, of records too: of a field that is there twice the first counts.
    if not _ID.fullmatch(ids[0]):
        return Malformed(reason=f"wanted an id of 1 to 32 letters and digits, got {quoted(ids[0])}")
    return StsRecord(id=ids[0], other_ids=tuple(one for one in ids[1:] if one != ids[0]))


def matches_mx(pattern: str, host: str) -> bool:
    """Return whether a pattern matches an MX host; "*." is exactly one label (RFC 8461 4.1)."""
    wanted, name = pattern.lower(), host.lower().rstrip(".")
    if wanted.startswith("*."):
        return name.partition(".")[2] == wanted.removeprefix("*.")
    return name == wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyField:
    """A line of a policy: its number, and the texts before and after the colon."""

    number: int
    name: str
    value: str


def parse_sts_policy(body: bytes) -> StsPolicy | Malformed:
    """Parse the policy in the body of a response (RFC 8461 3.2)."""
    fields = parse_policy_fields(body)
    if isinstance(fields, Malformed):
        return fields
    # RFC 8461 3.2: the first of several fields with the same name counts, except for mx.
    first = {field.name: field for field in reversed(fields)}
    patterns = [field for field in fields if field.name == "mx"]
    fault = next(filter(None, (_required_fault(first), *map(_pattern_fault, patterns))), "")
    if fault:
        return Malformed(reason=fault)
    mode = Mode(first["mode"].value)
    if not patterns and mode is not Mode.NONE:
        return Malformed(reason=f"it has no mx field, which mode {mode} requires")
    return StsPolicy(
        mode=mode,
        max_age=int(first["max_age"].value),
        mx_patterns=tuple(field.value.lower() for field in patterns),
    )


def parse_policy_fields(body: bytes) -> tuple[PolicyField, ...] | Malformed:
    """Split a policy into its lines, whatever their values."""
    if len(body) > MAX_POLICY:
        return Malformed(
            reason=f"it is longer than {MAX_POLICY // 1024} KiB, and senders stop there"
        )
    lines = body.split(b"\n")
    if not lines[-1]:
        lines.pop()  # the last line may end in a line feed or not
    if not lines:
        return Malformed(reason="it is empty")
    fields = []
    for number, line in enumerate(lines, 1):
        try:
            text = line.removesuffix(b"\r").decode()
        except UnicodeDecodeError:
            return Malformed(reason=f"line {number}: wanted UTF-8, got {line[:40]!r}")
        name, _, value = text.partition(":")
        field = PolicyField(number=number, name=name, value=value.strip(" \t"))
        fault = _line_fault(text, field)
        if fault:
            return Malformed(reason=f"line {number}: {fault}")
        fields.append(field)
    return tuple(fields)


def _line_fault(text: str, field: PolicyField) -> str:
    """Return why a line is not a field; an unknown field only has to be well-formed."""
    if text.startswith("\ufeff"):
        return "wanted a field, got a byte order mark in front of it"
    if not text.strip(" \t"):
        # mox and maddy refuse such a policy; others skip the line.
        return "wanted a field, got an empty line"
    if not FIELD_NAME.fullmatch(field.name) or not field.value:
        return f"wanted `name: value`, got {quoted(text)}"
    if _CONTROL.search(field.value):
        return f"wanted a value without control characters, got {quoted(text)}"
    return ""


_REQUIRED: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "version": (lambda value: value == "STSv1", "`version: STSv1`"),
    "mode": (lambda value: value in set(Mode), "`mode: enforce`, `testing` or `none`"),
    "max_age": (
        lambda value: bool(_DIGITS.fullmatch(value)) and int(value) <= LONGEST_MAX_AGE,
        f"`max_age:` and seconds, in digits alone, up to {LONGEST_MAX_AGE}",
    ),
}


def _required_fault(first: Mapping[str, PolicyField]) -> str:
    """Return what is missing or wrong in the fields that every policy must have."""
    for name, (is_valid, wanted) in _REQUIRED.items():
        if name not in first:
            spelt = [field.number for field in first.values() if field.name.lower() == name]
            hint = f"; line {spelt[0]} does not spell it in lower case" if spelt else ""
            return f"it has no {name} field{hint}"
        field = first[name]
        if not is_valid(field.value):
            return f"line {field.number}: wanted {wanted}, got {quoted(field.value)}"
    return ""


def _pattern_fault(field: PolicyField) -> str:
    """Return why the value of an mx field is not a pattern."""
    value = field.value
    if len(value) <= MAX_NAME and _MX.fullmatch(value):
        return ""
    return f"line {field.number}: wanted {_wanted_mx(value)}, got {quoted(f'mx: {value}')}"


def _wanted_mx(value: str) -> str:
    """Return what is wanted in place of a malformed pattern, as its fault suggests."""
    if not value.isascii():
        return "the A-labels (xn--…) of an internationalised name"
    if "," in value or " " in value:
        return "each host on an mx line of its own"
    if value.endswith("."):
        return "a host name without a dot at its end"
    return "a host name (`mx: mx1.example.com`), or `*.` and a host name"
