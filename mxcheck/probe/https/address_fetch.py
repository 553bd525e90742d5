"""One address of the policy host of MTA-STS: a GET over HTTPS, tried again if that may help."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from mxcheck.evidence.mta_sts import PolicyAnswer, PolicyResponse
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Connection
from mxcheck.model.endpoint import Endpoint
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.smtp.notebook import PENDING
from mxcheck.probe.tcp import MAY_PASS, Dialer
from mxcheck.probe.time_budget import describe_limit, time_budget
from mxcheck.wire.mta_sts import POLICY_PATH
from mxcheck.wire.retry_after import parse_retry_after

if TYPE_CHECKING:
    from mxcheck.probe.https.get import Exchange

FETCH_SECONDS = 60.0
"""For all tries at one address together (RFC 8461 3.3), unless `timeout` is shorter."""

_TRANSIENT = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAddress:
    """An address of a policy host, and how it is asked.

    `slots` limits the connections at once; a pause between two tries does not count.
    """

    endpoint: Endpoint
    settings: ProbeSettings
    slots: asyncio.Semaphore

    async def fetch(self, note: Callable[[PolicyAnswer], None]) -> None:
        """Ask until another try is of no use; call `note` with the best answer so far."""
        loop = asyncio.get_running_loop()
        # A handshake and a reply have --timeout each, a minute by default.
        limit = left = min(FETCH_SECONDS, 2 * self.settings.timeout)
        depth, best, chains = 0, None, []
        for number in range(self.settings.retries + 1):
            attempt = _Attempt(target=self)
            async with self.slots:
                begun = loop.time()
                await attempt.run(left, limit)
                left -= loop.time() - begun
            # If a server hangs up at the second try, its answer to the first still counts.
            if best is None or attempt.depth >= depth:
                depth, best = attempt.depth, attempt.answer
            chains.append(attempt.answer.chain)
            note(_with_others(best, chains))
            pause = max(self.settings.retry_delay * 2**number, attempt.wanted_pause)
            if not attempt.may_pass or number == self.settings.retries or pause >= left:
                return
            await asyncio.sleep(pause)
            left -= pause


def _with_others(best: PolicyAnswer, chains: list[tuple[bytes, ...]]) -> PolicyAnswer:
    """Return the best answer with the chains of other tries: machines behind it may differ."""
    others = tuple(dict.fromkeys(chain for chain in chains if chain and chain != best.chain))
    return replace(best, other_chains=others)


@dataclass(slots=True, kw_only=True)
class _Attempt:
    """One connection to an address, and what it showed."""

    target: PolicyAddress
    connection: Connection | Unseen = PENDING
    response: PolicyResponse | Unseen = NOT_ASKED
    exchange: "Exchange | None" = None

    async def run(self, seconds: float, limit: float) -> None:
        """Connect and ask within `seconds`, which are what is left of the limit for all tries."""
        try:
            async with time_budget(seconds):
                await self._connect_and_ask()
        except TimeoutError:
            self._run_out_of_time(limit)

    async def _connect_and_ask(self) -> None:
        settings = self.target.settings
        dialer = Dialer(timeout=settings.connect_timeout, routes=settings.routes)
        opened = await dialer.connect(self.target.endpoint.address, self.target.endpoint.port)
        if isinstance(opened, Unseen):
            self.connection = opened
            return
        from mxcheck.probe.https.get import Exchange  # noqa: PLC0415 - only MTA-STS needs h11

        channel, connect_ms = opened
        self.connection = Connection(connect_ms=connect_ms)
        self.exchange = Exchange(host=self.target.endpoint.host, path=POLICY_PATH)
        try:
            self.response = await self.exchange.get(channel)
        finally:
            channel.close()

    def _run_out_of_time(self, limit: float) -> None:
        # Senders wait a minute for the whole answer (RFC 8461 3.3).
        waited = limit >= FETCH_SECONDS
        words = f"{limit:g} s" if waited else describe_limit(limit, "twice --timeout")
        silent = Unseen(
            trouble=Trouble.TIMEOUT if waited else Trouble.BUDGET,
            detail=f"no answer within {words}",
        )
        if not isinstance(self.connection, Connection):
            self.connection = replace(silent, trouble=Trouble.TIMEOUT)
        elif self.exchange and self.exchange.heard:
            self.response = Unseen(
                trouble=Trouble.DRIP if waited else Trouble.BUDGET,
                detail=f"the answer was not complete after {words}, though bytes kept coming",
            )
        else:
            self.response = silent

    @property
    def answer(self) -> PolicyAnswer:
        """Return what the connection showed."""
        return PolicyAnswer(
            address=self.target.endpoint.address,
            connection=self.connection,
            chain=self.exchange.chain if self.exchange else (),
            response=self.response,
        )

    @property
    def depth(self) -> int:
        """Return how far the connection came."""
        connected = isinstance(self.connection, Connection)
        return connected + isinstance(self.response, PolicyResponse)

    @property
    def may_pass(self) -> bool:
        """Return whether another try may show something else (RFC 9110 15.5.9, 15.6)."""
        if isinstance(self.response, PolicyResponse):
            status = self.response.status
            return status in _TRANSIENT or status >= HTTPStatus.INTERNAL_SERVER_ERROR
        seen = self.connection if isinstance(self.connection, Unseen) else self.response
        heard = self.exchange.heard if self.exchange else 0
        return not heard and seen.trouble in MAY_PASS

    @property
    def wanted_pause(self) -> float:
        """Return the seconds after which the server wants to be asked again."""
        if not isinstance(self.response, PolicyResponse):
            return 0
        return parse_retry_after(self.response.retry_after, datetime.now(UTC)) or 0
