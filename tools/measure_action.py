"""Measure how long the Action takes to probe: `.venv/bin/python -m tools.measure_action`.

Seconds from the start of the step to the first DNS query (the median of several runs, in turn),
with pip and with uv: as the Action installs (the locked wheels, the source as it is), and plainly
(a virtual environment, and an install of the source into it). Cold: the installer's cache is
empty, as on a hosted runner; warm: it contains everything. The last column compares each with the
first row.
"""

import asyncio
import os
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from mxcheck.demo.dns_server import ScriptedDns

ROOT = Path(__file__).parents[1]
UV = Path(sys.executable).parent / "uv"
RUNS = 5
SCRIPTS = {
    "plain pip": '"$PYTHON" -m venv venv && venv/bin/pip install --quiet "$ACTION_PATH" '
    "&& venv/bin/mxcheck check",
    "plain uv": 'uv venv --quiet --python "$PYTHON" venv && uv pip install --quiet '
    '--python venv/bin/python "$ACTION_PATH" && venv/bin/mxcheck check',
    "the Action, pip": 'exec bash "$ACTION_PATH/tools/action-run"',
    "the Action, uv": 'exec bash "$ACTION_PATH/tools/action-run"',
}


def main() -> None:
    """Measure, and print a table."""
    keys = [(cache, name) for cache in ("cold", "warm") for name in SCRIPTS]
    measured: dict[tuple[str, str], list[float]] = {key: [] for key in keys}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(RUNS):
            for name in SCRIPTS:
                shutil.rmtree(caches := Path(folder, name), ignore_errors=True)
                for cache in ("cold", "warm"):
                    seconds = asyncio.run(until_first_query(name, caches))
                    measured[cache, name].append(seconds)
    medians = {key: statistics.median(seconds) for key, seconds in measured.items()}
    for (cache, name), seconds in medians.items():
        ratio = medians["cold", "plain pip"] / seconds
        sys.stdout.write(f"{cache}  {name:<16} {seconds:6.2f} s  {ratio:5.1f} x\n")


async def until_first_query(name: str, caches: Path) -> float:
    """Measure the seconds from the start of a script to its first DNS query, and clean up."""
    with tempfile.TemporaryDirectory() as folder:
        async with ScriptedDns() as dns:
            begun = time.monotonic()
            process = await asyncio.create_subprocess_exec(
                *("bash", "-c", SCRIPTS[name]),
                cwd=folder,
                env=variables(folder, caches, f"127.0.0.1:{dns.address[1]}", uv="uv" in name),
                start_new_session=True,
            )
            while not dns.queries:
                await asyncio.sleep(0.001)
                if process.returncode is not None:
                    raise RuntimeError(f"{name} ended before it asked")
            seconds = time.monotonic() - begun
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    return seconds


def variables(folder: str, caches: Path, resolver: str, *, uv: bool) -> Mapping[str, str]:
    """Return the environment of a step, with uv on the PATH or without."""
    path = [
        entry for entry in os.environ["PATH"].split(os.pathsep) if not Path(entry, "uv").exists()
    ]
    if uv:
        Path(folder, "bin").mkdir()
        Path(folder, "bin/uv").symlink_to(UV)
        path.insert(0, f"{folder}/bin")
    given = {
        "PATH": os.pathsep.join(path),
        "PIP_CACHE_DIR": str(caches / "pip"),
        "UV_CACHE_DIR": str(caches / "uv"),
        "ACTION_PATH": str(ROOT),
        "PYTHON": sys.executable,
        "RUNNER_TEMP": folder,
        "GITHUB_OUTPUT": os.devnull,
        "GITHUB_STEP_SUMMARY": os.devnull,
        "ANNOTATIONS": "true",
        "SUMMARY": "true",
        "MXCHECK_DOMAINS": "example.com",
        "MXCHECK_RESOLVER": resolver,
    }
    return {**os.environ, **given}


if __name__ == "__main__":
    main()
