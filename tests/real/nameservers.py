"""The real name servers: NSD with the zones, and Unbound, with and without validation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mxcheck.demo.certificates import Authority
from tests.real import zones
from tests.real.aside import AsideProgram
from tests.real.domains import NAMESERVER, Zone
from tests.real.namespace import QUIET_ADDRESSES, Namespace, Server
from tests.real.zones import Keys

NSD = AsideProgram(package="nsd", name="nsd")
UNBOUND = AsideProgram(package="unbound", name="unbound")

RESOLVER = "127.0.0.1"
FAR_RESOLVER = QUIET_ADDRESSES[0].partition("/")[0]  # the same one, but not by loopback
CARELESS_RESOLVER = "127.0.0.54"  # does not validate
# The same one that validates, under loopback addresses that resolv.conf does not name: from outside
# it cannot be told from a forwarder that passes on the AD bit of another resolver.
PLAIN_RESOLVER, DOCKER_RESOLVER = "127.0.0.2", "127.0.0.11"
RESOLVER_NAME = "dns.test"  # in its certificate, beside the address
DNS_PORT, TLS_PORT, HTTPS_PORT = 53, 853, 443


@dataclass(frozen=True, slots=True, kw_only=True)
class Nsd:
    """The name server with all zones; `anchor` is the trust anchor of its root."""

    server: Server
    anchor: str
    folder: Path
    zones: dict[str, Zone]
    keys: Keys

    def publish(self, zone: Zone) -> None:
        """Serve a zone in place of the one of its name, signed with the same key."""
        self.zones[zone.name] = zone
        zones.write_zones(self.folder, self.zones.values(), self.keys)
        self.server.reload()


def start_nsd(namespace: Namespace, folder: Path, served: Sequence[Zone]) -> Nsd:
    """Start NSD with freshly signed zones."""
    folder.mkdir()
    keys = zones.make_keys()
    anchor = zones.write_zones(folder, served, keys)
    return Nsd(
        server=serve(namespace, folder, NAMESERVER, zones.served(served)),
        anchor=anchor,
        folder=folder,
        zones={zone.name: zone for zone in served},
        keys=keys,
    )


def serve(namespace: Namespace, folder: Path, address: str, files: Mapping[str, str]) -> Server:
    """Start an NSD with zone files that are in a folder; `files` are theirs, by zone."""
    blocks = "".join(
        f'zone:\n  name: "{name}"\n  zonefile: "{file}"\n' for name, file in files.items()
    )
    settings = folder / "nsd.conf"
    settings.write_text(
        f"""\
server:
  ip-address: {address}
  server-count: 1
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  database: ""
  pidfile: "{folder}/nsd.pid"
  xfrdfile: "{folder}/xfrd.state"
  xfrdir: "{folder}"
  zonelistfile: "{folder}/zone.list"
remote-control:
  control-enable: no
{blocks}"""
    )
    return Server(namespace, NSD.command("-d", "-c", str(settings)), folder / "nsd.log")


def start_unbound(namespace: Namespace, folder: Path, anchor: str, issuing: Authority) -> Server:
    """Start the Unbound that validates, in clear, over TLS and over HTTPS (HTTP/2 alone)."""
    folder.mkdir()
    issued = issuing.issue(names=(RESOLVER, RESOLVER_NAME))
    (folder / "chain.pem").write_bytes(issued.chain_pem)
    (folder / "key.pem").write_bytes(issued.key_pem)
    (folder / "anchor").write_text(f"{anchor}\n")
    settings = f"""\
  interface: {RESOLVER}
  interface: {RESOLVER}@{TLS_PORT}
  interface: {RESOLVER}@{HTTPS_PORT}
  interface: {FAR_RESOLVER}
  interface: {PLAIN_RESOLVER}
  interface: {DOCKER_RESOLVER}
  access-control: {FAR_RESOLVER} allow
  tls-service-pem: "{folder}/chain.pem"
  tls-service-key: "{folder}/key.pem"
  val-log-level: 2
  ede: yes
  trust-anchor-file: "{folder}/anchor"
"""
    return _start_unbound(namespace, folder, settings)


def start_unbound_without_validation(namespace: Namespace, folder: Path) -> Server:
    """Start an Unbound that gives signatures along, but does not look at them."""
    folder.mkdir()
    settings = f"""\
  interface: {CARELESS_RESOLVER}
  module-config: "iterator"
"""
    return _start_unbound(namespace, folder, settings)


def _start_unbound(namespace: Namespace, folder: Path, settings: str) -> Server:
    (folder / "hints").write_text(f". 3600 IN NS ns.test.\nns.test. 3600 IN A {NAMESERVER}\n")
    file = folder / "unbound.conf"
    # RFC 6761 has resolvers answer for "test" themselves; here it is a domain like any other.
    file.write_text(
        f"""\
server:
{settings}\
  directory: "{folder}"
  pidfile: "{folder}/unbound.pid"
  chroot: ""
  username: ""
  do-daemonize: no
  use-syslog: no
  logfile: ""
  num-threads: 1
  do-not-query-localhost: no
  local-zone: "test." nodefault
  root-hints: "{folder}/hints"
remote-control:
  control-enable: no
"""
    )
    return Server(namespace, UNBOUND.command("-d", "-c", str(file)), folder / "unbound.log")
