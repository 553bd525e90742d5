"""What senders do at each address of a policy host (RFC 8461 3.3), and what to do about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus

from mxcheck.evidence.dns import Lookup
from mxcheck.evidence.mta_sts import PolicyAnswer, PolicyFetch, PolicyResponse
from mxcheck.evidence.outcome import OUR_OWN, Trouble, Unseen
from mxcheck.rules.base import DomainCase
from mxcheck.rules.facts.alias import dangling_note, dangling_target, empty_target
from mxcheck.rules.facts.policy_certificate import certificate_faults
from mxcheck.rules.facts.stages import is_passed_over, not_gathered
from mxcheck.rules.remedies.policy_host import Repair
from mxcheck.wire.content_coding import compressions_in
from mxcheck.wire.mta_sts import policy_host

_REPAIRS: Mapping[Trouble, Repair] = {
    Trouble.HANDSHAKE: Repair.TLS,
    Trouble.NO_ADDRESS: Repair.ADDRESS,
    Trouble.NOT_PUBLIC: Repair.ADDRESS,
    Trouble.FLOOD: Repair.SHORTER,
    Trouble.ALIAS_CHAIN: Repair.ALIAS,
}


_NOT_LOST = frozenset({Trouble.EXCLUDED, Trouble.BOGUS})
_WAIT_LONGER = (
    "Run the check again with a --timeout of 30 s or more: senders wait a minute (RFC 8461 3.3)."
)


class AddressState(Enum):
    """What senders do with an address, as far as is known."""

    READ = auto()  # they read the policy that it serves
    WRONG = auto()  # they get an answer that is not a policy, and ask no other address
    SKIPPED = auto()  # they get no connection, and go on to the next address
    OTHER_FAMILY = auto()  # it was not asked, because this machine does not use its address family
    NOT_ASKED = auto()  # it was not asked, for another reason of this machine or of the run


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAddress:
    """An address of the policy host; `fault` says why senders do not read what it serves.

    `repair` is what the owner of the host can do, `advice` what the user of mxcheck can do.
    """

    address: str
    state: AddressState
    fault: str = ""
    repair: Repair = Repair.SERVE
    advice: str = ""
    body: bytes = b""
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFetch:
    """The addresses of a policy host, and what senders do with each.

    `left_out` are addresses that were too many to be asked, `lost` the address lookups that failed
    (but for bogus answers, which have a rule of their own), `dangling` tells of an alias that leads
    to a name that does not exist or has no address.
    """

    host: str
    addresses: tuple[SeenAddress, ...]
    left_out: tuple[str, ...]
    lost: tuple[Unseen, ...]
    dangling: str

    def of(self, *states: AddressState) -> tuple[SeenAddress, ...]:
        """Return the addresses in some states."""
        return tuple(one for one in self.addresses if one.state in states)

    @property
    def failing(self) -> tuple[SeenAddress, ...]:
        """Return the addresses because of which senders do not get the policy."""
        wrong = self.of(AddressState.WRONG)
        return wrong if self.of(AddressState.READ) else wrong + self.of(AddressState.SKIPPED)

    @property
    def fault(self) -> str:
        """Return why senders do not get the policy, "" if nothing keeps them from it."""
        if self.dangling:
            return self.dangling
        if not self.addresses:
            return self.lost[0].detail if self.lost else f"{self.host} has no address"
        return self.named(self.failing)

    @property
    def note(self) -> str:
        """Return what was not seen although the policy was, "" if everything was."""
        others = self.of(AddressState.SKIPPED, AddressState.OTHER_FAMILY)
        unseen = [self.named(others)] if others else []
        listed = [*unseen, *(one.detail for one in self.lost)]
        return f"; not seen: {'; '.join(listed)}" if listed else ""

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """Return how to repair that, each way once."""
        if self.dangling:
            return (Repair.DANGLING,)
        if self.addresses:
            return tuple(dict.fromkeys(one.repair for one in self.failing))
        lost = next((one.trouble for one in self.lost), Trouble.NO_ADDRESS)
        return (_REPAIRS.get(lost, Repair.ZONE),)

    def named(self, addresses: Iterable[SeenAddress]) -> str:
        """Return addresses with their faults, as messages name them."""
        return ", and ".join(f"{self.host} [{one.address}]: {one.fault}" for one in addresses)


def seen_fetch(fetch: PolicyFetch, case: DomainCase) -> SeenFetch:
    """Return what senders do with each address of the policy host."""
    lookups, domain = (fetch.ipv4, fetch.ipv6), case.domain.name
    host = policy_host(domain)
    return SeenFetch(
        host=host,
        addresses=tuple(_seen(answer, case) for answer in fetch.answers),
        left_out=fetch.left_out,
        lost=tuple(
            one for one in lookups if isinstance(one, Unseen) and one.trouble not in _NOT_LOST
        ),
        dangling="" if fetch.answers else _dangling(host, lookups, domain),
    )


def _dangling(host: str, lookups: tuple[Lookup, ...], domain: str) -> str:
    if target := dangling_target(*lookups):
        return dangling_note(host, target, domain, "can serve a policy for the domain")
    target = empty_target(*lookups)
    return f"{host} is an alias (CNAME) of {target}, which has no address" if target else ""


def _seen(answer: PolicyAnswer, case: DomainCase) -> SeenAddress:
    if isinstance(answer.connection, Unseen):
        return _unconnected(answer.address, answer.connection, case)
    response = answer.response
    completed = answer.chain or isinstance(response, PolicyResponse)
    faults = certificate_faults(answer.chain, case) if completed else ()
    elsewhere = [fault for one in answer.other_chains for fault in certificate_faults(one, case)]
    if faults or elsewhere:
        listed = "; ".join(faults) or f"on another connection {'; '.join(elsewhere)}"
        return _wrong(answer.address, listed, Repair.CERTIFICATE)
    if isinstance(response, Unseen):
        return _unanswered(answer.address, response)
    fault = response_fault(response)
    if fault:
        return _wrong(answer.address, fault, Repair.SERVE)
    return SeenAddress(
        address=answer.address,
        state=AddressState.READ,
        body=response.body,
        content_type=response.content_type,
    )


def _unconnected(address: str, trouble: Unseen, case: DomainCase) -> SeenAddress:
    if is_passed_over(trouble, case):
        unknown = not_gathered(trouble)
        return _not_asked(address, unknown.message, unknown.remedy)
    if trouble.trouble in OUR_OWN:
        return _not_asked(address, trouble.detail)
    other_family = trouble.trouble in {Trouble.NO_ROUTE, Trouble.EXCLUDED}
    return SeenAddress(
        address=address,
        state=AddressState.OTHER_FAMILY if other_family else AddressState.SKIPPED,
        fault=trouble.detail,
        repair=_REPAIRS.get(trouble.trouble, Repair.SERVE),
    )


def _unanswered(address: str, trouble: Unseen) -> SeenAddress:
    if trouble.trouble is Trouble.BUDGET:
        return _not_asked(address, trouble.detail, _WAIT_LONGER)
    if trouble.trouble in OUR_OWN:
        return _not_asked(address, trouble.detail)
    return _wrong(address, trouble.detail, _REPAIRS.get(trouble.trouble, Repair.SERVE))


def _not_asked(address: str, fault: str, advice: str = "") -> SeenAddress:
    state = AddressState.NOT_ASKED
    return SeenAddress(address=address, state=state, fault=fault, advice=advice)


def _wrong(address: str, fault: str, repair: Repair) -> SeenAddress:
    return SeenAddress(address=address, state=AddressState.WRONG, fault=fault, repair=repair)


def response_fault(response: PolicyResponse) -> str:
    """Return why senders do not read a response as a policy, "" if they do."""
    if response.status != HTTPStatus.OK:
        return f"it answers with the status {response.status}{_more_about(response)}"
    # RFC 8461 3.2: when fetching, senders validate the media type; its parameters do not count.
    media_type = response.content_type.partition(";")[0].strip().lower()
    if media_type != "text/plain":
        came = f"as {response.content_type}" if media_type else "without a Content-Type"
        return f"the policy comes {came}, where text/plain is wanted"
    compressed = compressions_in(response.content_encoding)
    if compressed:
        return f"the policy comes compressed, unasked (Content-Encoding: {', '.join(compressed)})"
    return ""


def _more_about(response: PolicyResponse) -> str:
    if response.status // 100 == 3:  # noqa: PLR2004 - 3xx is a redirect
        target = f" to {response.location}" if response.location else ""
        return f", a redirect{target}, which senders must not follow"
    return f" (Retry-After: {response.retry_after})" if response.retry_after else ""
