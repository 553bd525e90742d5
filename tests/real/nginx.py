"""The real policy hosts of MTA-STS: one nginx, with an address and a server block a site."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mxcheck.demo.certificates import Issued
from tests.real.aside import AsideProgram
from tests.real.namespace import Namespace, Server

PROGRAM = AsideProgram(package="nginx", name="nginx")

HTTPS_PORT = 443
PATH = "/.well-known/mta-sts.txt"

# As root, so that it may read what the tests wrote; nothing of it lies outside the folder.
_SETTINGS = """\
user root;
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  log_format asked '$host "$request" $status';
  access_log {folder}/access.log asked;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  types {{ text/plain txt; }}
{beside}{servers}}}
"""
_SERVER = """\
  server {{
    listen {address}:{port} ssl;
    server_name {name};
    root {root};
    ssl_certificate {root}/chain.pem;
    ssl_certificate_key {root}/key.pem;
    {options}
  }}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySite:
    """One address of a policy host: its certificate, its policy, and nginx's directives.

    `beside` are directives outside of its server block; `{folder}` in both is a folder of its own.
    """

    name: str
    address: str
    issued: Issued
    policy: bytes
    options: str
    beside: str = ""

    def __str__(self) -> str:
        """Return the name of its folder."""
        return f"{self.name}-{self.address.replace(':', '-')}"


class Nginx:
    def __init__(self, namespace: Namespace, folder: Path, sites: Sequence[PolicySite]) -> None:
        folder.mkdir()
        self._last = sites[-1].address
        self._log = folder / "access.log"
        servers = "".join(_server_block(folder / str(site), site) for site in sites)
        beside = "".join(site.beside.replace("{folder}", str(folder / str(site))) for site in sites)
        settings = folder / "nginx.conf"
        settings.write_text(_SETTINGS.format(folder=folder, beside=beside, servers=servers))
        command = PROGRAM.command("-c", str(settings), "-e", str(folder / "error.log"))
        self._server = Server(namespace, command, folder / "nginx.log")

    def wait_for(self) -> None:
        # It opens all its ports before it answers on any of them.
        self._server.wait_for(self._last, HTTPS_PORT)

    def stop(self) -> None:
        self._server.stop()

    def asked(self, host: str) -> list[str]:
        """Return the requests for a host and the status of each, in the order of their ends."""
        lines = self._log.read_text(errors="replace").splitlines()
        return [line.removeprefix(f"{host} ") for line in lines if line.startswith(f"{host} ")]


def _server_block(root: Path, site: PolicySite) -> str:
    (root / ".well-known").mkdir(parents=True)
    (root / "chain.pem").write_bytes(site.issued.chain_pem)
    (root / "key.pem").write_bytes(site.issued.key_pem)
    (root / PATH.removeprefix("/")).write_bytes(site.policy)
    return _SERVER.format(
        address=f"[{site.address}]" if ":" in site.address else site.address,
        port=HTTPS_PORT,
        name=site.name,
        root=root,
        options=site.options.replace("{folder}", str(root)),
    )
