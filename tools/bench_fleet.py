"""Compare mxcheck with a bare client: `python -m tools.bench_fleet [DOMAINS] [HOSTS] [DELAY_MS]`.

Serves DNS and SMTP for DOMAINS (1,000) that share HOSTS (1,000) MX hosts on 127.0.0.0/8, each reply
after DELAY_MS (50), in a process of their own. Then runs, beside those servers: mxcheck; a bare
asyncio client that asks the same names and makes one visit to each host up to EHLO inside TLS (the
floor); and, if it is installed, posttls-finger for each host by xargs -P100. Prints wall and CPU
seconds, the peak memory of each, and the ratios to the floor.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.fleet import floor, servers

FLOOR, SERVE = "--floor", "--serve"
MIB = 1024
_XARGS = "xargs --max-procs=100 --max-args=1 posttls-finger -c -l encrypt -o inet_protocols=ipv4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a program took; seconds, and MiB at most."""

    wall: float
    cpu: float
    memory: float

    def __str__(self) -> str:
        """Return it as a row of the table."""
        return f"{self.wall:8.1f} s {self.cpu:8.1f} s {self.memory:8.0f} MiB"


def main(arguments: Sequence[str]) -> None:
    """Run all three, and print a row for each."""
    match arguments:
        case [mode, folder, *counts] if mode == SERVE:
            asyncio.run(servers.serve(Path(folder), *map(int, counts)))
        case [mode, folder, *flags] if mode == FLOOR:
            asyncio.run(floor.run(Path(folder), flags))
        case _:
            given = [int(one) for one in arguments]
            domains, hosts, delay = (*given, *(1000, 1000, 50)[len(given) :])
            compare(domains, hosts, delay)


def compare(domains: int, hosts: int, delay: int) -> None:
    """Start the servers, and run mxcheck, the floor and posttls-finger against them."""
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "tools.bench_fleet", SERVE, name]
        numbers = [str(domains), str(hosts), str(delay)]
        with subprocess.Popen([*command, *numbers], stdout=subprocess.PIPE, text=True) as server:
            try:
                flags = (server.stdout.readline() if server.stdout else "").split()
                rows = list(_rows(Path(name), flags))
            finally:
                server.terminate()
    sys.stdout.write(f"{domains} domains on {hosts} hosts, {delay} ms a reply\n")
    base = dict(rows)["floor"]
    for title, cost in rows:
        ratio = f"{cost.wall / base.wall:6.2f} x {cost.cpu / base.cpu:6.2f} x"
        sys.stdout.write(f"{title:15} {cost} {ratio}\n")


def _rows(folder: Path, flags: Sequence[str]) -> list[tuple[str, Cost]]:
    python = [sys.executable, "-m"]
    rows = [("mxcheck", measure([*python, "mxcheck", "check", "--quiet", *flags]))]
    rows.append(("floor", measure([*python, "tools.bench_fleet", FLOOR, str(folder), *flags])))
    if shutil.which("posttls-finger"):
        targets = "\n".join((folder / "targets").read_text().split())
        rows.append(("posttls-finger", measure(_XARGS.split(), targets)))
    return rows


def measure(command: Sequence[str], given: str = "") -> Cost:
    """Run a program, and return what it and its children took."""
    begun = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    if process.stdin:
        process.stdin.write(given)
        process.stdin.close()
    _, _, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - begun
    return Cost(wall=wall, cpu=used.ru_utime + used.ru_stime, memory=used.ru_maxrss / MIB)


if __name__ == "__main__":
    os.chdir(Path(__file__).parents[1])
    main(sys.argv[1:])
