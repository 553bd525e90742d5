"""The policy host of MTA-STS (RFC 8461 3.3): one GET, over HTTPS that is verified."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mxcheck.evidence.dns import Answer
from mxcheck.evidence.mta_sts import PolicyResponse
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.connect_to import Addresses, redirect
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.off_limits import off_limits
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.tcp import MAY_PASS, Channel, Dialer
from mxcheck.probe.time_budget import time_budget

if TYPE_CHECKING:
    from mxcheck.probe.https.get import Exchange

HTTPS_PORT = 443
PATH = "/.well-known/mta-sts.txt"
FETCH_SECONDS = 60.0
"""RFC 8461 3.3, for all tries together; a shorter `timeout` of the settings holds."""

_ABOUT_US = frozenset({Trouble.NO_ROUTE, Trouble.EXCLUDED, Trouble.OWN_LIMIT})


async def fetch_policy(
    domain: str, resolver: Resolver, settings: ProbeSettings
) -> PolicyResponse | Unseen:
    """Fetch `https://mta-sts.DOMAIN/.well-known/mta-sts.txt`; redirects are not followed.

    Of several addresses the first that a connection can be made to is asked. What may pass is tried
    again, as long as not a byte of an answer has come.
    """
    host = f"mta-sts.{domain}"
    live = await asyncio.gather(resolver.lookup(host, "A"), resolver.lookup(host, "AAAA"))
    lookups = redirect(host, live, settings.overrides.ends_of(host, HTTPS_PORT))
    seen = await _fetch_from(host, _addresses(host, lookups, settings), settings)
    overrides = (override for lookup in lookups for override in lookup.overrides)
    return replace(seen, overrides=tuple(dict.fromkeys(overrides)))


async def _fetch_from(
    host: str, addresses: tuple[str, ...] | Unseen, settings: ProbeSettings
) -> PolicyResponse | Unseen:
    if isinstance(addresses, Unseen):
        return addresses
    fetch = _Fetch(host=host, addresses=addresses, settings=settings)
    limit = min(FETCH_SECONDS, settings.timeout)
    try:
        async with time_budget(limit):
            return await fetch.patiently()
    except TimeoutError:
        return fetch.too_late(limit)


def _addresses(host: str, lookups: Addresses, settings: ProbeSettings) -> tuple[str, ...] | Unseen:
    """The addresses that may be connected to; Unseen where there are none."""
    answers = [lookup for lookup in lookups if isinstance(lookup, Answer)]
    found = [address for answer in answers for address in sorted(answer.records)]
    shut = {
        address: why
        for address in found
        if (why := off_limits(host, HTTPS_PORT, address, settings))
    }
    allowed = tuple(address for address in found if address not in shut)
    if allowed:
        return allowed[: settings.max_addresses]
    if shut:
        return _of_all(host, shut.items())
    lost = (
        Unseen(trouble=one.trouble, detail=one.detail) for one in lookups if isinstance(one, Unseen)
    )
    detail = f"{host} has no address"
    return next(lost, Unseen(trouble=Trouble.NO_ADDRESS, detail=detail))


@dataclass(slots=True, kw_only=True)
class _Fetch:
    """A fetch under way; `exchange` is with the address that was connected to last."""

    host: str
    addresses: tuple[str, ...]
    settings: ProbeSettings
    asked: str = ""
    exchange: "Exchange | None" = None

    async def patiently(self) -> PolicyResponse | Unseen:
        """Try until something is answered, as often as the settings allow."""
        for number in range(self.settings.retries + 1):
            if number:
                await asyncio.sleep(self.settings.retry_delay * 2 ** (number - 1))
            answer = await self._once()
            if isinstance(answer, PolicyResponse) or not self._may_pass(answer):
                break
        return answer

    def too_late(self, limit: float) -> Unseen:
        """What is to be said when time is up."""
        where = f"{self.host} at {self.asked}"
        if self.exchange and self.exchange.heard:
            detail = f"the answer was not complete after {limit:g} s, though bytes kept coming"
            return Unseen(trouble=Trouble.DRIP, detail=f"{where}: {detail}")
        return Unseen(trouble=Trouble.TIMEOUT, detail=f"{where}: no answer within {limit:g} s")

    def _may_pass(self, trouble: Unseen) -> bool:
        heard = self.exchange.heard if self.exchange else 0
        return not heard and trouble.trouble in MAY_PASS

    async def _once(self) -> PolicyResponse | Unseen:
        dialer = Dialer(timeout=self.settings.connect_timeout, routes=self.settings.routes)
        failed: dict[str, Unseen] = {}
        for address in self.addresses:
            self.asked = address
            port = self.settings.overrides.port_at(self.host, HTTPS_PORT, address)
            opened = await dialer.connect(address, port)
            if not isinstance(opened, Unseen):
                return await self._ask(address, opened[0])
            failed[address] = opened
        return _of_all(self.host, failed.items())

    async def _ask(self, address: str, channel: Channel) -> PolicyResponse | Unseen:
        from mxcheck.probe.https.get import Exchange  # noqa: PLC0415 - only with MTA-STS is h11 needed

        self.exchange = Exchange(self.host, PATH, address)
        try:
            answer = await self.exchange.get(channel, self.settings.ca_pem)
        finally:
            channel.close()
        if isinstance(answer, PolicyResponse):
            return answer
        return replace(answer, detail=f"{self.host} at {address}: {answer.detail}")


def _of_all(host: str, troubles: Iterable[tuple[str, Unseen]]) -> Unseen:
    """One trouble for several addresses: what is this machine's own comes last."""
    listed = sorted(troubles, key=lambda each: each[1].trouble in _ABOUT_US)
    detail = ", ".join(f"{host} at {address}: {why.detail}" for address, why in listed)
    return Unseen(trouble=listed[0][1].trouble, detail=detail)
