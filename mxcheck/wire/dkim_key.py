"""DKIM keys in DNS (RFC 6376 3.6.1): the record at SELECTOR._domainkey.DOMAIN."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mxcheck.wire.malformed import Malformed, quoted
from mxcheck.wire.public_key import NO_KEY, load_public_key
from mxcheck.wire.tag_list import TagList, parse_tag_list

VERSION = "DKIM1"
RSA, ED25519 = "rsa", "ed25519"
_SPACE = re.compile(r"\s+")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_ED25519_BYTES = 32  # RFC 8463 4.2: the key alone
_HYPHENATED = re.compile(r"[a-z](?:[a-z0-9-]*[a-z0-9])?|\*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DkimKey:
    """A valid key: its type and its size in bits.

    `is_revoked` says that p is empty, `testing` that the flag y is set; `text` is the record.
    """

    kind: str
    bits: int = 0
    is_revoked: bool = False
    testing: bool = False
    text: str = ""

    @property
    def text_without_testing(self) -> str:
        """Return the record without the flag y, ready to publish."""
        tags = parse_tag_list(self.text).tags
        flags = [one.strip() for one in (dict(tags).get("t") or "").split(":")]
        kept = {"t": ":".join(one for one in flags if one.lower() != "y")}
        written = ((name, kept.get(name, value)) for name, value in tags)
        return "; ".join(f"{name}={value}" for name, value in written if value or name == "p")

    @property
    def shown(self) -> str:
        """Return type and size, as messages name them."""
        return "Ed25519" if self.kind == ED25519 else f"RSA {self.bits}"


def key_name(selector: str, domain: str) -> str:
    """Return the name at which the key of a selector is (RFC 6376 3.6.2.1)."""
    return f"{selector}._domainkey.{domain}"


def select_key(texts: Sequence[str]) -> DkimKey | Malformed | None:
    """Return the one key among the TXT records of a name, None if there is no record.

    Several records are Malformed: what a receiver takes of them is undefined (RFC 6376 3.6.2.2).
    """
    if len(texts) > 1:
        return Malformed(reason=f"there are {len(texts)} TXT records, where one is wanted")
    return parse_key(texts[0]) if texts else None


def parse_key(text: str) -> DkimKey | Malformed:
    """Parse a record; Malformed if no signature can be verified with it."""
    tags = parse_tag_list(text)
    fault = next(iter(tags.faults), "") or _fault(tags)
    if fault:
        return Malformed(reason=fault)
    kind = tags.get("k") or RSA
    read = _read_key(kind, _SPACE.sub("", tags.get("p") or ""))
    if isinstance(read, Malformed):
        return read
    return DkimKey(
        kind=kind,
        bits=read,
        is_revoked=not tags.get("p"),
        testing="y" in _listed(tags.get("t") or ""),
        text=text,
    )


def _fault(tags: TagList) -> str:
    """Return what is wrong in the tags beside the key, "" if nothing is."""
    version, hashes = tags.get("v"), _listed(tags.get("h") or "")
    services = _listed(tags.get("s") or "*")
    if version is not None and (version != VERSION or tags.names[0] != "v"):
        # RFC 6376 3.6.1: if there is a version, it comes first, and is this one.
        return f"wanted v={VERSION} as the first tag, or none, got {quoted(f'v={version}')}"
    if tags.get("p") is None:
        return "it has no p=, which is the key"
    if tags.get("k") not in {None, RSA, ED25519}:
        return f"wanted k=rsa or k=ed25519, got {quoted(tags.get('k') or '')}"
    if tags.get("h") is not None and "sha256" not in hashes:
        # RFC 8301 3.1: sha1 is not to be used; receivers ignore hashes that they do not know.
        return f"its h= allows {quoted(tags.get('h') or '')}, but not sha256, which signatures use"
    if not {"*", "email"} & set(services):
        return f"its s= is for {quoted(tags.get('s') or '')}, not for mail"
    return _flags_fault(tags)


def _flags_fault(tags: TagList) -> str:
    flags = _listed(tags.get("t") or "")
    bad = next((one for one in flags if not _HYPHENATED.fullmatch(one)), "")
    return f"wanted flags such as y or s in t=, got {quoted(bad)}" if bad else ""


def _listed(value: str) -> tuple[str, ...]:
    return tuple(one.strip().lower() for one in value.split(":") if one.strip())


def _read_key(kind: str, encoded: str) -> int | Malformed:
    """Return the bits of a key, 0 if it is revoked."""
    if not encoded:
        return 0
    if not _BASE64.fullmatch(encoded):
        return Malformed(reason=f"p= is not base64: {quoted(encoded)}")
    try:
        data = base64.b64decode(encoded, validate=True)
    except binascii.Error as error:
        return Malformed(reason=f"p= is not base64, or was cut off ({error}): {quoted(encoded)}")
    return _read_ed25519(data) if kind == ED25519 else _read_rsa(data)


def _read_ed25519(data: bytes) -> int | Malformed:
    if len(data) == _ED25519_BYTES:
        return 8 * _ED25519_BYTES
    wanted = f"wanted the {_ED25519_BYTES} bytes of an Ed25519 key in p= (RFC 8463 4.2)"
    try:
        key = load_public_key(data)
    except NO_KEY:
        return Malformed(reason=f"{wanted}, got {len(data)}")
    if not isinstance(key, ed25519.Ed25519PublicKey):
        return Malformed(reason=f"{wanted}, got another kind of key")
    # The form that OpenSSL writes; receivers want the key without the frame around it.
    bare = base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
    return Malformed(reason=f"{wanted}, got a SubjectPublicKeyInfo; the key alone is {bare}")


def _read_rsa(data: bytes) -> int | Malformed:
    try:
        key = load_public_key(data)
    except NO_KEY:
        detail = (
            "it is cut off, or no key" if len(data) != _ED25519_BYTES else "k=ed25519 is missing"
        )
        return Malformed(reason=f"p= contains no RSA key that can be read: {detail}")
    if not isinstance(key, rsa.RSAPublicKey):
        return Malformed(reason="p= contains a key of another kind than k= says, which is rsa")
    return key.key_size
