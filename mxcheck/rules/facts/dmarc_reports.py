"""Find which hosts outside the organization permit DMARC reports about a domain (RFC 9990 4)."""

from dataclasses import dataclass

from mxcheck.evidence.outcome import Unseen
from mxcheck.rules.base import DomainCase
from mxcheck.wire.dmarc.reports import outside_hosts, permission_name, why_not_permitted
from mxcheck.wire.dmarc.walk import Discovery
from mxcheck.wire.txt import texts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """A host outside the organization, and the name of its permission, "" if that is too long.

    `fault` says why receivers send it no reports; `unseen` why that is not known.
    """

    host: str
    name: str
    fault: str = ""
    unseen: Unseen | None = None


def permissions_of(discovery: Discovery, case: DomainCase) -> tuple[Permission, ...]:
    """Return what the hosts outside the organization permit, in the order of the record."""
    hosts = outside_hosts(discovery, case.domain.dmarc.walked)
    return tuple(_permission(host, discovery, case) for host in hosts)


def _permission(host: str, discovery: Discovery, case: DomainCase) -> Permission:
    name = permission_name(discovery.location, host)
    if not name:
        return Permission(host=host, name="", fault="the name of its permission would be too long")
    lookup = case.domain.dmarc.permission(name)
    if isinstance(lookup, Unseen):
        return Permission(host=host, name=name, unseen=lookup)
    fault = why_not_permitted(texts_of(lookup), host)
    return Permission(host=host, name=name, fault=f"{name}: {fault}" if fault else "")
