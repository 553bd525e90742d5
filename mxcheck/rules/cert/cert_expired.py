"""The certificate has expired.

## Why it matters

Senders that enforce an MTA-STS policy, or use DANE with a trust anchor, refuse to deliver: mail
waits in their queues and comes back. The others deliver, without knowing to whom.

If a TLSA record of usage 3 matches the server, senders that use DANE do not look at dates, and this
is a warning at most.

## Repair

Renew the certificate, and make the MTA load the new one: renewing alone is not enough, except
with Exim, which reads the file for each connection.

- certbot: `certbot renew --deploy-hook 'postfix reload'`.
"""

from mxcheck.evidence.items import OF_CHAINS, OF_DANE, OF_MTA_STS, Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.promise import promise_note
from mxcheck.rules.facts.sent_chain import Chains, PresentedChain, chains_of, each_chain
from mxcheck.rules.facts.under_dane import milder_under_dane
from mxcheck.rules.remedies.mta_settings import CERTIFICATE
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.tls_rpt import ResultType

REMEDY = "Renew the certificate (for example with certbot) and reload the MTA."


def check(chain: PresentedChain, case: EndpointCase) -> Pass | Fail | Unknown:
    """Judge notAfter by the time of the visit."""
    now, until = case.run.observed_at, chain.not_after
    if isinstance(until, Unseen):
        return Unknown(message=until.detail)
    if now <= until:
        return Pass(message=f"the certificate is valid until {until:%Y-%m-%d}")
    days = (now - until).days
    return Fail(
        message=(
            f"the certificate of {case.where} expired on"
            f" {until:%Y-%m-%d %H:%M} UTC, {days} days ago"
            f" ({chain.subject}). {promise_note(chain, case, RULE.id)}"
        ),
        remedy=repair(case, REMEDY, RULE.settings),
        result_type=ResultType.CERTIFICATE_EXPIRED,
    )


RULE: Rule[EndpointCase, Chains] = Rule(
    id="cert-expired",
    family=Family.CERT,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the certificate has expired",
    references=("RFC 5280 4.1.2.5",),
    reads=(*OF_CHAINS, *OF_DANE, Item.BASE_CHAINS),
    also_on_failure=OF_MTA_STS,
    after=("tls-version-old", "tls-handshake-failed"),
    find=chains_of,
    check=each_chain(milder_under_dane(check)),
    settings=CERTIFICATE,
)
