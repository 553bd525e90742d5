"""Evidence of every state of DMARC and DKIM."""

from collections.abc import Iterator

from mxcheck.evidence.dkim import KeyLookup
from mxcheck.evidence.dmarc import Dmarc
from mxcheck.evidence.dns import Absence, Absent, Lookup, TextLookup
from mxcheck.evidence.outcome import Trouble
from tests.build import txt, unseen, walked
from tests.keys import dkim_p

NONE = Absent(absence=Absence.NXDOMAIN)
SELECTORS = ("s1", "s2")
OUTSIDE = "reports.example.net"


def dmarc_states() -> Iterator[tuple[str, Dmarc]]:
    """Yield domains, and what was seen of the DMARC of each."""
    for name, texts in {
        "watching.example": ("v=DMARC1; p=none",),
        "obsolete.example": ("v=DMARC1; p=reject; sp=none; pct=50",),
        "twice.example": ("v=DMARC1; p=none", "v=DMARC1; p=reject"),
        "misspelt.example": ("v=DMARC2; p=reject",),
        "lawless.example": ("v=DMARC1; sp=all",),
    }.items():
        yield name, walked({f"_dmarc.{name}": txt(*texts)}, name)
    yield "bare.example", walked({}, "bare.example")
    yield "unanswered.example", walked({"_dmarc.unanswered.example": unseen(Trouble.SERVFAIL)})
    permissions: dict[str, Lookup] = {
        "refused.example": NONE,
        "permitted.example": txt("v=DMARC1"),
        "unheard.example": unseen(Trouble.TIMEOUT),
    }
    for name, lookup in permissions.items():
        text = f"v=DMARC1; p=reject; rua=mailto:a@{OUTSIDE}"
        walk = walked({f"_dmarc.{name}": txt(text)}, name).walk
        asked = TextLookup(name=f"{name}._report._dmarc.{OUTSIDE}", lookup=lookup)
        yield name, Dmarc(walk=walk, permissions=(asked,))


def dkim_states() -> Iterator[tuple[str, tuple[KeyLookup, ...]]]:
    """Yield domains, and what was seen of the keys of two selectors of each."""
    states: dict[str, tuple[Lookup, Lookup]] = {
        "signing.example": (txt(f"v=DKIM1; p={dkim_p()}"), txt(f"k=rsa; t=y; p={dkim_p(1024)}")),
        "revoked.example": (txt("v=DKIM1; p="), txt("v=DKIM1; k=dsa; p=AAAA")),
        "keyless.example": (NONE, unseen(Trouble.TIMEOUT)),
    }
    for name, lookups in states.items():
        yield (
            name,
            tuple(
                KeyLookup(selector=selector, lookup=lookup)
                for selector, lookup in zip(SELECTORS, lookups, strict=True)
            ),
        )
