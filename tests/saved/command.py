"""`mxcheck judge` as a user calls it, in a process of its own that can open no socket."""

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mxcheck.model.policy import Policy
from tests.program import run_program
from tests.saved.demo import EVERYTHING, Saved


def refuse_sockets() -> None:
    """Let no socket of this process reach anybody."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("judging opened a socket")

    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, refuse)
    socket.getaddrinfo = refuse  # type: ignore[assignment]


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
                if not any(result["subject"].values())
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
    done = run_program(
        *("judge", *arguments, "--json", str(report)),
        stdin=stdin,
        cwd=folder,
        env=clean | dict(environ or {}),
        before=refuse_sockets,
    )
    return Judged(
        exit_code=done.returncode,
        stdout=done.stdout,
        stderr=done.stderr,
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
