"""The CAA domains of certificate authorities: which names in a CAA record mean whom.

An authority is known by the organization in the name of the certificate that issued another one.
The domains are those that the authority says it recognizes, in its practice statement or help
pages (`source`), and together in CCADB's report of CAA identifiers. Brands and resellers come with
the authority that issues for them. The lists are generous: a domain too many hides a fault, one too
few would be a false alarm. An organization that is not here is not judged.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CaaDomains:
    """The domains that mean an authority, the one to publish first, and who says so."""

    domains: tuple[str, ...]
    source: str


_DIGICERT = CaaDomains(
    domains=(
        *("digicert.com", "www.digicert.com", "digicert.ne.jp", "cybertrust.ne.jp", "symantec.com"),
        *("thawte.com", "geotrust.com", "rapidssl.com", "quovadisglobal.com", "pkioverheid.nl"),
        *("digitalcertvalidation.com", "volusion.digitalcertvalidation.com"),
        *("stratossl.digitalcertvalidation.com", "1and1.digitalcertvalidation.com"),
        "intermediatecertificate.digitalcertvalidation.com",
        *("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"),
    ),
    source="https://docs.digicert.com/en/certcentral/manage-certificates/"
    "dns-caa-resource-record-check.html",
)
_SECTIGO = CaaDomains(
    domains=(
        *("sectigo.com", "usertrust.com", "trust-provider.com", "comodo.com", "comodoca.com"),
        *("entrust.net", "affirmtrust.com", "netsolssl.com", "zerossl.com", "ssl.com"),
    ),
    source="https://www.sectigo.com/legal (TLS certification practice statement, 4.2.4)",
)
_AMAZON = CaaDomains(
    domains=(
        *("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com", "aws.amazon.com"),
        "starfieldtech.com",
    ),
    source="https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html",
)
_ENTRUST = CaaDomains(
    domains=("entrust.net", "affirmtrust.com", "entrust.com", "ssl.com", "sectigo.com"),
    source="https://www.entrust.com/knowledgebase/ssl/"
    "certification-authority-authorization-caa-record-ca-values",
)
_GODADDY = CaaDomains(
    domains=("godaddy.com", "starfieldtech.com", "amazon.com"),
    source="https://certs.godaddy.com/repository",
)
_CERTUM = CaaDomains(
    domains=("certum.pl", "certum.eu"), source="https://www.certum.eu/en/repository/"
)
_GLOBALSIGN = CaaDomains(
    domains=("globalsign.com",), source="https://www.globalsign.com/en/repository"
)
_GOOGLE = CaaDomains(domains=("pki.goog", "google.com"), source="https://pki.goog/repository/")
_SSL_COM = CaaDomains(
    domains=("ssl.com", "entrust.net", "affirmtrust.com"),
    source="https://www.ssl.com/repository/",
)
_TELEKOM = CaaDomains(
    domains=("telesec.de", "pki.dfn.de", "dfn.de"),
    source="https://www.telesec.de/en/184-faq/serverpass/general-questions",
)
_LETS_ENCRYPT = CaaDomains(domains=("letsencrypt.org",), source="https://letsencrypt.org/docs/caa/")
_D_TRUST = CaaDomains(
    domains=("d-trust.net", "dtrust.de", "d-trust.de"),
    source="https://www.d-trust.net/en/support/repository",
)
_TRUSTWAVE = CaaDomains(
    domains=("trustwave.com", "securetrust.com", "vikingcloud.com"),
    source="https://certs.securetrust.com/CA/",
)
_IDENTRUST = CaaDomains(domains=("identrust.com",), source="https://www.identrust.com/support")
_EMUDHRA = CaaDomains(
    domains=("emsign.com",),
    source="https://docs.emsign.com/emsign-validation/caa-verification",
)

_OF_ORGANIZATION: Mapping[str, CaaDomains] = {
    "Let's Encrypt": _LETS_ENCRYPT,
    "Internet Security Research Group": _LETS_ENCRYPT,
    "DigiCert Inc": _DIGICERT,
    "DigiCert, Inc.": _DIGICERT,
    "GeoTrust Inc.": _DIGICERT,
    "thawte, Inc.": _DIGICERT,
    "QuoVadis Limited": _DIGICERT,
    "Sectigo Limited": _SECTIGO,
    "COMODO CA Limited": _SECTIGO,
    "The USERTRUST Network": _SECTIGO,
    "ZeroSSL": _SECTIGO,
    "Gandi": _SECTIGO,
    "Gandi SAS": _SECTIGO,
    "cPanel, Inc.": _SECTIGO,
    "cPanel, LLC": _SECTIGO,
    "Network Solutions L.L.C.": _SECTIGO,
    "Corporation Service Company": _SECTIGO,
    "Internet2": _SECTIGO,
    "Amazon": _AMAZON,
    "Entrust, Inc.": _ENTRUST,
    "Entrust Limited": _ENTRUST,
    "Entrust Corporation": _ENTRUST,
    "GoDaddy.com, Inc.": _GODADDY,
    "Starfield Technologies, Inc.": _GODADDY,
    "Asseco Data Systems S.A.": _CERTUM,
    "Unizeto Technologies S.A.": _CERTUM,
    "GlobalSign nv-sa": _GLOBALSIGN,
    "Google Trust Services": _GOOGLE,
    "Google Trust Services LLC": _GOOGLE,
    "SSL Corp": _SSL_COM,
    "SSL Corporation": _SSL_COM,
    "Deutsche Telekom Security GmbH": _TELEKOM,
    "T-Systems International GmbH": _TELEKOM,
    "D-Trust GmbH": _D_TRUST,
    "D-TRUST GmbH": _D_TRUST,
    "Trustwave Holdings, Inc.": _TRUSTWAVE,
    "IdenTrust": _IDENTRUST,
    "IdenTrust, Inc.": _IDENTRUST,
    "eMudhra Technologies Limited": _EMUDHRA,
    "eMudhra Inc": _EMUDHRA,
    "Buypass AS-983163327": CaaDomains(
        domains=("buypass.com", "buypass.no"),
        source="https://www.buypass.com/security/buypass-ssl-certificates",
    ),
    "Hellenic Academic and Research Institutions CA": CaaDomains(
        domains=("harica.gr",), source="https://repo.harica.gr/"
    ),
    "SwissSign AG": CaaDomains(
        domains=("swisssign.com", "swisssign.net", "swisssign.ch"),
        source="https://repository.swisssign.com/",
    ),
    "Actalis S.p.A.": CaaDomains(
        domains=("actalis.it",), source="https://www.actalis.com/area-download"
    ),
    "Certainly": CaaDomains(
        domains=("certainly.com",), source="https://www.certainly.com/repository/index.html"
    ),
    "Microsoft Corporation": CaaDomains(
        domains=("microsoft.com", "digicert.com"),
        source="https://www.microsoft.com/pkiops/docs/repository.htm",
    ),
}


def caa_domains_of(organizations: tuple[str, ...]) -> CaaDomains | None:
    """Return the domains of the first organization that is known, None if none of them is."""
    known = (_OF_ORGANIZATION[one] for one in organizations if one in _OF_ORGANIZATION)
    return next(known, None)
