"""The part of the JSON report about lookups."""

from mxcheck.evidence.dns import Absent, Answer, AskedResolver, Lookup, ReverseDns, Withheld
from mxcheck.evidence.domain import Domain, MxHost, Run
from mxcheck.evidence.name_servers import NameServerAnswer, NameServers
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.report.json.model_dns import (
    CaaJson,
    DnsJson,
    ForwardJson,
    HostDnsJson,
    LookupJson,
    NameServerAnswerJson,
    NameServersJson,
    RecheckJson,
    ResolverJson,
    ReverseJson,
)


def resolver_json(resolver: AskedResolver) -> ResolverJson:
    """Describe a resolver and its answer to `. SOA`."""
    return ResolverJson(
        name=resolver.name,
        trusted_by=resolver.trusted_by,
        root_soa=lookup_json(resolver.root_soa),
    )


def dns_json(domain: Domain, run: Run) -> DnsJson:
    """Describe the lookups for a domain."""
    return DnsJson(
        mx=lookup_json(domain.mx),
        mx_recheck=recheck_json(domain.mx),
        hosts=tuple(_host(host, run) for host in domain.hosts),
        caa=tuple(CaaJson(name=one.name, lookup=lookup_json(one.lookup)) for one in domain.caa),
        name_servers=_name_servers(domain.name_servers),
    )


def _name_servers(seen: NameServers | Unseen) -> NameServersJson | None:
    if isinstance(seen, Unseen):
        return None
    return NameServersJson(
        zone=seen.zone,
        first=tuple(map(_name_server, seen.first)),
        again=tuple(map(_name_server, seen.again)),
        left_out=seen.left_out,
    )


def _name_server(one: NameServerAnswer) -> NameServerAnswerJson:
    return NameServerAnswerJson(
        server=one.server,
        address=one.address,
        name=one.name,
        type=one.rdtype,
        lookup=lookup_json(one.lookup),
    )


def recheck_json(lookup: Lookup) -> RecheckJson | None:
    """Return what was asked after SERVFAIL; None if nothing came of it."""
    if not isinstance(lookup, Withheld):
        return None
    return RecheckJson(unchecked=lookup_json(lookup.unchecked), again=lookup_json(lookup))


def _host(host: MxHost, run: Run) -> HostDnsJson:
    reverse = {one.address: one for one in run.reverse}
    return HostDnsJson(
        host=host.name,
        a=lookup_json(host.ipv4),
        aaaa=lookup_json(host.ipv6),
        reverse=tuple(
            _reverse(reverse[address]) for address in host.addresses if address in reverse
        ),
    )


def _reverse(reverse: ReverseDns) -> ReverseJson:
    return ReverseJson(
        address=reverse.address,
        ptr=lookup_json(reverse.ptr),
        forward=tuple(
            ForwardJson(name=one.name, addresses=lookup_json(one.addresses))
            for one in reverse.forward
        ),
        names_left_out=reverse.left_out,
    )


def lookup_json(lookup: Lookup) -> LookupJson:
    """Describe a lookup and its outcome."""
    match lookup:
        case Answer():
            return LookupJson(
                status="answer",
                owner=lookup.owner,
                records=lookup.records,
                aliases=lookup.aliases,
                ttl=lookup.ttl,
                authenticated_data=None if lookup.zone_unseen else lookup.authenticated_data,
                what_ifs=lookup.overrides,
            )
        case Absent():
            return LookupJson(
                status=lookup.absence.value,
                aliases=lookup.aliases,
                authenticated_data=None if lookup.zone_unseen else lookup.authenticated_data,
                what_ifs=lookup.overrides,
            )
        case Unseen():
            # What the resolver answered: "bogus" is the conclusion from several such answers.
            bogus = lookup.trouble is Trouble.BOGUS
            status = (Trouble.SERVFAIL if bogus else lookup.trouble).value
            return LookupJson(status=status, detail=lookup.detail, what_ifs=lookup.overrides)
