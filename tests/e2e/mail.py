"""The servers of some domains on loopback, as a workflow reaches them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mxcheck.demo.building import tlsa_record
from mxcheck.demo.certificates import Authority
from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.smtp_script import Script, Tls, closed_relay, open_relay
from mxcheck.demo.smtp_server import ScriptedSmtp

HEALTHY = "healthy.example"
MX = "mx1.healthy.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Where the servers are, and chains that may come after the one that the MX presents."""

    port: int
    resolver: str
    ca_file: Path
    same_key_pem: bytes = b""
    new_key_pem: bytes = b""

    @property
    def variables(self) -> dict[str, str]:
        """What leads a run to them, as variables."""
        return {
            "MXCHECK_PORT": str(self.port),
            "MXCHECK_RESOLVER": self.resolver,
            "MXCHECK_TRUST_AD": "true",
            "MXCHECK_CA_FILE": str(self.ca_file),
            "MXCHECK_ALLOW_PRIVATE": "true",
        }


NOWHERE = Mail(port=25, resolver="127.0.0.1:9", ca_file=Path("none.pem"))


@asynccontextmanager
async def serve(
    folder: Path,
    domains: Sequence[str] = (HEALTHY,),
    *,
    relays: bool = False,
    dane: bool = False,
    dead_mx: bool = False,
) -> AsyncIterator[Mail]:
    """Run a resolver, and one MX for all the domains, which relays for everyone or for nobody.

    dane: whether the MX host's zone is signed and holds its TLSA record.
    dead_mx: whether DNS names another MX host, which does not exist.
    """
    root = Authority.root(datetime.now(UTC))
    issuer = root.issue_intermediate()
    issued = issuer.issue(names=(MX,))
    ca_file = folder / "ca.pem"
    ca_file.write_bytes(root.certificate_pem)
    script = Script(
        hostname=MX,
        tls=Tls(chain_pem=issued.chain_pem, key_pem=issued.key_pem),
        recipient=open_relay if relays else closed_relay(list(domains)),
    )
    zone = "".join(
        f'{domain}. 300 IN MX 10 {MX}.\n_dmarc.{domain}. 300 IN TXT "v=DMARC1; p=reject"\n'
        for domain in domains
    )
    if dead_mx:
        zone += "".join(f"{domain}. 300 IN MX 20 gone.{MX}.\n" for domain in domains)
    async with ScriptedSmtp(script) as mx:
        port = mx.address[1]
        tlsa = tlsa_record(MX, issued).replace("_25.", f"_{port}.") if dane else ""
        zone += f"{MX}. 300 IN A 127.0.0.1\n{tlsa}\n"
        async with ScriptedDns(zone, authenticated=[f"{MX}."] if dane else ()) as dns:
            yield Mail(
                port=port,
                resolver=f"{dns.address[0]}:{dns.address[1]}",
                ca_file=ca_file,
                same_key_pem=issuer.issue(names=(MX,), key=issued.key).chain_pem,
                new_key_pem=issuer.issue(names=(MX,)).chain_pem,
            )
