"""Whether the CAA records above a certificate's names allow its authority to issue it again."""

from collections.abc import Iterator
from dataclasses import dataclass

from mxcheck.evidence.dns import Absent, Answer, Lookup
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.rules.base import MxCase
from mxcheck.rules.facts.caa_domains import CaaDomains, caa_domains_of
from mxcheck.rules.facts.shown import chains_shown
from mxcheck.wire.caa import CaaSet, parse_caa
from mxcheck.wire.certificate import CertificateFacts, parse_certificate
from mxcheck.wire.certified_names import names_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """A name in a certificate that an MX host presents, and who issued the certificate."""

    name: str
    issuer: str
    authority: CaaDomains

    @property
    def is_wildcard(self) -> bool:
        """Return whether the name is a wildcard."""
        return self.name.startswith("*.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The CAA records that decide about a name: `owner` is the name at which they are."""

    owner: str
    caa: CaaSet

    def allows(self, one: Certified) -> bool:
        """Return whether the authority of a certificate may issue it for its name."""
        allowed = self.caa.allowed(wildcard=one.is_wildcard)
        return allowed is None or not {*allowed}.isdisjoint(one.authority.domains)


def chains_presented(case: MxCase) -> tuple[tuple[bytes, ...], ...]:
    """Return each chain that the MX host presents, or the one that is about to be deployed."""
    if case.host.chain:
        return (case.host.chain.chain,)
    name = case.host.name
    visits = (case.run.visit(name, address) for address in case.host.addresses)
    shown = (chain for visit in visits for chain, _ in chains_shown(visit, name))
    return tuple(dict.fromkeys(shown))


def certified_names(case: MxCase) -> Iterator[Certified]:
    """Yield the names that the domain answers for, of certificates whose authority is known."""
    for chain in chains_presented(case):
        leaf = parse_certificate(chain[0])
        if not isinstance(leaf, CertificateFacts):
            continue
        authority = caa_domains_of(leaf.issuer_organizations)
        if authority:
            for name in names_for(chain, case.host.name, case.domain.name):
                yield Certified(name=name, issuer=leaf.issuer, authority=authority)


def limit_of(name: str, case: MxCase) -> Limit | Unseen | None:
    """Return the CAA records that decide about a name, the nearest above it (RFC 8659 3).

    None if there are none up to the root.
    """
    lookups = {one.name: one.lookup for one in case.domain.caa}
    owner = name.removeprefix("*.")
    while owner:
        match _read(owner, lookups.get(owner, NOT_ASKED)):
            case None:
                owner = owner.partition(".")[2]
            case found:
                return found
    return None


def _read(owner: str, lookup: Lookup) -> Limit | Unseen | None:
    match lookup:
        case Answer(records=records):
            try:
                return Limit(owner=owner, caa=parse_caa(records))
            except ValueError as error:
                return Unseen(trouble=Trouble.MALFORMED, detail=str(error))
        case Absent():
            return None
        case Unseen():
            return lookup
