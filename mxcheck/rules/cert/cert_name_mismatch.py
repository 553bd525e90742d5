"""No name in the certificate matches the MX host.

## Why it matters

Senders that hold to MTA-STS in enforce mode, or to DANE with a trust anchor, compare the MX host
name with the dNSNames in the certificate's SAN, and refuse to deliver where none matches. A name
in the CN alone does not count, and a wildcard stands for exactly one label.

Where a TLSA record of usage 3 (DANE) matches the server, names do not count, and the rule passes.

## Repair

Have a certificate issued that holds the exact MX host name, for example `certbot certonly -d
mx1.example.com`; the domain itself, or the name of a web server, does not help. A server with
several MX names holds them all in one certificate, or answers by SNI:

- Postfix: `tls_server_sni_maps`. Exim: `tls_certificate` with `$tls_in_sni`. OpenSMTPD: several
  `pki`. Exchange: one certificate with all the names.
- Or name in the MX record a host that the certificate already holds.
"""

from mxcheck.evidence.items import OF_DANE, OF_MTA_STS, Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.promise import promise_note
from mxcheck.rules.facts.stages import the_certificate
from mxcheck.rules.facts.under_dane import unless_dane
from mxcheck.rules.remedies.mta_settings import CERTIFICATE
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.certificate import CertificateFacts
from mxcheck.wire.host_match import matches_host
from mxcheck.wire.tls_rpt import ResultType
from mxcheck.wire.tlsa import DANE_EE

REMEDY = "Renew the certificate (for example with certbot) with the exact MX host {} in its SAN."


def check(certificate: CertificateFacts, case: EndpointCase) -> Pass | Fail:
    """Judge the SAN's dNSNames against the MX host (RFC 9525 6)."""
    host = case.host.name
    matching = [name for name in certificate.dns_names if matches_host(name, host)]
    if matching:
        return Pass(message=f"the certificate holds {matching[0]}")
    held = ", ".join(certificate.dns_names) or "no dNSName at all"
    in_cn = any(matches_host(name, host) for name in certificate.common_names)
    cn_note = f" {host} stands in the CN, which does not count." if in_cn else ""
    return Fail(
        message=(
            f"the certificate of {case.where} does not hold the name {host}; its SAN holds {held}."
            f"{cn_note} {promise_note(case, RULE.id)}"
        ),
        remedy=repair(case, REMEDY.format(host), CERTIFICATE),
        result_type=ResultType.CERTIFICATE_HOST_MISMATCH,
    )


RULE: Rule[EndpointCase, CertificateFacts] = Rule(
    id="cert-name-mismatch",
    family=Family.CERT,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the certificate does not hold the MX host's name",
    references=("RFC 9525 6", "RFC 8461 4.2", "RFC 7672 3.1.1"),
    reads=(Item.VISIT, Item.GIVEN_CHAIN, *OF_DANE),
    also_on_failure=OF_MTA_STS,
    after=("tls-version-old", "tls-handshake-failed"),
    find=the_certificate,
    check=unless_dane(check, DANE_EE),
)
