"""Senders for the relay test that the tested server has nothing to do with."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Self

from mxcheck.evidence.dns import ReverseDns
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Reply, Visit
from mxcheck.model.targets import Target
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.dns.reverse import probe_reverse
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.smtp.own_name import address_literal
from mxcheck.probe.smtp.session import Session
from mxcheck.wire.address import is_public
from mxcheck.wire.ehlo import parse_client_address
from mxcheck.wire.reverse_name import names_leading_back
from mxcheck.wire.special_names import is_public_name

_HOST_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*")


class NamesAround:
    """The names of the tested domains, and all names above them."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take the names in A-labels."""
        self._names = frozenset(names)
        self._and_above = frozenset(above for name in self._names for above in _above(name))

    def include(self, name: str) -> bool:
        """Return whether a name is at, above or below a tested domain."""
        return name in self._and_above or not self._names.isdisjoint(_above(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideSenders:
    """Finds senders at names of this machine; `reverse` looks up the names of an address."""

    tested: NamesAround
    reverse: Callable[[str], Awaitable[ReverseDns]]
    allow_private: bool = False

    @classmethod
    def of(cls, targets: Iterable[Target], resolver: Resolver, settings: ProbeSettings) -> Self:
        """Return what finds senders that no tested domain has to do with."""
        return cls(
            tested=NamesAround(target.domain for target in targets),
            reverse=partial(probe_reverse, resolver=resolver, settings=settings),
            allow_private=settings.allow_private,
        )

    async def find(self, session: Session, visit: Visit) -> AsyncIterator[str]:
        """Yield each sender in turn: at the EHLO name, at the reverse name, at the address.

        Names are looked up only when the senders before them were not taken.
        """
        name = session.plan.ehlo_name.lower()
        if self._is_outside(name):
            yield _mailbox(name)
        address = self._address(session, visit)
        if not address:
            return
        for back in map(str.lower, names_leading_back(await self.reverse(address))):
            if back != name and self._is_outside(back):
                yield _mailbox(back)
                break
        yield _mailbox(address_literal(address))

    def _address(self, session: Session, visit: Visit) -> str:
        """Return the address that the server sees this machine by, "" if it is not known.

        Behind address translation that is not the address of this machine's own interface; the
        server may tell it in the reply to EHLO.
        """
        own = session.dialogue.channel.local_address
        told = (_told(visit.ehlo_after_tls), _told(visit.ehlo))
        known = [one for one in (own, *told) if one and is_public(one)]
        if known:
            return known[0]
        return own if self.allow_private else ""

    def _is_outside(self, name: str) -> bool:
        fits = _HOST_NAME.fullmatch(name) and is_public_name(name)
        return bool(fits) and not self.tested.include(name)


def _told(ehlo: Reply | Unseen) -> str:
    return parse_client_address(ehlo) if isinstance(ehlo, Reply) else ""


def _mailbox(domain: str) -> str:
    return f"postmaster@{domain}"


def _above(name: str) -> Iterable[str]:
    """Yield a name and all names above it."""
    while name:
        yield name
        name = name.partition(".")[2]
