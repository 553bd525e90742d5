"""Measure what a pipeline pays: `sudo .venv/bin/python -m tools.measure`.

Prints wall and CPU seconds (the median of several runs) of a check of one healthy domain on a real
Postfix, of `mxcheck --version`, and of a bare `python -c pass` for comparison, and the
connections that Postfix counted; with --install also of an install into a new virtual environment.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.real.world import RealWorld, running

ROOT = Path(__file__).parents[1]
RUNS = 7


def main() -> None:
    """Measure, and print a table."""
    with running("mxcheck-measure") as world:
        bare = measure(lambda: world.namespace.run(sys.executable, "-c", "pass"))
        show("python -c pass", bare, bare)
        show("mxcheck --version", measure(lambda: world.run("--version")), bare)
        before = world.connections("healthy")
        show("mxcheck check healthy.test", measure(lambda: check(world)), bare)
        made = world.connections("healthy") - before
        sys.stdout.write(f"connections to its two endpoints: {made / RUNS:g} a run\n")
    if "--install" in sys.argv:
        show("install into a new venv", measure(install, runs=1), bare)


def check(world: RealWorld) -> None:
    """Run the check once; it must pass."""
    checked = world.check("healthy.test")
    if checked.exit_code:
        raise RuntimeError(checked.stdout + checked.stderr)


def install() -> None:
    """Install mxcheck and all that it needs into a new virtual environment."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([f"{folder}/bin/pip", "install", "--quiet", str(ROOT)], check=True)


def measure(work: Callable[[], object], runs: int = RUNS) -> tuple[float, float]:
    """Measure the median wall seconds and CPU seconds of work in child processes."""
    walls, cpus = [], []
    for _ in range(runs):
        cpu, begun = cpu_seconds(), time.monotonic()
        work()
        walls.append(time.monotonic() - begun)
        cpus.append(cpu_seconds() - cpu)
    return statistics.median(walls), statistics.median(cpus)


def cpu_seconds() -> float:
    """Return the CPU seconds of all child processes so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def show(what: str, measured: tuple[float, float], bare: tuple[float, float]) -> None:
    """Print one line, with the ratio to a bare Python."""
    wall, cpu = measured
    ratio = wall / bare[0]
    sys.stdout.write(f"{what:<28} {wall:6.2f} s wall  {cpu:6.2f} s CPU  {ratio:6.1f} x\n")


if __name__ == "__main__":
    main()
