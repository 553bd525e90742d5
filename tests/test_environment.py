"""Tests are told nothing that was meant for other programs."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CODE = "import os, tests.environment; print(*sorted(os.environ))"


def test_only_what_programs_need_to_run_is_kept() -> None:
    odd = {
        "MXCHECK_FAIL_ON": "warning",
        "GITHUB_ACTIONS": "true",
        "TZ": "Asia/Tokyo",
        "LC_ALL": "C",
    }
    kept = {
        "PATH": "/usr/bin",
        "HOME": "/root",
        "https_proxy": "http://proxy.example",
        "CI": "true",
    }
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=odd | kept,
    )
    given = {name for name in os.environ if name.startswith("GIT_CONFIG_")} | {"LANG"}
    assert set(done.stdout.split()) == kept.keys() | given
