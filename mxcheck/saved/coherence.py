"""What no run writes, though its form is right: judging and reports rely on its absence."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import dns.exception
from dns import rdata

from mxcheck.evidence.dns import Answer, Lookup
from mxcheck.evidence.domain import Domain, MxHost, Run
from mxcheck.evidence.mta_sts import PolicyFetch
from mxcheck.evidence.name_servers import NameServers
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.overrides import OverrideKind
from mxcheck.evidence.runs import Evidence
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.tls import ServerHello, TlsSession
from mxcheck.model.quoting import quote
from mxcheck.probe.dns.domains import MAX_HOSTS
from mxcheck.wire.address import parse_address
from mxcheck.wire.domain_name import parse_domain
from mxcheck.wire.mx import mx_hosts
from mxcheck.wire.txt import parse_txt

Line = Iterator[str]
"""The place in the evidence, and what is odd there."""

_OF_MAIL = ("MX", "TXT", "TLSA")
"""What name servers are asked for."""
_MX_RECORD = re.compile(r"[0-9]{1,5} \S+")


def oddities(evidence: Evidence) -> Line:
    """Yield what is odd, each with its place; those behind the first may come of it."""
    names = [domain.name for _, domain in evidence.domains()]
    yield from (f"evidence.{line}" for line in _twice("domains", "name", names))
    for number, run in enumerate(evidence.runs):
        place = f"evidence.runs[{number}]" if len(evidence.runs) > 1 else "evidence"
        yield from (f"{place}.{line}" for line in _odd_run(run))


def _odd_run(run: Run) -> Line:
    names = {override.name for override in run.overrides}
    for number, domain in enumerate(run.domains):
        location = f"domains[{number}]"
        yield from _odd_name(domain, location)
        yield from _odd_records(domain, location)
        yield from _twice(f"{location}.hosts", "name", [host.name for host in domain.hosts])
        yield from _odd_hosts(domain, location)
        yield from _odd_policies(domain, f"{location}.mta_sts")
        for index, host in enumerate(domain.hosts):
            yield from _odd_addresses(host, f"{location}.hosts[{index}]")
            yield from _odd_chain(host, f"{location}.hosts[{index}].chain", names)
    yield from _odd_visits(run)


def _odd_name(domain: Domain, location: str) -> Line:
    try:
        proper = parse_domain(domain.name) == domain.name
    except ValueError:
        proper = False
    if not proper:
        yield (
            f"{location}.name: {quote(domain.name)} is not a domain name in A-labels and lower case"
        )


def _odd_records(domain: Domain, location: str) -> Line:
    yield from _not_all(domain.mx, f"{location}.mx", _is_mx, "an MX")
    yield from _not_all(domain.mta_sts.record, f"{location}.mta_sts.record", _is_txt, "a TXT")
    for index, one in enumerate(domain.records):
        kind, at = one.record.rdtype, f"{location}.records[{index}].lookup"
        yield from _not_all(one.lookup, at, partial(_is_of_type, kind), f"a {kind}")
    for index, host in enumerate(domain.hosts):
        yield from _odd_lookups(host, f"{location}.hosts[{index}]")
    yield from _odd_name_servers(domain.name_servers, f"{location}.name_servers")


def _odd_name_servers(seen: NameServers | Unseen, location: str) -> Line:
    """Yield the records that are not of the type asked for, which is one of a few."""
    if isinstance(seen, Unseen):
        return
    for name, answers in {"first": seen.first, "again": seen.again}.items():
        for index, one in enumerate(answers):
            place = f"{location}.{name}[{index}]"
            if one.rdtype not in _OF_MAIL:
                yield f"{place}.rdtype: name servers are not asked for {quote(one.rdtype)}"
                continue
            fits = partial(_is_of_type, one.rdtype)
            yield from _not_all(one.lookup, f"{place}.lookup", fits, f"a proper {one.rdtype}")


def _odd_lookups(host: MxHost | PolicyFetch, location: str) -> Line:
    yield from _not_all(host.ipv4, f"{location}.ipv4", lambda text: _is_ip(text, 4), "an A")
    yield from _not_all(host.ipv6, f"{location}.ipv6", lambda text: _is_ip(text, 6), "an AAAA")


def _not_all(lookup: Lookup, location: str, fits: Callable[[str], bool], kind: str) -> Line:
    if not isinstance(lookup, Answer):
        return
    if not lookup.records:
        yield f"{location}.records: an answer has a record"
    for number, record in enumerate(lookup.records):
        if not fits(record):
            yield f"{location}.records[{number}]: {quote(record)} is not {kind} record"


def _is_mx(record: str) -> bool:
    return _MX_RECORD.fullmatch(record) is not None


def _is_of_type(kind: str, record: str) -> bool:
    """Return whether a record is in the presentation format of its type (RFC 1035 5.1)."""
    try:
        rdata.from_text("IN", kind, record)
    except dns.exception.DNSException:
        return False
    return True


def _is_ip(record: str, version: int) -> bool:
    address = parse_address(record)
    return address is not None and address.version == version


def _is_txt(record: str) -> bool:
    try:
        parse_txt(record)
    except dns.exception.DNSException:
        return False
    return True


def _odd_hosts(domain: Domain, location: str) -> Line:
    """Yield a complaint unless the hosts are those of the MX answer, in the order of senders.

    The last may be missing, beyond the number that is looked at.
    """
    wanted = list(mx_hosts(domain.name, domain.mx).items())
    for index, host in enumerate(domain.hosts):
        if (host.name, host.preference) not in wanted[index : index + 1]:
            shown = f"{host.preference} {quote(host.name)}"
            yield f"{location}.hosts[{index}]: {shown} is not where its MX answer leads"
    if len(domain.hosts) < min(len(wanted), MAX_HOSTS):
        name, _ = wanted[len(domain.hosts)]
        yield f"{location}.hosts: {quote(name)} is missing, where its MX answer leads"


def _odd_addresses(host: MxHost, location: str) -> Line:
    """Yield a complaint unless the addresses are those of the lookups, each once.

    Taken up, or else left out.
    """
    yield from _twice(f"{location}.addresses", "", host.addresses)
    yield from _odd_taken(host, host.addresses, location, "addresses")


def _odd_policies(domain: Domain, location: str) -> Line:
    fetches = {"policy": domain.mta_sts.policy, "remembered": domain.mta_sts.remembered}
    for name, fetch in fetches.items():
        if isinstance(fetch, PolicyFetch):
            yield from _odd_fetch(fetch, f"{location}.{name}")


def _odd_fetch(fetch: PolicyFetch, location: str) -> Line:
    """Yield the addresses of the policy host without an answer, also a failed one."""
    addresses = [answer.address for answer in fetch.answers]
    yield from _odd_lookups(fetch, location)
    yield from _twice(f"{location}.answers", "address", addresses)
    yield from _odd_taken(fetch, addresses, location, "answers")


def _odd_taken(host: MxHost | PolicyFetch, taken: Sequence[str], location: str, key: str) -> Line:
    answers = [one for one in (host.ipv4, host.ipv6) if isinstance(one, Answer)]
    wanted = Counter(record for answer in answers for record in answer.records)
    held = Counter((*taken, *host.left_out))
    for address in held - wanted:
        yield f"{location}.{key}: {quote(address)} comes from no lookup, or twice"
    for address in wanted - held:
        yield f"{location}.{key}: {quote(address)} is missing, and not among those left out"
    if host.left_out and not taken:
        yield f"{location}.left_out: of several addresses one at least is taken up"


def _odd_chain(host: MxHost, location: str, overrides: set[str]) -> Line:
    if host.chain is None:
        return
    if not host.chain.chain:
        yield f"{location}.chain: a chain holds a certificate"
    if not host.chain.overrides or set(host.chain.overrides) - overrides:
        yield f"{location}.overrides: a chain comes from an override of the run"


def _odd_visits(run: Run) -> Line:
    """Yield the addresses without a visit, also a failed one."""
    wanted = {
        (host.name, address)
        for domain in run.domains
        for host in domain.hosts
        for address in host.addresses
    }
    seen: set[tuple[str, str]] = set()
    moved = any(override.kind is OverrideKind.CONNECT_TO for override in run.overrides)
    for number, visit in enumerate(run.visits):
        location, key = f"visits[{number}]", (visit.host, visit.address)
        where = f"{quote(visit.host)} [{visit.address}]"
        if key not in wanted:
            yield f"{location}: {where} is not an address of an MX host"
        if key in seen:
            yield f"{location}: {where} is there twice"
        if visit.port != run.port and not moved:
            yield f"{location}.port: {visit.port} is not the port of the run, {run.port}"
        yield from _odd_shown(visit, location)
        seen.add(key)
    for host_name, address in sorted(wanted - seen):
        yield f"visits: {quote(host_name)} [{address}] is missing"


def _odd_shown(visit: Visit, location: str) -> Line:
    """Yield the chains of further connections that are neither the visit's nor shown."""
    known = {(one.server_name, one.chain) for one in visit.shown}
    if isinstance(visit.tls, TlsSession):
        known.add((visit.host, visit.tls.chain))
    hellos = (*visit.hellos, *visit.chain_hellos, *visit.base_hellos, *visit.large_hellos)
    for hello in hellos:
        answer, name = hello.answer, hello.server_name or visit.host
        if isinstance(answer, ServerHello) and answer.chain and (name, answer.chain) not in known:
            yield f"{location}.shown: a chain that was presented for {quote(name)} is missing"


def _twice(location: str, key: str, names: Sequence[str]) -> Line:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            where = f"{location}[{number}]{f'.{key}' if key else ''}"
            yield f"{where}: {quote(name)} is there twice"
        seen.add(name)
