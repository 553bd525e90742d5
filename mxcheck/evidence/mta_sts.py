"""What was seen of a domain's MTA-STS: the record, and each address of the policy host."""

from dataclasses import dataclass

from mxcheck.evidence.dns import Lookup
from mxcheck.evidence.outcome import NOT_ASKED, Unseen
from mxcheck.evidence.overrides import OverridePolicy
from mxcheck.evidence.smtp import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyResponse:
    """An HTTP response to the request for a policy; a header field that did not come is "".

    `body` is empty unless the status is 200. It is as it came: compressed, if `content_encoding`
    names a compression.
    """

    status: int
    content_type: str = ""
    content_encoding: str = ""
    location: str = ""
    retry_after: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAnswer:
    """What one address of a policy host showed.

    `chain` are the certificates that the server sent (DER, leaf first), whether senders accept them
    or not; it is empty if the handshake did not complete. `other_chains` are those that other tries
    at the address showed.
    """

    address: str
    connection: Connection | Unseen
    chain: tuple[bytes, ...] = ()
    response: PolicyResponse | Unseen = NOT_ASKED
    other_chains: tuple[tuple[bytes, ...], ...] = ()

    @property
    def trouble(self) -> Unseen | None:
        """Return why no response came; None if one did."""
        if isinstance(self.connection, Unseen):
            return self.connection
        return self.response if isinstance(self.response, Unseen) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFetch:
    """The attempt to fetch a policy from each address of a policy host (RFC 8461 3.3).

    `left_out` are addresses that were not asked, because there are too many.
    """

    ipv4: Lookup = NOT_ASKED
    ipv6: Lookup = NOT_ASKED
    answers: tuple[PolicyAnswer, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def overrides(self) -> tuple[str, ...]:
        """Return the names of the overrides that the addresses come from."""
        return tuple(dict.fromkeys([*self.ipv4.overrides, *self.ipv6.overrides]))


@dataclass(frozen=True, slots=True, kw_only=True)
class MtaSts:
    """The TXT records of `_mta-sts.DOMAIN` (RFC 8461 3.1), and the policy (RFC 8461 3.3).

    `policy` is NOT_ASKED if the records announce none. `remembered` is the live policy, if an
    override withdraws the record that announces it, or brings another policy under the same id:
    senders that fetched it before do not learn of the change (RFC 8461 5.1).
    """

    record: Lookup = NOT_ASKED
    policy: PolicyFetch | OverridePolicy | Unseen = NOT_ASKED
    remembered: PolicyFetch | Unseen = NOT_ASKED


NO_MTA_STS = MtaSts()
"""The evidence about a domain that was not asked."""
