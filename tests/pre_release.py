"""The domain of docs/pre-release.md, its servers, and the changes that are to be made to it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from mxcheck.demo.building import (
    HTTPS_PORT,
    SMTP_PORT,
    dmarc_record,
    healthy_script,
    policy_host,
    tls_rpt_record,
    tlsa_record,
)
from mxcheck.demo.certificates import Authority
from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.https_server import ScriptedHttps
from mxcheck.demo.smtp_server import ScriptedSmtp
from mxcheck.probe.settings import PlainResolver, ProbeSettings

DOMAIN = "example.com"
MX1, MX2 = "mx1.example.com", "mx2.example.com"
LIVE, STAGING, POLICY = "192.0.2.1", "198.51.100.7", "192.0.2.3"
# What the change adds: a second MX host, whose address it forgets.
SOA = f"{DOMAIN}. 3600 SOA ns1.example.net. hostmaster.{DOMAIN}. 2026112401 7200 3600 1209600 3600"
MX_FORGOTTEN = f"{DOMAIN}. 3600 MX 20 {MX2}."
NEW_POLICY = f"version: STSv1\r\nmode: enforce\r\nmx: {MX2}\r\nmax_age: 604800\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The servers: `routes` is where connections to their addresses really go."""

    resolver: PlainResolver
    routes: Mapping[tuple[str, int], tuple[str, int]]

    def reached_by(self, probe: ProbeSettings) -> ProbeSettings:
        """The settings of a probe that finds them."""
        resolvers, timeout = (self.resolver,), 5
        trusted = replace(probe, resolvers=resolvers, trust_ad=True)
        found = replace(trusted, routes=self.routes, canaries=(), retries=0)
        return replace(found, connect_timeout=timeout, timeout=timeout)


@asynccontextmanager
async def example_com(folder: Path) -> AsyncIterator[World]:
    """Run the servers; the root that they need, and the files of each change, are in a folder."""
    root = Authority.root(datetime.now(UTC))
    issuer = root.issue_intermediate()
    served, renewed = (issuer.issue(names=(MX1,)) for _ in range(2))
    policy = policy_host(issuer, DOMAIN, POLICY, MX1)
    records = (
        f"{DOMAIN}. 3600 MX 10 {MX1}.",
        f"{MX1}. 3600 A {LIVE}",
        tlsa_record(MX1, served).replace(" TLSA ", " 3600 TLSA "),
        f"{policy.name}. 3600 A {POLICY}",
        f'_mta-sts.{DOMAIN}. 3600 TXT "v=STSv1; id=20250101"',
        tls_rpt_record(DOMAIN),
        dmarc_record(DOMAIN),
    )
    (folder / "ca.pem").write_bytes(root.certificate_pem)
    (folder / "zones").mkdir()
    (folder / "zones/example.com.zone").write_text("\n".join([SOA, *records, MX_FORGOTTEN, ""]))
    (folder / "fullchain.pem").write_bytes(renewed.chain_pem)
    (folder / "mta-sts.txt").write_text(NEW_POLICY)
    dns = ScriptedDns("\n".join(records), authenticated=[f"{DOMAIN}."])
    live = ScriptedSmtp(healthy_script(issuer, MX1, served))
    staging = ScriptedSmtp(healthy_script(issuer, MX2))
    https = ScriptedHttps(policy.site)
    async with AsyncExitStack() as stack:
        for server in (dns, live, staging, https):
            await stack.enter_async_context(server)
        yield World(
            resolver=PlainResolver(address=dns.address[0], port=dns.address[1]),
            routes={
                (LIVE, SMTP_PORT): live.address,
                (STAGING, SMTP_PORT): staging.address,
                (POLICY, HTTPS_PORT): https.address,
            },
        )
