"""SPF records that are complete, ready to publish, made from what is published now."""

from collections.abc import Iterable

from mxcheck.model.policy import Expect
from mxcheck.rules.base import DomainCase
from mxcheck.wire.address import ip_version
from mxcheck.wire.spf.record import VERSION, parse_record
from mxcheck.wire.spf.terms import Mechanism

NOTHING = f"{VERSION} -all"
"""The record of a domain that sends no mail."""

MAX_RECORD = 450  # bytes: with name and header the answer then fits in 512 (RFC 7208 3.4)
_MAX_STRING = 255  # bytes of one string of a TXT record (RFC 1035 3.3)

_OF_PROVIDERS = {
    "google.com": "include:_spf.google.com",
    "googlemail.com": "include:_spf.google.com",
    "protection.outlook.com": "include:spf.protection.outlook.com",
    "mx.microsoft": "include:spf.protection.outlook.com",
    "zoho.com": "include:zohomail.com",
    "zoho.eu": "include:zohomail.eu",
}
"""What providers ask their customers to publish, by the domains of their MX hosts."""


def first_record(case: DomainCase) -> str:
    """Return the record to begin with: what is known to send, or nothing for a domain without mail.

    A provider of mailboxes sends from other addresses than those of its MX hosts.
    """
    senders = [network_term(sender) for sender in case.policy.senders]
    if case.policy.expect is Expect.NO_MAIL and not senders:
        return NOTHING
    hosts = [host.name for host in case.domain.hosts]
    of_providers = [
        term
        for suffix, term in _OF_PROVIDERS.items()
        if any(host.endswith(f".{suffix}") for host in hosts)
    ]
    own = [] if of_providers or not hosts else ["mx"]
    return record_with([*own, *senders, *dict.fromkeys(of_providers), "~all"])


def network_term(address: str) -> str:
    """Return the term that lets an address send."""
    return f"ip{ip_version(address)}:{address}"


def record_with(terms: Iterable[str]) -> str:
    """Return a record of these terms."""
    return " ".join([VERSION, *dict.fromkeys(terms)])


def terms_of(record: str) -> list[str]:
    """Return the words of a record after its version."""
    return [word for word in record[len(VERSION) :].split(" ") if word]


def with_first(record: str, term: str) -> str:
    """Return a record with a term before all others, so that no other one decides first."""
    return record_with([term, *terms_of(record)])


def without(record: str, unwanted: Iterable[str]) -> str:
    """Return a record without some terms."""
    gone = set(unwanted)
    return record_with(term for term in terms_of(record) if term not in gone)


def ending_in(record: str, end: str) -> str:
    """Return a record whose first all is replaced, or that ends in one where it has none."""
    old = parse_record(record).all
    kept = [term for term in terms_of(record) if not old or term != old.text]
    is_redirected = old is None and any(one.lower().startswith("redirect=") for one in kept)
    return record_with(kept if is_redirected else [*kept, end])


def merged(records: Iterable[str]) -> str:
    """Return one record in place of several: the terms of all, and the first all of them."""
    parsed = [parse_record(record) for record in records]
    ends = [one.all.text for one in parsed if one.all]
    terms = [
        directive.text
        for one in parsed
        for directive in one.directives
        if directive.mechanism is not Mechanism.ALL
    ]
    return record_with([*terms, *(ends[:1] or ["~all"])])


def publish(domain: str, record: str) -> str:
    """Return how to have exactly one record at a name."""
    return f"Publish exactly one SPF record at `{domain}`: {as_txt(domain, record)}."


def as_txt(domain: str, record: str) -> str:
    """Return the record of a zone file; what is too long for one string is several."""
    strings = [record[at : at + _MAX_STRING] for at in range(0, len(record), _MAX_STRING)]
    quoted = " ".join(f'"{one}"' for one in strings)
    return f"`{domain}. TXT {quoted}`"
