"""TLSA records (RFC 6698): read, told usable from unusable, held against certificates."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from mxcheck.evidence.dns import Answer, Lookup
from mxcheck.evidence.outcome import Unseen
from mxcheck.wire.certificate import parse_certificate
from mxcheck.wire.certificate_fields import subject_public_key_info
from mxcheck.wire.public_key import NO_KEY, load_public_key

DANE_TA, DANE_EE = 2, 3
"""The certificate usages that mail senders use: a trust anchor, the server's own (RFC 7672 3.1)."""
CERT, SPKI = 0, 1
"""Selectors: the whole certificate, or its public key with the algorithm (RFC 6698 2.1.2)."""
FULL, SHA256, SHA512 = 0, 1, 2
"""Matching types (RFC 6698 2.1.3)."""

_DIGESTS = {SHA256: hashlib.sha256, SHA512: hashlib.sha512}
_DIGEST_NAMES = {SHA256: "SHA-256", SHA512: "SHA-512"}
_PKIX_USAGES = frozenset({0, 1})
_NUMBERS = 3
_MAX_NUMBER = 255
_SHOWN_BYTES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsaRecord:
    """One certificate association; `data` is the association data itself (RFC 6698 2.1)."""

    usage: int
    selector: int
    matching_type: int
    data: bytes

    @property
    def parameters(self) -> str:
        """Usage, selector and matching type, as people quote them: "3 1 1"."""
        return f"{self.usage} {self.selector} {self.matching_type}"

    def __str__(self) -> str:
        """Presentation format; what is longer than any digest is cut short."""
        data = self.data.hex()
        if len(self.data) > _SHOWN_BYTES:
            data = f"{self.data[:_SHOWN_BYTES].hex()}… ({len(self.data)} bytes)"
        return f"{self.parameters} {data}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MalformedTlsa:
    """Data in place of a TLSA record, and why it is not one."""

    text: str
    reason: str

    def __str__(self) -> str:
        """Return it as it was received."""
        return self.text


Published = TlsaRecord | MalformedTlsa


def parse_tlsa(text: str) -> Published:
    """Read presentation format (RFC 6698 2.2): three numbers, and data in hexadecimal."""
    words = text.split()
    try:
        usage, selector, matching_type = map(_octet, words[:_NUMBERS])
        data = bytes.fromhex("".join(words[_NUMBERS:]))
    except ValueError:
        return MalformedTlsa(text=text, reason="it is not three numbers and hexadecimal data")
    return TlsaRecord(usage=usage, selector=selector, matching_type=matching_type, data=data)


def parse_tlsa_records(lookup: Lookup) -> tuple[Published, ...]:
    """Return the records of a TLSA lookup; none where it showed none."""
    return tuple(map(parse_tlsa, lookup.records)) if isinstance(lookup, Answer) else ()


def _octet(word: str) -> int:
    if not (word.isascii() and word.isdigit() and int(word) <= _MAX_NUMBER):
        raise ValueError(f"{word!r} is not an octet")
    return int(word)


def why_unusable(record: Published) -> str:
    """Return why senders leave a record aside (RFC 6698 4.1, RFC 7672 3.1.3).

    Empty where they use it.
    """
    if isinstance(record, MalformedTlsa):
        return record.reason
    if record.usage in _PKIX_USAGES:
        return f"usage {record.usage} is not used for mail: senders use 2 and 3"
    if record.usage not in {DANE_TA, DANE_EE}:
        return f"usage {record.usage} is unknown"
    if record.selector not in {CERT, SPKI}:
        return f"selector {record.selector} is unknown"
    return _why_data_unusable(record)


def _why_data_unusable(record: TlsaRecord) -> str:
    if record.matching_type == FULL:
        return _why_no_object(record)
    if record.matching_type not in _DIGESTS:
        return f"matching type {record.matching_type} is unknown"
    wanted, found = len(digest_of(record.matching_type, b"")), len(record.data)
    if found != wanted:
        name = _DIGEST_NAMES[record.matching_type]
        return f"its data is {found} bytes long, and a {name} digest is {wanted}"
    return ""


def _why_no_object(record: TlsaRecord) -> str:
    if record.selector == CERT:
        unreadable = isinstance(parse_certificate(record.data), Unseen)
        return "its data is not a certificate that can be read" if unreadable else ""
    try:
        load_public_key(record.data)
    except NO_KEY:
        return "its data is not a public key that can be read"
    return ""


def usable_records(published: Iterable[Published]) -> tuple[TlsaRecord, ...]:
    """Return the records that senders use.

    Of the digests for one usage and selector only the strongest.

    Digest algorithm agility (RFC 7671 9); full values always stay.
    """
    usable = [
        record
        for record in published
        if isinstance(record, TlsaRecord) and not why_unusable(record)
    ]
    return tuple(
        record for record in usable if record.matching_type in {FULL, _best(record, usable)}
    )


def outdone_records(published: Iterable[Published]) -> tuple[TlsaRecord, ...]:
    """Return the digests that senders could use, but for a stronger one beside them."""
    published = tuple(published)
    used = usable_records(published)
    return tuple(
        record
        for record in published
        if isinstance(record, TlsaRecord) and not why_unusable(record) and record not in used
    )


def _best(record: TlsaRecord, among: Iterable[TlsaRecord]) -> int:
    kind = (record.usage, record.selector)
    return max(other.matching_type for other in among if (other.usage, other.selector) == kind)


def matches(record: TlsaRecord, certificate: bytes) -> bool:
    """Return whether a record that is usable is about a certificate (DER)."""
    try:
        selected = _selected(record.selector, record.matching_type, certificate)
    except ValueError:
        return False
    return record.data == selected


# A hostile domain has a thousand records to hold against each of three hundred certificates.
@lru_cache(maxsize=16)
def _selected(selector: int, matching_type: int, certificate: bytes) -> bytes:
    """Return what a record of this kind holds about a certificate.

    ValueError where that has no key.
    """
    selected = certificate if selector == CERT else subject_public_key_info(certificate)
    return selected if matching_type == FULL else digest_of(matching_type, selected)


def digest_of(matching_type: int, data: bytes) -> bytes:
    """Return the digest of a matching type other than FULL (RFC 6698 2.1.3)."""
    return _DIGESTS[matching_type](data).digest()


def recommended_record(certificate: bytes, beside: Iterable[TlsaRecord] = ()) -> TlsaRecord:
    """Return the record for a server's certificate (DER) that RFC 7672 3.1 recommends: 3 1 1.

    Beside a 3 1 2 it is another 3 1 2: of one usage and selector the strongest digest alone counts
    (RFC 7671 9). ValueError where the certificate cannot be read.
    """
    stronger = (DANE_EE, SPKI, SHA512)
    has_stronger = any((one.usage, one.selector, one.matching_type) == stronger for one in beside)
    digest = SHA512 if has_stronger else SHA256
    data = digest_of(digest, subject_public_key_info(certificate))
    return TlsaRecord(usage=DANE_EE, selector=SPKI, matching_type=digest, data=data)
