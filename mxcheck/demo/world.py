"""The servers of the demo: a resolver, MX hosts and policy hosts at pretended addresses."""

import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, ip_address

from mxcheck.demo.building import HTTPS_PORT, SMTP_PORT, DemoDomain, Host, PolicyHost, dmarc_record
from mxcheck.demo.certificates import Authority
from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.domains import demo_domains
from mxcheck.demo.https_server import ScriptedHttps
from mxcheck.demo.loopback import LOOPBACK
from mxcheck.demo.smtp_server import ScriptedSmtp


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The demo while it runs.

    resolver: address and port of the DNS server.
    routes: the real destination of connections to a pretended (address, port); addresses are from
        the documentation ranges (RFC 5737, RFC 3849), in their shortest form.
    ca_pem: the root of the demo's certificates.
    dns, smtp, https: the servers, the latter two by host name, to see what they were asked.
    """

    resolver: tuple[str, int]
    routes: Mapping[tuple[str, int], tuple[str, int]]
    ca_pem: bytes
    domains: tuple[DemoDomain, ...]
    dns: ScriptedDns
    smtp: Mapping[str, ScriptedSmtp]
    https: Mapping[str, ScriptedHttps]


@asynccontextmanager
async def demo_world(now: datetime) -> AsyncIterator[World]:
    """Start every server, with certificates made for `now` (UTC), and stop them at the end."""
    root = Authority.root(now)
    domains = demo_domains(root.issue_intermediate())
    hosts = [host for domain in domains for host in domain.hosts]
    policy_hosts = [domain.policy_host for domain in domains if domain.policy_host]
    smtp = {host.name: ScriptedSmtp(host.script) for host in hosts if host.script}
    https = {host.name: ScriptedHttps(host.site) for host in policy_hosts}
    signed = [f"{domain.name}." for domain in domains if domain.signed]
    dns = ScriptedDns("\n".join(_records(domains)), authenticated=signed)
    async with AsyncExitStack() as stack:
        for server in (dns, *smtp.values(), *https.values()):
            await stack.enter_async_context(server)
        nobody = stack.enter_context(_closed_port()).getsockname()
        yield World(
            resolver=dns.address,
            routes={
                **dict(_routes(hosts, smtp, nobody)),
                **{(host.address, HTTPS_PORT): https[host.name].address for host in policy_hosts},
            },
            ca_pem=root.certificate_pem,
            domains=domains,
            dns=dns,
            smtp=smtp,
            https=https,
        )


def _closed_port() -> socket.socket:
    """Reserve a port on which nobody listens, so that connections to it are refused."""
    holder = socket.socket()
    holder.bind((LOOPBACK, 0))
    return holder


def _routes(
    hosts: list[Host], smtp: Mapping[str, ScriptedSmtp], nobody: tuple[str, int]
) -> Iterator[tuple[tuple[str, int], tuple[str, int]]]:
    for host in hosts:
        end = smtp[host.name].address if host.name in smtp else nobody
        for address in host.addresses:
            yield (address, SMTP_PORT), end


def _records(domains: tuple[DemoDomain, ...]) -> Iterator[str]:
    for domain in domains:
        yield from domain.records
        yield dmarc_record(domain.name)
        if domain.policy_host:
            yield from _policy_records(domain.name, domain.policy_host)
        if not domain.hosts:
            yield f"{domain.name}. MX 0 ."  # RFC 7505 3
        for location, host in enumerate(domain.hosts, start=1):
            yield f"{domain.name}. MX {location * 10} {host.name}."
            for address in host.addresses:
                yield f"{host.name}. {_address_type(address)} {address}"


def _policy_records(domain: str, host: PolicyHost) -> Iterator[str]:
    yield f'_mta-sts.{domain}. TXT "v=STSv1; id=20250101;"'  # RFC 8461 3.1
    yield f"{host.name}. {_address_type(host.address)} {host.address}"


def _address_type(address: str) -> str:
    return "A" if isinstance(ip_address(address), IPv4Address) else "AAAA"
