"""Parts of the demo's domains: MX hosts, policy hosts, records."""

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mxcheck.demo.certificates import Authority, Issued
from mxcheck.demo.https_server import Site, http_response
from mxcheck.demo.smtp_script import Script, Tls, closed_relay

SMTP_PORT, HTTPS_PORT = 25, 443


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """An MX host: its pretended addresses and its script; without a script nothing listens."""

    name: str
    addresses: tuple[str, ...]
    script: Script | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyHost:
    """The policy host of MTA-STS: its pretended address and its answer."""

    name: str
    address: str
    site: Site


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDomain:
    """A domain, its fault in one sentence, and the verdict that a check must reach.

    expected, expected_unknown: the ids of the error-level rules that must fail, and that must be
        unknown.
    hosts: the MX hosts, most preferred first; none for a null MX.
    records: further records of its zone, in the format of a zone file.
    signed: whether its zone is DNSSEC-secure.
    """

    name: str
    story: str
    expected: frozenset[str] = frozenset()
    expected_unknown: frozenset[str] = frozenset()
    hosts: tuple[Host, ...]
    policy_host: PolicyHost | None = None
    records: tuple[str, ...] = ()
    signed: bool = False


def make_host(script: Script, *addresses: str) -> Host:
    """Make an MX host that answers by a script."""
    return Host(name=script.hostname, addresses=addresses, script=script)


def healthy_script(issuer: Authority, hostname: str, issued: Issued | None = None) -> Script:
    """Make the script of a healthy host named `mxN.DOMAIN`, which accepts mail for DOMAIN only."""
    domain = hostname.partition(".")[2]
    return Script(
        hostname=hostname,
        tls=tls_of(issued or issuer.issue(names=(hostname,))),
        recipient=closed_relay((domain,), mailboxes=("postmaster",)),
    )


def tls_of(issued: Issued) -> Tls:
    """Make the TLS part of a script that presents a certificate."""
    return Tls(chain_pem=issued.chain_pem, key_pem=issued.key_pem)


def policy_host(issuer: Authority, domain: str, address: str, *mx: str) -> PolicyHost:
    """Make a host that serves a policy in mode enforce for these MX hosts (RFC 8461 3.2)."""
    name = f"mta-sts.{domain}"
    lines = ("version: STSv1", "mode: enforce", *(f"mx: {host}" for host in mx), "max_age: 604800")
    policy = "".join(f"{line}\r\n" for line in lines).encode()
    tls = tls_of(issuer.issue(names=(name,)))
    return PolicyHost(name=name, address=address, site=Site(tls=tls, answer=http_response(policy)))


def tlsa_record(host: str, issued: Issued) -> str:
    """Write a DANE-EE record for the certificate's public key (RFC 7672 3.1.1: `3 1 1`)."""
    key = issued.certificate.public_key()
    encoded = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"_{SMTP_PORT}._tcp.{host}. TLSA 3 1 1 {hashlib.sha256(encoded).hexdigest()}"


def tls_rpt_record(domain: str) -> str:
    """Write a record that says where TLS reports are sent (RFC 8460 3)."""
    return f'_smtp._tls.{domain}. TXT "v=TLSRPTv1; rua=mailto:tls-reports@{domain}"'


def dmarc_record(domain: str) -> str:
    """Write a record that asks receivers to reject what fails DMARC (RFC 9989 4.7)."""
    return f'_dmarc.{domain}. TXT "v=DMARC1; p=reject; rua=mailto:dmarc@{domain}"'
