"""The world of the box: Postfix at one end, mxcheck and its resolver at the other."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.real.between.box import LINE, Box, Manner, joined
from tests.real.certs import Authorities
from tests.real.checked import Checked, Report
from tests.real.namespace import Namespace
from tests.real.population import Population
from tests.real.postfix import Postfix
from tests.real.services import Service
from tests.real.serving import resolving

NEAR, FAR = "10.78.0.1", "10.78.0.{}"
# A session whose ClientHello never comes is to end before the log is read.
_OPTIONS = ("smtpd_starttls_timeout=3s",)
SERVICES = {
    manner: Service(name=manner.name.lower(), addresses=(FAR.format(number),), options=_OPTIONS)
    for number, manner in enumerate(Manner, 2)
}
"""The same server behind each manner of the box."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxWorld:
    """The near end, where mxcheck runs, and the box."""

    near: Namespace
    folder: Path
    postfix: Postfix
    box: Box
    resolver: str

    def check(self, *domains: str, rules: str) -> Checked:
        """Run the check over domains, from the near end; the box forgets earlier runs."""
        self.box.hellos.clear()
        file = self.folder / "report.json"
        flags = ["--select", rules, "--allow-private", "--retries", "0", "--timeout", "2"]
        flags += ["--resolver", self.resolver, "--canary", "none", "--json", str(file)]
        flags += ["--ca-file", str(self.folder / "ca.pem")]
        done = self.near.mxcheck("check", *flags, *domains, cwd=self.folder)
        assert file.exists(), done.stderr
        report: Report = json.loads(file.read_text())
        return Checked(done.returncode, report, done.stdout, done.stderr)


@contextmanager
def running() -> Iterator[BoxWorld]:
    """Start both ends and the box; end them with the block."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mxcheck-box-")))
        folder.chmod(0o711)  # Postfix gives up root, and still has to find its own folders
        near, far = (Namespace(f"mxcheck-{name}-{os.getpid()}", NEAR) for name in ("near", "far"))
        for namespace in (near, far):
            stack.callback(namespace.delete)
            namespace.create(())
        box = Box(manners={service.address: manner for manner, service in SERVICES.items()})
        stack.enter_context(joined(near, far, box))
        near.add_address(f"{NEAR}/24", LINE)
        for service in SERVICES.values():
            far.add_address(f"{service.address}/24", LINE)
        authorities = Authorities.make()
        (folder / "ca.pem").write_bytes(authorities.root.certificate_pem)
        population = Population(
            zones=(),
            services=tuple(SERVICES.values()),
            mail_domains=tuple(service.domain for service in SERVICES.values()),
        )
        postfix = Postfix(far, folder / "postfix", authorities, population)
        stack.callback(postfix.stop)
        postfix.wait_for()
        resolver = stack.enter_context(resolving(near, _zone()))
        yield BoxWorld(near=near, folder=folder, postfix=postfix, box=box, resolver=resolver)


def _zone() -> str:
    return "".join(
        f"{service.domain}. MX 10 {service.host}.\n{service.host}. A {service.address}\n"
        for service in SERVICES.values()
    )
