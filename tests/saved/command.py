"""`mxcheck judge` as a user calls it, in a process of its own that can open no socket."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mxcheck.model.policy import Policy
from tests.saved.demo import EVERYTHING, Saved

OFFLINE = """
import socket, sys
def refuse(*_: object, **__: object) -> None:
    raise AssertionError("judging opened a socket")
socket.socket.connect = socket.socket.connect_ex = refuse
socket.socket.sendto = socket.getaddrinfo = refuse
from mxcheck.cli import main as cli
sys.argv[0] = "mxcheck"
cli.main()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What came of it; `report` is empty where none was written."""

    exit_code: int
    stdout: str
    stderr: str
    report: Mapping[str, Any]

    @property
    def outcomes(self) -> dict[str, dict[str, str]]:
        """For each domain the outcomes of the rules that were asked about it as a whole."""
        return {
            domain["domain"]: {
                result["rule"]: result["outcome"]
                for result in domain["results"]
                if result["subject"] == {"mx": None, "address": None}
            }
            for domain in self.report["domains"]
        }


def judge(
    folder: Path,
    *arguments: str,
    stdin: bytes = b"",
    environ: Mapping[str, str] | None = None,
) -> Judged:
    """Run it in a folder, without settings from here."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("MXCHECK_")}
    report = folder / "judged.json"
    report.unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE, "judge", *arguments, "--json", str(report)],
        input=stdin,
        capture_output=True,
        cwd=folder,
        env=clean | dict(environ or {}),
        check=False,
    )
    return Judged(
        exit_code=done.returncode,
        stdout=done.stdout.decode(),
        stderr=done.stderr.decode(),
        report=json.loads(report.read_text()) if report.exists() else {},
    )


def flags_of(saved: Saved, policy: Policy = EVERYTHING) -> list[str]:
    """Return the flags that give a policy, and the trust anchors of the check."""
    levels = [f"--level={rule}={level}" for rule, level in policy.levels.items()]
    private = ["--allow-private"] if policy.allow_private else []
    return [f"--ca-file={saved.ca_file}", f"--relay={policy.relay}", *private, *levels]


def apart_from_notes(report: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON report without its notes, which say that it was judged from saved evidence."""
    return {key: value for key, value in report.items() if key != "notes"}
