"""DMARC policy records (RFC 9989 4.7, 4.8): which text is one, and what its tags say."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mxcheck.wire.dmarc.report_uri import ReportUri, parse_report_uris
from mxcheck.wire.malformed import Malformed, quoted
from mxcheck.wire.tag_list import TagList, parse_tag_list
from mxcheck.wire.version_record import Discarded

VERSION = "v=DMARC1"
# RFC 9989 4.8: only the value is case-sensitive; white space may surround "=" and ";".
_VERSION = re.compile(r"[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|\Z)")
_MEANT = re.compile(r"dmarc|\A\W*p\s*=\s*(?:none|quarantine|reject)\b", re.IGNORECASE)
_FO = re.compile(r"[01](?::[ds])*|[ds](?::[01ds])*", re.IGNORECASE)


class Request(StrEnum):
    """What a domain asks for mail that fails DMARC (RFC 9989 4.7), the mildest first."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"

    @property
    def milder(self) -> "Request":
        """Return what is applied in test mode, one level below (RFC 9989 4.7, tag t)."""
        return Request.QUARANTINE if self is Request.REJECT else Request.NONE


class Psd(StrEnum):
    """Whether the domain is a public suffix, below which others register names."""

    YES = "y"
    NO = "n"
    UNSAID = "u"


@dataclass(frozen=True, slots=True, kw_only=True)
class BadTag:
    """A known tag whose value is not valid: the default applies, or the tag is ignored."""

    name: str
    value: str
    wanted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DmarcRecord:
    """One record; `p`, `sp` and `np` are None if absent or not valid, `rua` are the valid URIs.

    `pct` is the obsolete tag, None if absent; `faults` are what cannot be read, in words.
    """

    text: str
    p: Request | None = None
    sp: Request | None = None
    np: Request | None = None
    psd: Psd = Psd.UNSAID
    testing: bool = False
    rua: tuple[ReportUri, ...] = ()
    pct: str | None = None
    bad_tags: tuple[BadTag, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def is_without_policy(self) -> bool:
        """Return whether p is missing or not valid, or sp or np is not valid (RFC 9989 4.10.1)."""
        return self.p is None or any(one.name in {"sp", "np"} for one in self.bad_tags)

    def request(self, *, below: bool = False, exists: bool = True) -> Request | None:
        """Return what is asked for mail from the domain, or from a domain `below` it.

        None if receivers do not apply DMARC because of this record (RFC 9989 4.10.1).
        """
        if self.p is None or self.is_without_policy:
            return Request.NONE if self.rua else None
        stated = self.p
        if below:
            stated = self.sp or self.p
        if below and not exists:
            stated = self.np or stated
        return stated.milder if self.testing else stated


def select_record(texts: Sequence[str]) -> DmarcRecord | Malformed | Discarded | None:
    """Return the one record among the TXT records of a name (RFC 9989 4.10, steps 2 and 6).

    Malformed if there are several, all of which receivers discard; Discarded if a text is meant to
    be a record and is none.
    """
    records = [text for text in texts if _VERSION.match(text)]
    if len(records) > 1:
        return Malformed(
            reason=f"{len(records)} records begin with {VERSION}, and receivers discard them all"
        )
    if records:
        return parse_record(records[0])
    for text in texts:
        if _MEANT.search(text):
            return Discarded(reason=f"it does not begin with `{VERSION};`, but is {quoted(text)}")
    return None


def is_record(text: str) -> bool:
    """Return whether a text begins with the version, as every record does."""
    return bool(_VERSION.match(text))


def parse_record(text: str) -> DmarcRecord:
    """Parse a text that begins with the version."""
    tags = parse_tag_list(text, fold_names=True)
    uris = parse_report_uris(tags.get("rua") or "")
    bad = (_bad_tag(name, value) for name, value in tags.tags)
    return DmarcRecord(
        text=text,
        p=_request(tags, "p"),
        sp=_request(tags, "sp"),
        np=_request(tags, "np"),
        psd=_psd(tags),
        testing=(tags.get("t") or "").lower() == "y",
        rua=tuple(one for one in uris if isinstance(one, ReportUri)),
        pct=tags.get("pct"),
        bad_tags=tuple(filter(None, bad)),
        faults=tags.faults,
    )


def _request(tags: TagList, name: str) -> Request | None:
    # RFC 5234 2.3: literals of the grammar do not depend on the case.
    value = (tags.get(name) or "").lower()
    return Request(value) if value in set(Request) else None


def _psd(tags: TagList) -> Psd:
    value = (tags.get("psd") or "").lower()
    return Psd(value) if value in set(Psd) else Psd.UNSAID


def _are_uris(value: str) -> bool:
    return all(isinstance(one, ReportUri) for one in parse_report_uris(value))


_OF_REQUEST = (lambda value: value.lower() in set(Request), "none, quarantine or reject")
_OF_ALIGNMENT = (lambda value: value.lower() in {"r", "s"}, "r or s")
_OF_URIS = (_are_uris, "URIs such as mailto:dmarc@example.com, separated by commas")
_VALUES: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "p": _OF_REQUEST,
    "sp": _OF_REQUEST,
    "np": _OF_REQUEST,
    "psd": (lambda value: value.lower() in set(Psd), "y, n or u"),
    "t": (lambda value: value.lower() in {"y", "n"}, "y or n"),
    "adkim": _OF_ALIGNMENT,
    "aspf": _OF_ALIGNMENT,
    "rua": _OF_URIS,
    "ruf": _OF_URIS,
    "fo": (lambda value: bool(_FO.fullmatch(value)), "0, 1, d or s, separated by colons"),
}
"""The values of the tags that RFC 9989 4.8 knows; others are ignored."""


def _bad_tag(name: str, value: str) -> BadTag | None:
    is_valid, wanted = _VALUES.get(name, (None, ""))
    if is_valid is None or is_valid(value):
        return None
    return BadTag(name=name, value=value, wanted=wanted)
