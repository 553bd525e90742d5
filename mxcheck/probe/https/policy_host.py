"""The policy host of MTA-STS (RFC 8461 3.3): asks each of its addresses for the policy."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, zip_longest

from mxcheck.evidence.dns import Answer, Lookup
from mxcheck.evidence.mta_sts import PolicyAnswer, PolicyFetch
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.endpoint import Endpoint
from mxcheck.probe.connect_to import redirect
from mxcheck.probe.dns.domains import lookup_addresses
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.https.address_fetch import PolicyAddress
from mxcheck.probe.off_limits import off_limits
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.smtp.notebook import PENDING
from mxcheck.wire.mta_sts import policy_host

HTTPS_PORT = 443


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyClient:
    """Fetches policies; `slots` limits the connections of all fetches together."""

    resolver: Resolver
    settings: ProbeSettings
    slots: asyncio.Semaphore

    async def fetch(self, domain: str, note: Callable[[PolicyFetch], None]) -> None:
        """Fetch `https://mta-sts.DOMAIN/.well-known/mta-sts.txt` from each address of the host.

        Redirects are not followed. `note` is called with everything seen so far whenever there is
        something new.
        """
        host = policy_host(domain)
        live = await asyncio.gather(
            lookup_addresses(host, "A", self.resolver, self.settings),
            lookup_addresses(host, "AAAA", self.resolver, self.settings),
        )
        ipv4, ipv6 = redirect(host, live, self.settings.overrides.ends_of(host, HTTPS_PORT))
        answers, left_out = self._answers(host, _alternating(ipv4, ipv6))
        begun = PolicyFetch(
            ipv4=ipv4, ipv6=ipv6, answers=tuple(answers.values()), left_out=left_out
        )
        note(begun)

        def note_answer(answer: PolicyAnswer) -> None:
            answers[answer.address] = answer
            note(replace(begun, answers=tuple(answers.values())))

        async with asyncio.TaskGroup() as group:
            for address, answer in answers.items():
                if answer.connection is PENDING:
                    group.create_task(self._at(host, address).fetch(note_answer))

    def _answers(
        self, host: str, addresses: Sequence[str]
    ) -> tuple[dict[str, PolicyAnswer], tuple[str, ...]]:
        """Return the addresses within the limit, each with an answer to begin with, and the others.

        Addresses that may be asked come first, so that the limit leaves out others before them.
        """
        begun = [
            PolicyAnswer(address=one.address, connection=off_limits(one, self.settings) or PENDING)
            for one in (_https(host, address) for address in addresses)
        ]
        begun.sort(key=lambda answer: answer.connection is not PENDING)
        limit = self.settings.max_addresses
        taken = {answer.address: answer for answer in begun[:limit]}
        return taken, tuple(answer.address for answer in begun[limit:])

    def _at(self, host: str, address: str) -> PolicyAddress:
        return PolicyAddress(
            endpoint=self.settings.overrides.led(_https(host, address)),
            settings=self.settings,
            slots=self.slots,
        )


def _https(host: str, address: str) -> Endpoint:
    return Endpoint(host=host, address=address, port=HTTPS_PORT)


def ended_early(fetch: PolicyFetch, ended: Unseen) -> PolicyFetch:
    """Return a fetch in which `ended` says why an address was not asked."""
    answers = (
        replace(answer, connection=ended) if answer.connection is PENDING else answer
        for answer in fetch.answers
    )
    return replace(fetch, answers=tuple(answers))


def _alternating(ipv4: Lookup, ipv6: Lookup) -> tuple[str, ...]:
    """Return the addresses in an order in which a limit leaves out neither address family."""
    lists = (sorted(one.records) if isinstance(one, Answer) else () for one in (ipv4, ipv6))
    return tuple(filter(None, chain.from_iterable(zip_longest(*lists))))
