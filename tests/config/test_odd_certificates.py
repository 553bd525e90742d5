"""Certificates in files that one library reads and another does not: none stops a run."""

from dataclasses import replace
from pathlib import Path

import pytest

from mxcheck.config.chain_file import read_chain
from mxcheck.demo.certificates import Authority, to_pem
from tests.build import OBSERVED_AT
from tests.config.configs import load, refusal
from tests.fuzz.der import parse, pem, with_fields, with_subject

ROOT = Authority.root(OBSERVED_AT)
ISSUED = ROOT.issue_intermediate().issue(names=("mx1.example.com",))
LEAF, ABOVE = ISSUED.der_chain


def doubled(certificate: bytes) -> bytes:
    """With an extension that is there twice, which RFC 5280 4.2 forbids."""
    *fields, last = parse(certificate)[0].inside[0].inside
    (extensions,) = last.inside
    twice = replace(extensions, inside=(*extensions.inside, extensions.inside[0]))
    return with_fields(certificate, *fields, replace(last, inside=(twice,)))


def without_subject(certificate: bytes) -> bytes:
    """With a common name of no letter at all."""
    return with_subject(certificate, b"")


def of_version_2(certificate: bytes) -> bytes:
    """Of a version that nobody uses."""
    return certificate.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x01")


@pytest.mark.parametrize("odd", [doubled(LEAF), without_subject(LEAF)], ids=["leaf", "CN"])
def test_what_a_server_can_send_is_a_chain_however_odd(odd: bytes) -> None:
    assert read_chain(pem(odd)) == (odd,)


def test_an_authority_is_told_by_what_can_be_read_of_the_others() -> None:
    for above in (ABOVE, doubled(ABOVE)):
        with pytest.raises(ValueError, match="give the whole chain"):
            read_chain(pem(above))
        with pytest.raises(
            ValueError, match=r"put that of the server \(CN=mx1.example.com\) first"
        ):
            read_chain(pem(above, doubled(LEAF)))
    with pytest.raises(ValueError, match=r"put that of the server \(CN=\) first"):
        read_chain(pem(ABOVE, without_subject(LEAF)))


def test_a_version_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="contains no PEM certificate that can be read"):
        read_chain(pem(of_version_2(LEAF)))


@pytest.mark.parametrize(
    "odd",
    [of_version_2(ABOVE), ABOVE.replace(b"Demo Issuing CA", b"Demo \xff\xffsuing CA")],
    ids=["version", "not UTF-8, which OpenSSL alone minds"],
)
def test_roots_that_openssl_does_not_read_are_refused(odd: bytes, tmp_path: Path) -> None:
    (tmp_path / "roots.pem").write_bytes(to_pem(ROOT.certificate) + pem(odd))
    assert refusal(tmp_path, {"ca_file": ("roots.pem",)}) == (
        '--ca-file: "roots.pem" contains no PEM certificate that can be read',
    )


def test_an_odd_root_is_trusted_without_a_word(tmp_path: Path) -> None:
    root = pem(without_subject(ABOVE))
    (tmp_path / "roots.pem").write_bytes(root)
    assert load(tmp_path, {"ca_file": ("roots.pem",)}).ca_pem == root
