"""The repository of the examples, with proposed changes that are all good or all bad."""

import json
from collections.abc import Mapping
from pathlib import Path

from tests.e2e.acting import git, make_repository
from tests.e2e.mail import MX, Mail

DOMAINS = ("example.com", "example.org")
INPUTS = {"gate-new-mx": {"domain": DOMAINS[0], "host": MX}}
"""What somebody enters who starts a workflow by hand, apart from the address."""
CAUSES = {
    "gate-new-mx": "open-relay",
    "gate-dns-change": "mx-unresolvable",
    "gate-certificate": "dane-mismatch",
    "gate-mta-sts": "mta-sts-mx-unlisted",
}
"""The rule that must stop a change which is bad."""

_ZONE = """\
$TTL 3600
@ IN SOA ns1.example.net. hostmaster 2026112401 7200 3600 1209600 3600
@ IN MX 10 {mx}.
"""
_POLICY = "version: STSv1\nmode: enforce\nmx: {mx}\nmax_age: 604800\n"


def make_zones(folder: Path, mail: Mail, *, bad: bool) -> None:
    """Make the repository of a pull request that changes everything at once."""
    make_zone_files(folder, bad=bad)
    (folder / "mta-sts.txt").write_text(_POLICY.format(mx=_mx(bad=bad)))
    (folder / "mxcheck.toml").write_text(f'[[domain]]\nname = "{DOMAINS[0]}"\n')
    (folder / "ca.pem").write_bytes(mail.ca_file.read_bytes())
    chain = mail.ca_file.with_name("renewed.pem")
    chain.write_bytes(mail.new_key_pem if bad else mail.same_key_pem)
    renew = folder / "renew"
    renew.write_text(f"#!/bin/sh\ncp '{chain}' fullchain.pem\n")
    renew.chmod(0o755)
    make_repository(folder)
    git(folder, "remote", "add", "origin", "https://github.com/you/zones")


def make_zone_files(folder: Path, *, bad: bool) -> None:
    """Write a zone file for each domain; a bad one names an MX host that does not exist."""
    (folder / "zones").mkdir(parents=True)
    for domain in DOMAINS:
        (folder / f"zones/{domain}.zone").write_text(_ZONE.format(mx=_mx(bad=bad)))


def _mx(*, bad: bool) -> str:
    return f"new.{MX}" if bad else MX


def write_event(path: Path, example: str, mail: Mail, *, fork: bool) -> None:
    """What GitHub says of a pull request, of a fork or not, and of what somebody entered."""
    owner = "contributor" if fork else "you"
    head = {"ref": "topic", "repo": {"full_name": f"{owner}/zones"}}
    inputs = INPUTS.get(example, {}) | {"address": f"127.0.0.1:{mail.port}"}
    pull = {"head": head, "base": {"ref": "main"}}
    path.write_text(json.dumps({"pull_request": pull, "inputs": inputs}))


def variables(example: str, mail: Mail) -> Mapping[str, str]:
    """What leads a run to the servers; a new MX host is found by its address alone."""
    own = dict(mail.variables)
    if example in INPUTS:
        del own["MXCHECK_PORT"]
    return own
