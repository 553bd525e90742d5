"""Measure many domains at once: `python -m tools.measure_fleet [DOMAINS] [HOSTS]`.

Checks DOMAINS (10,000), each with one of HOSTS (50) MX hosts, against a DNS server and an SMTP
server on loopback in a process of their own: once without reports, once with all. Prints wall and
CPU seconds and the peak memory of each run, and how much CPU the reports take of the rest.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from mxcheck.demo.certificates import Authority
from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.smtp_script import Script, Tls, closed_relay
from mxcheck.demo.smtp_server import ScriptedSmtp

REPORTS = (
    *("json", "junit-xml", "markdown", "github-summary"),
    *("github-annotations", "sarif", "codequality", "save-evidence"),
)
SERVE = "--serve"
WATCH = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def main(arguments: Sequence[str]) -> None:
    """Measure both runs, and print a line for each."""
    if arguments[:1] == [SERVE]:
        asyncio.run(serve(Path(arguments[1]), *map(int, arguments[2:])))
        return
    counts = [int(one) for one in arguments]
    domains, hosts = (*counts, *(10_000, 50)[len(counts) :])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "domains").write_text("".join(f"{one}\n" for one in names(domains)))
        command = [sys.executable, "-m", "tools.measure_fleet", SERVE, name, str(domains)]
        with subprocess.Popen([*command, str(hosts)], stdout=subprocess.PIPE, text=True) as server:
            try:
                flags = (server.stdout.readline() if server.stdout else "").split()
                bare = measure("without reports", flags)
                every = [f"--{report}={folder / report}" for report in REPORTS]
                full = measure("with every report", [*flags, *every])
            finally:
                server.terminate()
    sys.stdout.write(f"the reports take {full / bare - 1:.0%} of the CPU of the rest\n")


def measure(title: str, flags: Sequence[str]) -> float:
    """Run the check once in a process of its own; return its CPU seconds."""
    command = [sys.executable, "-m", "mxcheck", "check", "--quiet", *flags]
    begun = time.monotonic()
    watched = subprocess.run(
        [sys.executable, "-c", WATCH, *command], stdout=subprocess.PIPE, text=True, check=True
    )
    seconds = time.monotonic() - begun
    code, cpu, peak = watched.stdout.splitlines()[-1].split()
    sys.stdout.write(
        f"{title}: exit {code}, {seconds:.1f} s, {float(cpu):.1f} s of CPU,"
        f" {int(peak) / 1024:.0f} MiB at most\n"
    )
    return float(cpu)


def names(domains: int) -> list[str]:
    """Return the names of the domains."""
    return [f"d{number}.example" for number in range(domains)]


async def serve(folder: Path, domains: int, hosts: int) -> None:
    """Serve DNS and SMTP until the process is ended; print the flags of a check first."""
    served = [f"mx{number}.fleet.example" for number in range(hosts)]
    addresses = [f"127.0.{n // 250 + 1}.{n % 250 + 1}" for n in range(hosts)]
    zone = [f"{host}. A {address}" for host, address in zip(served, addresses, strict=True)]
    zone += [f"{one}. MX 10 {served[n % hosts]}." for n, one in enumerate(names(domains))]
    root = Authority.root(datetime.now(UTC))
    issued = root.issue(names=tuple(served))
    (folder / "root.pem").write_bytes(root.certificate_pem)
    script = Script(
        hostname=served[0],
        tls=Tls(chain_pem=issued.chain_pem, key_pem=issued.key_pem),
        recipient=closed_relay(names(domains)),
    )
    async with (
        ScriptedDns("\n".join(zone), authenticated=(".",)) as dns,
        ScriptedSmtp(script) as smtp,
    ):
        for address in addresses:
            await smtp.listen_at(address)
        flags = (
            f"--domains-file={folder / 'domains'}",
            f"--resolver={dns.address[0]}:{dns.address[1]}",
            f"--port={smtp.address[1]}",
            f"--ca-file={folder / 'root.pem'}",
            *("--trust-ad", "--allow-private", "--ehlo-name=probe.example.net", "--deadline=3000"),
        )
        sys.stdout.write(f"{' '.join(flags)}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1:])
