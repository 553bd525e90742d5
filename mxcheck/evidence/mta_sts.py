"""What was seen of a domain's MTA-STS: the record, and what the policy host answered."""

from dataclasses import dataclass

from mxcheck.evidence.dns import Lookup
from mxcheck.evidence.outcome import NOT_ASKED, Unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyResponse:
    """What the policy host answered to GET, over TLS and with a certificate that was accepted.

    `address` is the one that was connected to; `content_type` and `location` are the header fields
    as they came, "" where they did not; `body` is empty where the status is not 200.
    `overrides` are those that it comes from: a policy that is about to be published has its path
    for a `url`, and no address.
    """

    url: str
    address: str
    status: int
    content_type: str = ""
    location: str = ""
    body: bytes = b""
    overrides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MtaSts:
    """The TXT records of `_mta-sts.DOMAIN` (RFC 8461 3.1), and the policy (RFC 8461 3.3).

    The policy is NOT_ASKED where the records announce none. `remembered` is the live policy, where
    an override withdraws the record that announces it, or brings another policy under the same id:
    senders that fetched it before hear of no other (RFC 8461 5.1).
    """

    record: Lookup = NOT_ASKED
    policy: PolicyResponse | Unseen = NOT_ASKED
    remembered: PolicyResponse | Unseen = NOT_ASKED


NO_MTA_STS = MtaSts()
"""Of a domain that was not asked."""
