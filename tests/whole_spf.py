"""Evidence of every state of SPF, and of the names of senders."""

from collections.abc import Mapping
from dataclasses import replace

from mxcheck.evidence.dns import Absence, Absent, Answer, ForwardLookup, ReverseDns
from mxcheck.evidence.spf import SpfLookup
from tests.build import ADDRESS
from tests.spf_zone import TIMEOUT, lookups_in
from tests.whole_policies import FLAG

SENDERS = (ADDRESS, "2001:db8::25", "203.0.114.251")
_MAIL = "mail.sender.example"


def spf_states() -> Mapping[str, tuple[str, ...]]:
    """Return domains, and the records of each that SPF leads to."""
    return {
        "nospf.example": ("TXT something else, spf1 mx", "A 192.0.2.1"),
        "twospf.example": ("TXT v=spf1 mx -all", "TXT v=spf1 a -all"),
        "badspf.example": ("TXT v=spf1 ipv4:192.0.2.1 a:museum include:nospf.example -all",),
        "lostspf.example": (TIMEOUT,),
        "vendorlost.example": ("TXT v=spf1 include:lostspf.example -all",),
        "manyspf.example": (f"TXT v=spf1 {' '.join(f'a:h{n}.vendor.example' for n in range(11))}",),
        "voidspf.example": ("TXT v=spf1 a:x.example.net a:y.example.net mx:z.example.net ~all",),
        "openspf.example": ("TXT v=spf1 include:everybody.example -all",),
        "everybody.example": ("TXT v=spf1 +all",),
        "widespf.example": ("TXT v=spf1 ip4:0.0.0.0/1 exists:%{i}.example.net ?all",),
        "sendsspf.example": (f"TXT v=spf1 ip4:{ADDRESS} a:%{{h}} -all",),
    }


def spf_lookups() -> tuple[SpfLookup, ...]:
    """Return the lookups of these states, those of one domain under an override."""
    hosts = {f"h{number}.vendor.example": ("A 198.51.100.1",) for number in range(11)}
    none = {f"{name}.example.net": () for name in "xyz"}
    helo = {_MAIL: ("TXT v=spf1 ip4:192.0.2.99 -all", "A 192.0.2.98", f"AAAA {SENDERS[1]}")}
    zone = {**spf_states(), **hosts, **none, **helo}
    return tuple(
        replace(one, lookup=replace(one.lookup, overrides=(FLAG.name,)))
        if one.name == "sendsspf.example"
        else one
        for one in lookups_in(zone)
    )


def sender_names() -> tuple[ReverseDns, ...]:
    """Return the names of senders: one that leads back, and none."""
    back = ForwardLookup(name=_MAIL, addresses=Answer(owner=_MAIL, records=SENDERS[1:2]))
    return (
        ReverseDns(
            address=SENDERS[1],
            ptr=Answer(owner="x.ip6.arpa", records=(_MAIL,)),
            forward=(back,),
        ),
        ReverseDns(address=SENDERS[2], ptr=Absent(absence=Absence.NXDOMAIN)),
    )
