"""The certificate expires soon.

## Why it matters

A certificate that nobody renews in time stops the mail of every sender that authenticates the
server. Renewal that works leaves far more days than this; few days left mean that it has stopped
working.

A number of days that you set is used as it is. The default is 14 days, but never more than a
third of the certificate's whole lifetime, so that certificates of six days are judged fairly.

Where a TLSA record of usage 3 matches the server, dates are nothing to senders that use DANE, and
this is a warning at most.

## Repair

- See why the renewal did not run: `certbot renew --dry-run`, `systemctl list-timers`.
- See that the MTA loaded the renewed file: compare `openssl x509 -enddate -noout -in FILE` with
  what is served (`openssl s_client -starttls smtp -connect mx1.example.com:25`), then reload the
  MTA.
"""

from datetime import timedelta

from mxcheck.evidence.items import OF_DANE, OF_MTA_STS, Item
from mxcheck.model.policy import DEFAULT_CERT_DAYS, Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Missing, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.stages import the_certificate
from mxcheck.rules.facts.under_dane import milder_under_dane
from mxcheck.rules.remedies.mta_settings import CERTIFICATE
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.certificate import CertificateFacts

REMEDY = (
    "Renew the certificate (for example with certbot), reload the MTA, and see why the renewal did"
    " not run by itself."
)


def check(certificate: CertificateFacts, case: EndpointCase) -> Pass | Fail | NotApplicable:
    """Judge the whole days that are left."""
    left = certificate.not_after - case.evidence.observed_at
    if left < timedelta(0):
        return Missing(message="the certificate has expired")
    wanted, bound = _bound(certificate, case)
    until = f"until {certificate.not_after:%Y-%m-%d}"
    if left.days >= wanted:
        return Pass(message=f"the certificate is valid for {left.days} more days, {until}")
    return Fail(
        message=(
            f"the certificate of {case.where} is valid for only {left.days} more days, {until};"
            f" at least {wanted} are wanted ({bound})"
        ),
        remedy=repair(case, REMEDY, CERTIFICATE),
    )


def _bound(certificate: CertificateFacts, case: EndpointCase) -> tuple[int, str]:
    if case.policy.min_cert_days is not None:
        return case.policy.min_cert_days, "min_cert_days"
    lifetime = certificate.not_after - certificate.not_before
    third = lifetime.days // 3
    if third < DEFAULT_CERT_DAYS:
        return third, f"a third of its lifetime of {lifetime.days} days"
    return DEFAULT_CERT_DAYS, "the default"


RULE = Rule(
    id="cert-expiring",
    family=Family.CERT,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the certificate expires soon",
    references=("policy min_cert_days",),
    reads=(Item.VISIT, Item.GIVEN_CHAIN, *OF_DANE),
    also_on_failure=OF_MTA_STS,
    after=("tls-version-old", "tls-handshake-failed", "cert-expired"),
    find=the_certificate,
    check=milder_under_dane(check),
)
