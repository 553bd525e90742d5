"""No name in the certificate matches the MX host.

## Why it matters

Senders that enforce an MTA-STS policy, or use DANE with a trust anchor, compare the MX host name
with the dNSNames in the certificate's SAN, and refuse to deliver if none matches. A name in the CN
alone does not count. A wildcard must be the whole leftmost label, and matches one label of letters,
digits and hyphens: not one with an underscore.

If a TLSA record of usage 3 (DANE) matches the server, names do not count, and the rule passes.

## Repair

Have a certificate issued for the exact MX host name, for example `certbot certonly -d
mx1.example.com`; the domain itself, or the name of a web server, does not help. A server with
several MX names needs them all in one certificate, or a certificate for each by SNI.

- Or name in the MX record a host that the certificate is already for.
"""

from mxcheck.evidence.items import OF_CHAINS, OF_DANE, OF_MTA_STS, Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.promise import promise_note
from mxcheck.rules.facts.sent_chain import Chains, PresentedChain, chains_of, each_chain
from mxcheck.rules.facts.under_dane import unless_dane
from mxcheck.rules.remedies.mta_settings import CERTIFICATE
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.host_match import matches_host, why_no_match
from mxcheck.wire.software import Software
from mxcheck.wire.tls_rpt import ResultType
from mxcheck.wire.tlsa import DANE_EE

REMEDY = "Renew the certificate (for example with certbot) with the exact MX host {} in its SAN."


def check(chain: PresentedChain, case: EndpointCase) -> Pass | Fail | Unknown:
    """Judge the SAN's dNSNames against the MX host (RFC 9525 6)."""
    host, names = case.host.name, chain.dns_names
    if isinstance(names, Unseen):
        return Unknown(message=names.detail)
    matching = [name for name in names if matches_host(name, host)]
    if matching:
        return Pass(message=f"the certificate is for {matching[0]}")
    listed = ", ".join(names) or "no dNSName at all"
    in_cn = any(matches_host(name, host) for name in chain.common_names)
    cn_note = f" Its CN is {host}, which does not count." if in_cn else ""
    near = next((f" But {why}." for name in names if (why := why_no_match(name, host))), "")
    return Fail(
        message=(
            f"the certificate of {case.where} is not for {host}; its SAN lists {listed}."
            f"{near}{cn_note} {promise_note(chain, case, RULE.id)}"
        ),
        remedy=repair(case, REMEDY.format(host), RULE.settings),
        result_type=ResultType.CERTIFICATE_HOST_MISMATCH,
    )


RULE: Rule[EndpointCase, Chains] = Rule(
    id="cert-name-mismatch",
    family=Family.CERT,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the certificate is not for the MX host",
    references=("RFC 9525 6", "RFC 8461 4.2", "RFC 7672 3.1.1"),
    reads=(*OF_CHAINS, *OF_DANE, Item.BASE_CHAINS),
    also_on_failure=OF_MTA_STS,
    after=("tls-version-old", "tls-handshake-failed"),
    find=chains_of,
    check=each_chain(unless_dane(check, DANE_EE)),
    settings=CERTIFICATE
    | {
        Software.POSTFIX: "put key and full chain into `smtpd_tls_chain_files`, or for one of"
        " several names into `tls_server_sni_maps`, then `postfix reload`.",
        Software.EXIM: "set `tls_certificate` to the full chain and `tls_privatekey` to its key;"
        " for several names let them depend on `$tls_in_sni`.",
        Software.OPENSMTPD: "set `pki … cert` to the full chain and `pki … key` to its key, for"
        " each of several names, then restart smtpd.",
        Software.EXCHANGE: "import one certificate with all the names,"
        " `Enable-ExchangeCertificate -Services SMTP`, and set `TlsCertificateName` of the receive"
        " connector.",
    },
)
