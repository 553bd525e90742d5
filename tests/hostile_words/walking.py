"""The same words in every place of evidence in which anybody but us has a say."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import timedelta
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from mxcheck.demo.certificates import ec_key
from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.evidence.smtp import Visit
from mxcheck.wire.address import parse_address
from tests.build import OBSERVED_AT

T = TypeVar("T")
_MX_RECORD, _TXT_RECORD = re.compile(r"\d+ \S+"), re.compile(r'"(.*)"')


@dataclass(frozen=True, slots=True)
class Words:
    """The words, and how they look in the places that have a form of their own."""

    text: str

    @property
    def escaped(self) -> str:
        """Without what no encoding has."""
        return self.text.encode("utf-8", "backslashreplace").decode()

    def name(self, name: str) -> str:
        """Another name for each name, the same wherever it stands."""
        return f"{self.text}{name}"

    def record(self, record: str) -> str:
        """A record of the same type; addresses are numbers to everybody."""
        if parse_address(record):
            return record
        if _MX_RECORD.fullmatch(record):
            number, _, exchange = record.partition(" ")
            return f"{number} {exchange if exchange == '.' else self._without_spaces + exchange}"
        if text := _TXT_RECORD.fullmatch(record):
            return f'"{text[1]}" "{self._in_quotes}"'
        return f"{record} {self.text}"

    @property
    def _without_spaces(self) -> str:
        """As dnspython writes names: what is white space has a number (RFC 1035 5.1)."""
        return "".join(f"\\{ord(one):03}" if one.isspace() else one for one in self.text)

    @property
    def _in_quotes(self) -> str:
        data = self.escaped.encode()[:200]
        return "".join(
            chr(one) if 32 < one < 127 and one not in b'"\\' else f"\\{one:03}" for one in data
        )

    def body(self, body: bytes) -> bytes:
        """A policy in which they stand too."""
        return body and body + b"mx: " + self.escaped.encode() + b"\n"


def everywhere(value: T, words: Words) -> T:
    """A value of evidence, with these words in every text of it."""
    changed: T = _walk(value, "", words)
    return changed


def _walk(value: Any, field: str, words: Words) -> Any:  # noqa: ANN401 - any part of evidence
    if isinstance(value, Enum | int | float) or value is None:
        return value
    if isinstance(value, tuple):
        if field == "chain":
            return certificates(words.escaped) if value else ()
        return tuple(_walk(item, field, words) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        names = [one.name for one in fields(value) if one.init]
        return replace(value, **{name: _walk(getattr(value, name), name, words) for name in names})
    if isinstance(value, str | bytes):
        return _LEAVES.get(field, _any_text)(value, words)
    return value


def _any_text(value: Any, words: Words) -> Any:  # noqa: ANN401 - text or bytes
    return words.text if isinstance(value, str) else words.escaped.encode()


def _named(value: str, words: Words) -> str:
    return words.name(value)


def _kept(value: str, _words: Words) -> str:
    return value


_LEAVES: dict[str, Callable[[Any, Words], Any]] = {
    "host": _named,
    "name": _named,
    "domain": lambda value, words: value and words.name(value),
    "base": _named,
    "address": _kept,
    "addresses": _kept,
    "records": lambda value, words: words.record(value),
    "body": lambda value, words: words.body(value),
    "offered": _kept,
}
NAMED = (Domain, MxHost, Visit)


@cache
def certificates(words: str) -> tuple[bytes, ...]:
    """A chain whose names are these words; nobody vouches for it."""
    key = ec_key()
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, words[:64]),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, words[:20_000]),
        ]
    )
    san = words[:20_000].encode("ascii", "backslashreplace").decode()
    leaf = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(4711)
        .not_valid_before(OBSERVED_AT - timedelta(days=90))
        .not_valid_after(OBSERVED_AT - timedelta(days=3))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(san)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return (leaf.public_bytes(Encoding.DER),)
