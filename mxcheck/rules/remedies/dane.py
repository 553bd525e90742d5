"""What to say of a server that does not match its TLSA records, and what to publish instead."""

from mxcheck.rules.base import EndpointCase, MxCase
from mxcheck.rules.facts.dane import Tlsa
from mxcheck.rules.facts.dane_match import Matched, Unmatched, match_of
from mxcheck.rules.facts.dane_near import find_anchor_not_sent, find_outdone, listed
from mxcheck.rules.facts.mx_chains import chains_presented, chains_sent
from mxcheck.rules.facts.sent_chain import PresentedChain
from mxcheck.wire.tlsa import DANE_EE, DANE_TA, SPKI, TlsaRecord, recommended_record

TTL = 3600  # seconds, as an example: RFC 7671 13 wants a short one
_NEARLY_REMEDY = "Put right what is said of the anchor"


def to_publish(case: MxCase, tlsa: Tlsa) -> str:
    """Return the records for what the host presents, or their form if nothing was seen of it."""
    records = (
        recommended_record(chain[0], tlsa.usable) for chain in chains_presented(case, tlsa.base)
    )
    lines = dict.fromkeys(_line(tlsa, record) for record in records)
    if lines:
        return " and ".join(lines)
    ttl = tlsa.ttl or TTL
    return f"`{tlsa.line_owner}. {ttl} IN TLSA 3 1 1 …` with the SHA-256 digest of the public key"


def mismatch_seen(case: EndpointCase, tlsa: Tlsa, chain: PresentedChain, match: Unmatched) -> str:
    """Return what was published, what was presented, and what follows."""
    fitting = recommended_record(chain.certificates[0], tlsa.usable)
    nearly = f" ({match.nearly})" if match.nearly else ""
    near = nearly or _near(case, tlsa, chain.certificates)
    records = listed(tlsa.usable)
    if case.host.chain:
        return (
            f"deploying this certificate breaks DANE for {case.host.name}: it matches no TLSA"
            f" record at {tlsa.name}. Published is {records}{near}; its own record would be"
            f" {fitting}. Senders that use DANE would not deliver.{_elsewhere(case, tlsa)}"
        )
    return (
        f"{case.where} matches no TLSA record at {tlsa.name}: published is {records}{near}, and"
        f" for the certificate that it presents{_asked_for(case, tlsa)} the record would be"
        f" {fitting}. Senders that use DANE do not deliver.{_elsewhere(case, tlsa)}"
    )


def _near(case: EndpointCase, tlsa: Tlsa, chain: tuple[bytes, ...]) -> str:
    """Return in brackets why a record that looks right does not count."""
    if outdone := find_outdone(tlsa, chain):
        return (
            f" ({outdone.record} would match, but senders ignore it because a stronger digest is"
            " published beside it, RFC 7671 9)"
        )
    missing = find_anchor_not_sent(tlsa, chain, case)
    if missing and missing.anchor:
        return (
            f" ({missing.record.parameters} is about {missing.anchor}, which is missing from the"
            " chain that the server sends)"
        )
    if missing:
        return (
            f" (a record of usage 2 counts only if its authority is sent, and the chain ends at"
            f" {missing.top}: its issuer {missing.top_issuer} is missing)"
        )
    return ""


def mismatch_remedy(case: EndpointCase, tlsa: Tlsa, chain: PresentedChain, match: Unmatched) -> str:
    """Return the record to publish, and how to change keys without such a gap."""
    line = _line(tlsa, recommended_record(chain.certificates[0], tlsa.usable))
    if case.host.chain:
        return _before_deploying(tlsa, line, match)
    if match.nearly:
        return f"{_NEARLY_REMEDY}, or publish {line}.{_rollover(tlsa)}"
    return f"{_first(case, tlsa, chain.certificates, line)}{_rollover(tlsa)}"


def _first(case: EndpointCase, tlsa: Tlsa, chain: tuple[bytes, ...], line: str) -> str:
    if outdone := find_outdone(tlsa, chain):
        stale = " and ".join(_line(tlsa, one) for one in outdone.by)
        return f"Remove {stale}, or publish {line} beside it."
    missing = find_anchor_not_sent(tlsa, chain, case)
    if missing:
        anchor = missing.anchor or missing.top_issuer
        return f"Append the certificate of {anchor} to the chain that is sent, or publish {line}."
    return f"Publish {line}, or let the server present again what the records promise."


def _before_deploying(tlsa: Tlsa, line: str, match: Unmatched) -> str:
    """RFC 7671 8.1: caches are to hold the record of the next key before the key is used."""
    first = f"{_NEARLY_REMEDY}. Or first publish" if match.nearly else "First publish"
    ttl = f"one TTL of {tlsa.ttl} s" if tlsa.ttl else "its TTL"
    return (
        f"{first} {line} beside what is published, wait {ttl} at least (better two), and then"
        f" deploy{_or_without(tlsa, match)}."
    )


def _or_without(tlsa: Tlsa, match: Unmatched) -> str:
    """Return what can be done where the records are to stay as they are."""
    if any((one.usage, one.selector) == (DANE_EE, SPKI) for one in tlsa.usable):
        return "; or keep the key when you renew (certbot: `--reuse-key`)"
    if any(one.usage == DANE_TA for one in tlsa.usable) and not match.nearly:
        return "; or deploy a chain that leads to the authority of the records, and holds it"
    return ""


def _line(tlsa: Tlsa, record: TlsaRecord) -> str:
    """Return a record as a zone file holds it; all records of a set have one TTL (RFC 2181 5.2)."""
    ttl = tlsa.ttl or TTL
    return f"`{tlsa.line_owner}. {ttl} IN TLSA {record.parameters} {record.data.hex()}`"


def _elsewhere(case: EndpointCase, tlsa: Tlsa) -> str:
    matching = [
        address
        for address, chains in chains_sent(case, tlsa.base).items()
        if all(isinstance(match_of(case, tlsa, chain), Matched) for chain in chains)
    ]
    if not matching:
        return ""
    return f" The records match what {case.host.name} presents at {', '.join(matching)}."


def _asked_for(case: EndpointCase, tlsa: Tlsa) -> str:
    """Senders name the base domain by SNI (RFC 7672 8.1), and so did this check."""
    return f" when asked for {tlsa.base}" if tlsa.base != case.host.name else ""


def _rollover(tlsa: Tlsa) -> str:
    """RFC 7671 8.1: the record of the next key comes first."""
    if len(tlsa.published) > 1:
        return ""
    return (
        " Only one record is published, which leaves no room for a change of key: next time publish"
        f" the record of the new key beside the old one, wait two TTLs (it came with {tlsa.ttl} s),"
        " and then change the key."
    )
