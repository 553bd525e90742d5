"""Who may receive the reports about a domain (RFC 9990 4)."""

from collections.abc import Callable, Sequence

from mxcheck.evidence.dns import Lookup
from mxcheck.wire.dmarc.record import VERSION, is_record, parse_record
from mxcheck.wire.dmarc.walk import Discovery, discover
from mxcheck.wire.domain_name import MAX_NAME


def hosts_within(discovery: Discovery) -> tuple[str, ...]:
    """Return the hosts of rua below the organization, which may be organizations themselves."""
    below = f".{discovery.organization}"
    return tuple(host for host in _hosts(discovery) if host.endswith(below))


def outside_hosts(discovery: Discovery, lookup_of: Callable[[str], Lookup]) -> tuple[str, ...]:
    """Return the hosts of rua outside the organization: they have to permit the reports.

    `lookup_of` returns the TXT lookup of a name of the walks of `hosts_within`.
    """
    inside = {
        host
        for host in hosts_within(discovery)
        if discover(host, lookup_of).organization == discovery.organization
    }
    return tuple(host for host in _hosts(discovery) if host not in inside)


def _hosts(discovery: Discovery) -> tuple[str, ...]:
    """Return the hosts of rua, other than those at which the record or the organization is."""
    uris = discovery.record.rua if discovery.record else ()
    own = {"", discovery.location, discovery.organization}
    return tuple(dict.fromkeys(uri.host for uri in uris if uri.host not in own))


def permission_name(domain: str, host: str) -> str:
    """Return the name at which a host permits reports about a domain.

    `domain` is the one at which the policy was found. "" if the name is longer than DNS allows.
    """
    name = f"{domain}._report._dmarc.{host}"
    return name if len(name) <= MAX_NAME else ""


def permission_record(domain: str, host: str) -> str:
    """Return the record by which a host permits them, ready to publish."""
    return f'{permission_name(domain, host)}. TXT "{VERSION}"'


def why_not_permitted(texts: Sequence[str], host: str) -> str:
    """Return why no report is sent to a host, from the texts of its permission; "" if one is."""
    permissions = [parse_record(text) for text in texts if is_record(text)]
    if not permissions:
        return f"no record there begins with {VERSION}"
    elsewhere = {uri.host for one in permissions for uri in one.rua} - {host}
    if elsewhere:
        # RFC 9990 4, step 9: then neither the original nor the other address gets any.
        return f"the record there names another host, {', '.join(sorted(elsewhere))}"
    return ""
