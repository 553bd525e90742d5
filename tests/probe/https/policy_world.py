"""Fetches a policy from scripted HTTPS servers that stand behind pretended public addresses."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from mxcheck.demo.certificates import Issued
from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.https_server import Request, ScriptedHttps, Site, http_response
from mxcheck.demo.smtp_script import Answer, Tls
from mxcheck.evidence.mta_sts import PolicyAnswer, PolicyFetch, PolicyResponse
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.dns.resolver import make_resolver
from mxcheck.probe.https.policy_host import HTTPS_PORT, PolicyClient
from mxcheck.probe.settings import ProbeSettings
from tests.probe.harness import ADDRESS, DOMAIN, ROOT, SETTINGS, closed_port, plain

POLICY_HOST = f"mta-sts.{DOMAIN}"
URL = f"https://{POLICY_HOST}/.well-known/mta-sts.txt"
POLICY = b"version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\nmax_age: 604800\r\n"
TRUSTING = replace(SETTINGS, ca_pem=ROOT.certificate_pem, retries=0)

Servers = Mapping[str, Sequence[Site] | None]
"""What stands behind an address: the site of each connection in turn, or nobody."""


def tls_of(issued: Issued) -> Tls:
    return Tls(chain_pem=issued.chain_pem, key_pem=issued.key_pem)


TLS = tls_of(ROOT.issue_intermediate().issue(names=(POLICY_HOST,)))


def site(answer: Answer) -> Site:
    """A site whose certificate is in order."""
    return Site(tls=TLS, answer=answer)


GOOD = site(http_response(POLICY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came of a fetch, and what the servers saw of it, by their addresses."""

    seen: PolicyFetch
    servers: Mapping[str, ScriptedHttps]
    dns: ScriptedDns

    def at(self, address: str) -> PolicyAnswer:
        """Return the answer of an address."""
        [answer] = [one for one in self.seen.answers if one.address == address]
        return answer

    @property
    def answer(self) -> PolicyAnswer:
        """Return the answer of the only address."""
        [answer] = self.seen.answers
        return answer

    @property
    def response(self) -> PolicyResponse:
        assert isinstance(self.answer.response, PolicyResponse), self.answer
        return self.answer.response

    @property
    def trouble(self) -> Trouble:
        assert self.answer.trouble, self.answer
        return self.answer.trouble.trouble

    @property
    def detail(self) -> str:
        assert self.answer.trouble, self.answer
        return self.answer.trouble.detail

    @property
    def requests(self) -> list[Request]:
        """The connections to all servers."""
        return [request for server in self.servers.values() for request in server.requests]


async def fetch(
    servers: Servers,
    *,
    dns: str | ScriptedDns = "",
    settings: ProbeSettings = TRUSTING,
    domain: str = DOMAIN,
) -> Fetched:
    """Fetch the policy of a domain; without zone text every address is its policy host's."""
    server = ScriptedDns(dns or address_zone(*servers)) if isinstance(dns, str) else dns
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(server)
        nobody = stack.enter_context(closed_port()).getsockname()
        https = {
            address: await stack.enter_async_context(ScriptedHttps(*sites))
            for address, sites in servers.items()
            if sites
        }
        ends = {
            address: https[address].address if address in https else nobody for address in servers
        }
        inside = replace(
            settings,
            routes={(address, HTTPS_PORT): end for address, end in ends.items()},
            resolvers=(plain(server.address),),
        )
        resolver = make_resolver(inside)
        assert not isinstance(resolver, Unseen)
        stack.push_async_callback(resolver.close)
        slots = asyncio.Semaphore(inside.concurrency)
        client = PolicyClient(resolver=resolver, settings=inside, slots=slots)
        seen: list[PolicyFetch] = []
        await client.fetch(domain, seen.append)
    return Fetched(seen=seen[-1], servers=https, dns=server)


async def fetch_from(*sites: Site, settings: ProbeSettings = TRUSTING) -> Fetched:
    """Fetch from one policy host at ADDRESS."""
    return await fetch({ADDRESS: sites}, settings=settings)


def address_zone(*addresses: str, host: str = POLICY_HOST) -> str:
    """Zone text: a host with these addresses."""
    return "".join(
        f"{host}. {'AAAA' if ':' in address else 'A'} {address}\n" for address in addresses
    )
