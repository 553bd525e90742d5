"""What rules ask about TLS that takes connections of its own, and the ClientHellos that ask it."""

from collections.abc import Iterable
from dataclasses import dataclass

from mxcheck.evidence.dns import Answer
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.items import Item, Readable
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.tls import Authentication, OwnHello, ServerHello, TlsSession
from mxcheck.model.policy import TlsVersion
from mxcheck.model.targets import Target
from mxcheck.probe.smtp.notebook import PENDING
from mxcheck.wire.authentication import OTHER, authentication_of
from mxcheck.wire.tls_version import WIRE_VERSIONS, is_at_least, version_below

EVERY_VERSION, CLASSIC = "TLSv1.3", "TLSv1.2"
LARGE = OwnHello(offered=EVERY_VERSION, large=True, sent=False, answer=PENDING)
SHORT = OwnHello(offered=EVERY_VERSION, sent=False, answer=PENDING)

_OF_CHAINS = frozenset({Item.OTHER_CHAIN, Item.BASE_CHAINS})
_NOT_TLS_TO_US = frozenset({Trouble.HANDSHAKE, Trouble.CLOSED, Trouble.RESET})
"""Failures of a handshake that another ClientHello may not meet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What the rules that are asked about an address want to know of it.

    `after_failure` tells that a failed handshake is looked into, `minima` are the versions below
    which none should be accepted, `other_chain` asks for a certificate of another kind,
    `base_domains` are the TLSA base domains whose certificates are asked for, `large_hello` asks
    whether a long ClientHello is answered, `injection` for the injection test. The items in `first`
    are read by rules at error level.
    """

    after_failure: bool
    minima: tuple[TlsVersion, ...]
    other_chain: bool
    base_domains: tuple[str, ...]
    large_hello: bool
    injection: bool
    first: frozenset[Readable]

    @classmethod
    def of(cls, targets: Iterable[Target], base_domains: tuple[str, ...]) -> "Questions":
        """Return the questions of all domains that have this address as an MX."""
        asking = [target for target in targets if Item.VISIT in target.wanted]
        minima = {target.policy.min_tls for target in asking if Item.OLD_TLS in target.wanted}
        wanted = {item for target in asking for item in target.wanted}
        return cls(
            after_failure=Item.FAILED_HANDSHAKE in wanted,
            minima=tuple(sorted(minima)),
            other_chain=Item.OTHER_CHAIN in wanted,
            base_domains=base_domains if Item.BASE_CHAINS in wanted else (),
            large_hello=Item.LARGE_HELLO in wanted,
            injection=Item.INJECTION in wanted,
            first=frozenset(item for target in asking for item in target.first) | _OF_CHAINS,
        )

    def about_versions(self, visit: Visit) -> list[OwnHello]:
        """Return what to offer, the oldest first: one hello, unless minima differ."""
        if isinstance(visit.tls, TlsSession):
            negotiated = visit.tls.version
            asked = [low for low in self.minima if is_at_least(negotiated, low)]
            below = sorted(map(version_below, asked), key=list(WIRE_VERSIONS).index)
            return [OwnHello(offered=offered, sent=False, answer=PENDING) for offered in below]
        failed = self.after_failure and visit.tls.trouble in _NOT_TLS_TO_US
        return [SHORT] if failed else []

    def about_chains(self, visit: Visit) -> list[OwnHello]:
        """Return what asks for the certificate that the visit did not show, if there may be one."""
        if not self.other_chain or not isinstance(visit.tls, TlsSession):
            return []
        return asking_for_another(visit.tls.chain, "")

    def about_base_domains(self, visit: Visit) -> list[OwnHello]:
        """Return what asks for a certificate of each base domain other than the MX host."""
        if not isinstance(visit.tls, TlsSession):
            return []
        return [
            OwnHello(offered=CLASSIC, server_name=name, sent=False, answer=PENDING)
            for name in self.base_domains
            if name != visit.host
        ]

    def about_length(self, visit: Visit) -> list[OwnHello]:
        """Return what asks whether a long ClientHello is answered, as a short one was."""
        return [LARGE] if self.large_hello and isinstance(visit.tls, TlsSession) else []


def base_domains(domains: Iterable[Domain], name: str) -> tuple[str, ...]:
    """Return the names below which an MX host may have TLSA records that senders obey.

    Senders ask for the certificate of that name (RFC 7672 8.1).
    """
    found = (
        one.base
        for domain in domains
        for host in domain.hosts
        for one in host.tlsa
        if host.name == name
        and isinstance(one.lookup, Answer)
        and (one.lookup.authenticated_data or one.lookup.zone_unseen)
    )
    return tuple(dict.fromkeys(found))


def asking_for_another(chain: tuple[bytes, ...], server_name: str) -> list[OwnHello]:
    """Return what asks for a certificate of another kind than this chain's, at TLS 1.2 at most.

    TLS 1.3 encrypts certificates, and leaves the choice to the server.
    """
    kind = authentication_of(chain[0]) if chain else Authentication.ANY
    if kind not in OTHER:
        return []
    hello = OwnHello(
        offered=CLASSIC,
        authentication=OTHER[kind],
        server_name=server_name,
        sent=False,
        answer=PENDING,
    )
    return [hello]


def follows(base: OwnHello) -> list[OwnHello]:
    """Return what follows the first answer for a base domain: its certificate of another kind."""
    if not isinstance(base.answer, ServerHello) or base.authentication is not Authentication.ANY:
        return []
    return asking_for_another(base.answer.chain, base.server_name)
