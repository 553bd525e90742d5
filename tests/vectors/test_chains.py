"""Chains and names of public suites: the rules say what the machine's OpenSSL says of them.

The yardstick is OpenSSL, not what a suite expects: a suite for browsers wants other answers.
"""

import base64
import json
import re
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from mxcheck.evidence.outcome import Unseen
from mxcheck.wire.certificate import CertificateFacts, parse_certificate
from mxcheck.wire.host_match import matches_host
from tests import openssl
from tests.build import OBSERVED_AT
from tests.odd_certificates import certified
from tests.vectors.chains import ChainCase, is_for_host
from tests.vectors.tally import Record, Tally, folder_of

AT_NOT_AFTER = "rfc5280::validity::notafter-exact"
"""ADR 15: RFC 5280 counts the very second of notAfter as valid, OpenSSL does not."""


def ders(pems: list[str]) -> tuple[bytes, ...]:
    return tuple(map(ssl.PEM_cert_to_DER_cert, pems))


@pytest.mark.timeout(600)
def test_x509_limbo(record_property: Record) -> None:
    suite = json.loads((folder_of("x509-limbo") / "limbo.json").read_text(encoding="utf-8"))
    tally, names = Tally(), Tally()
    for case in suite["testcases"]:
        if case["validation_kind"] != "SERVER":
            tally.not_run += 1
            continue
        at = case["validation_time"]
        chain = ders([case["peer_certificate"], *case["untrusted_intermediates"]])
        asked = ChainCase(
            chain=chain,
            roots=ders(case["trusted_certs"]),
            at=datetime.fromisoformat(at) if at else OBSERVED_AT,
        )
        tally.compare(case["id"], asked.ours(), asked.theirs())
        peer = case["expected_peer_name"]
        if peer and peer["kind"] == "DNS":
            names.compare(case["id"], *is_for_host(chain[0], peer["value"]))
    tally.check(record_property, "x509-limbo, chains", (AT_NOT_AFTER,))
    names.check(record_property, "x509-limbo, names")


PARTS = 8


def bettertls(folder: Path) -> Iterator[tuple[str, dict[str, Any], bytes]]:
    exported = json.loads((folder / "bettertls.json").read_text(encoding="utf-8"))
    root = base64.b64decode(exported["trustRoot"])
    for name, suite in exported["suites"].items():
        for case in suite["testCases"]:
            yield f"{name} {case['id']}", case, root


def middle_of(certificate: bytes) -> datetime:
    """A moment at which a certificate is valid."""
    facts = parse_certificate(certificate)
    assert isinstance(facts, CertificateFacts)
    assert not isinstance(facts.not_before, Unseen)
    return facts.not_before + timedelta(hours=1)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(PARTS))
def test_bettertls(part: int, record_property: Record) -> None:
    tally, names = Tally(), Tally()
    for number, (name, case, root) in enumerate(bettertls(folder_of("bettertls"))):
        if number % PARTS != part:
            continue
        chain = tuple(map(base64.b64decode, case["certificates"]))
        asked = ChainCase(chain=chain, roots=(root,), at=middle_of(chain[0]))
        tally.compare(name, asked.ours(), asked.theirs())
        if re.search("[a-z]", case["hostname"]):
            names.compare(name, *is_for_host(chain[0], case["hostname"]))
    tally.check(record_property, "bettertls, chains")
    names.check(record_property, "bettertls, names")


VERIFY = re.compile(
    r'verify\("(?P<leaf>[^"]+)",\s*"(?P<purpose>\w*)",\s*\[(?P<trusted>[^\]]*)\],'
    r"\s*\[(?P<untrusted>[^\]]*)\](?P<options>[^)]*)\)"
)
NAME = re.compile(r"[\w.+-]+")
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def named(listed: str) -> list[str]:
    return NAME.findall(listed.replace("qw", " "))


def plain_pem(path: Path) -> str:
    """The one certificate of a file, "" if it is another kind of file."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return text[text.index("-----") :] if text.count("-----BEGIN CERTIFICATE") == 1 else ""


def test_openssl_verify(record_property: Record) -> None:
    """The cases of test/recipes/25-test_verify.t that ask what a client of TLS asks."""
    folder = folder_of("openssl") / "test"
    script = (folder / "recipes" / "25-test_verify.t").read_text(encoding="utf-8")
    tally = Tally()
    for case in VERIFY.finditer(script):
        files = [case["leaf"], *named(case["untrusted"]), *named(case["trusted"])]
        pems = [plain_pem(folder / "certs" / f"{file}.pem") for file in files]
        if case["options"].strip(" ,") or case["purpose"] not in {"", "sslserver"} or "" in pems:
            tally.not_run += 1  # other questions than a mail server's, or trust that no PEM carries
            continue
        sent, loaded = 1 + len(named(case["untrusted"])), ders(pems)
        asked = ChainCase(chain=loaded[:sent], roots=loaded[sent:], at=NOW)
        tally.compare(case[0], asked.ours(), asked.theirs())
    tally.check(record_property, "OpenSSL, 25-test_verify.t")


NAMES = re.compile(r"names\[\] = \{(?P<names>.*?)NULL", re.DOTALL)


def test_openssl_names(record_property: Record) -> None:
    """The names of test/v3nametest.c, each as a dNSName and as a host."""
    source = (folder_of("openssl") / "test" / "v3nametest.c").read_text(encoding="utf-8")
    found = NAMES.search(source)
    assert found
    names = re.findall(r'"([^"]*)"', found["names"])
    tally = Tally()
    for pattern, host in product(names, names):
        if host.startswith(".") or host.endswith("."):
            tally.not_run += 1  # no MX host: to OpenSSL it is a suffix, or another name
            continue
        theirs = openssl.is_for_host(certified(pattern.encode()), host)
        tally.compare(f"{pattern} for {host}", matches_host(pattern, host), theirs)
    tally.check(record_property, "OpenSSL, v3nametest.c")
