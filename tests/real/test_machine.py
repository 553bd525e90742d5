"""The servers run whatever users, settings and variables the machine has."""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from pwd import getpwall

import pytest

from tests.e2e.gate import Gate, gate
from tests.real import exim, opensmtpd
from tests.real.certs import Authorities
from tests.real.conftest import _stop_at
from tests.real.exim import EximDaemon
from tests.real.exim_services import EXIM_BY_NAME
from tests.real.gate.world import SSHD
from tests.real.mail_host import SMTP_PORT
from tests.real.namespace import Namespace, mount_over_etc
from tests.real.opensmtpd import OPENSMTPD_BY_NAME, OpenSmtpd
from tests.real.population import Population
from tests.real.postfix import Postfix
from tests.real.services import BY_NAME
from tests.real.users import NUMBERS
from tests.real.world import obstacle

pytestmark = pytest.mark.real

POSTFIX = BY_NAME["also-healthy"]
EXIM = EXIM_BY_NAME["exim-healthy"]
OPENSMTPD = OPENSMTPD_BY_NAME["opensmtpd-healthy"]

BARE = {
    "passwd": "root:x:0:0:root:/root:/bin/bash\n",
    "group": "root:x:0:\n",
    "shadow": "root:*:19000:0:99999:7:::\n",
}
# Each user of a server exists, and has the number that another one has in the tests.
NAMES = [name for name in NUMBERS if name != "root"]
CLASHING = dict(zip(NAMES, [NUMBERS[name] for name in reversed(NAMES)], strict=True))
USED = {
    "passwd": BARE["passwd"]
    + "".join(f"{name}:x:{number}:{number}::/srv:/bin/false\n" for name, number in CLASHING.items())
    + "www-data:x:65003:65003::/var/www:/bin/false\n",
    "group": BARE["group"]
    + "".join(f"{name}:x:{number + 20}:root\n" for name, number in CLASHING.items()),
    # Neither of them could log in.
    "shadow": "root:!:19000:0:99999:7:::\ngate:!:19000:0:99999:7::1:\n",
}


@contextmanager
def started(namespace: Namespace, folder: Path) -> Iterator[Gate]:
    """Run a server of each kind until the block ends."""
    authorities = Authorities.make()
    population = Population(zones=(), services=(POSTFIX,), mail_domains=(POSTFIX.domain,))
    with ExitStack() as stack:
        postfix = Postfix(namespace, folder / "postfix", authorities, population)
        stack.callback(postfix.stop)
        daemon = EximDaemon(namespace, folder / "exim", EXIM, authorities)
        stack.callback(daemon.stop)
        smtpd = OpenSmtpd(namespace, folder / "opensmtpd", authorities)
        stack.callback(smtpd.stop)
        for server in (postfix, daemon, smtpd):
            server.wait_for()
        yield stack.enter_context(gate(folder / "gate"))


def greetings(namespace: Namespace) -> list[bytes]:
    """Return what each mail server says first, once it has given up root."""
    said = []
    for service in (POSTFIX, EXIM, OPENSMTPD):
        with namespace.connect(service.address, SMTP_PORT, timeout=20) as connection:
            said.append(connection.recv(4))
    return said


def through(machine: Gate) -> str:
    """Return what a server says that is reached through sshd: that same sshd."""
    known = f"UserKnownHostsFile={machine.known_hosts}"
    login = ["-F", "none", "-i", str(machine.key), "-o", known, "-o", "BatchMode=yes"]
    way = ["-p", str(machine.port), "-W", f"127.0.0.1:{machine.port}", "root@127.0.0.1"]
    done = subprocess.run(
        ["ssh", *login, *way], check=False, input="\n", capture_output=True, text=True
    )
    return done.stdout + done.stderr


def said_on(etc: Path, users: int) -> tuple[list[bytes], str]:
    """Start the servers on a machine with these files in /etc, and return what they say."""
    mount_over_etc(etc)
    assert len(getpwall()) == users
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mxcheck-machine-")))
        folder.chmod(0o711)  # the servers give up root, and still have to find their folders
        namespace = Namespace(folder.name, "127.0.0.1")
        stack.callback(namespace.delete)
        namespace.create(())
        machine = stack.enter_context(started(namespace, folder))
        return greetings(namespace), through(machine)


@pytest.fixture
def namespace() -> Iterator[Namespace]:
    _stop_at(obstacle())
    made = Namespace(f"mxcheck-machine-{os.getpid()}", "127.0.0.1")
    try:
        made.create(())
        yield made
    finally:
        made.delete()


def test_what_the_machine_is_set_to_is_not_seen_inside(
    namespace: Namespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("MXCHECK_TIMEOUT", "1")
    assert "127.0.0.1:9" not in namespace.run("env").stdout
    users = [line.partition(":")[0] for line in namespace.run("getent", "passwd").stdout.split()]
    assert users == list(NUMBERS)
    assert "nameserver 127.0.0.1\n" in namespace.run("cat", "/etc/resolv.conf").stdout


def test_ipv6_is_there_if_the_machine_turns_it_off(namespace: Namespace) -> None:
    with namespace.inside():
        Path("/proc/sys/net/ipv6/conf/all/disable_ipv6").write_text("1")
    with pytest.raises(subprocess.CalledProcessError):
        namespace.add_address("fd00::1/128")
    namespace.turn_ipv6_on()
    namespace.add_address("fd00::1/128")
    assert "inet6 fd00::1/128" in namespace.run("ip", "address", "show", "dev", "lo").stdout


@pytest.mark.parametrize("files", [BARE, USED], ids=["bare", "used"])
def test_users_of_the_machine_do_not_matter(files: Mapping[str, str], tmp_path: Path) -> None:
    programs = (exim.PROGRAM, opensmtpd.PROGRAM, SSHD)
    _stop_at(obstacle() or next(filter(None, (one.obstacle() for one in programs)), ""))
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    users = len(files["passwd"].splitlines())
    with ThreadPoolExecutor(1) as pool:
        said, banner = pool.submit(said_on, tmp_path, users).result()
    assert said == [b"220 "] * 3
    assert banner.startswith("SSH-2.0-OpenSSH")
