"""Domains in every state of DMARC and DKIM."""

from dataclasses import replace

from mxcheck.evidence.dkim import KeyLookup
from mxcheck.evidence.dns import Absence, Absent, Lookup, TextLookup
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.outcome import Trouble
from tests.build import DOMAIN, healthy_domain, txt, unseen, walked

NONE = Absent(absence=Absence.NXDOMAIN)
SERVFAIL = unseen(Trouble.SERVFAIL, "the resolver 127.0.0.1 answers SERVFAIL")


def with_dmarc(*texts: str, name: str = DOMAIN, **above: str) -> Domain:
    """A domain with these records, and others at `com` or `example.com` above it."""
    lookups: dict[str, Lookup] = {f"_dmarc.{name}": txt(*texts) if texts else NONE}
    for key, text in above.items():
        lookups[f"_dmarc.{key.replace('_', '.')}"] = txt(text)
    return replace(healthy_domain(name), dmarc=walked(lookups, name))


def looked_up(lookup: Lookup) -> Domain:
    """A domain of which the lookup of its own record showed this."""
    return replace(healthy_domain(), dmarc=walked({f"_dmarc.{DOMAIN}": lookup}))


def reporting_to(host: str, permission: Lookup) -> Domain:
    """A domain whose reports go to a host, and what was answered about its permission."""
    domain = with_dmarc(f"v=DMARC1; p=reject; rua=mailto:dmarc@{host}")
    name = f"{DOMAIN}._report._dmarc.{host}"
    asked = (TextLookup(name=name, lookup=permission),)
    return replace(domain, dmarc=replace(domain.dmarc, permissions=asked))


def with_key(lookup: Lookup) -> Domain:
    """A domain whose selector s1 showed this."""
    return replace(healthy_domain(), dkim=(KeyLookup(selector="s1", lookup=lookup),))
