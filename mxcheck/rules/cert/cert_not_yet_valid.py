"""The certificate is not valid yet.

## Why it matters

Until that day senders that enforce an MTA-STS policy, or use DANE with a trust anchor, refuse to
deliver.

If a TLSA record of usage 3 matches the server, senders that use DANE do not look at dates, and this
is a warning at most.

## Repair

Put the previous certificate back until then, or have one issued that is valid now. If the date is
right and recent, check the clock of the machine that issued it, and of the one that runs mxcheck.
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

REMEDY = "Serve a certificate that is valid now, and check the clock of the issuing machine."


def check(chain: PresentedChain, case: EndpointCase) -> Pass | Fail | Unknown:
    """Judge notBefore by the time of the visit."""
    since = chain.not_before
    if isinstance(since, Unseen):
        return Unknown(message=since.detail)
    if case.run.observed_at >= since:
        return Pass(message=f"the certificate is valid since {since:%Y-%m-%d}")
    return Fail(
        message=(
            f"the certificate of {case.where} is not valid before"
            f" {since:%Y-%m-%d %H:%M} UTC ({chain.subject})."
            f" {promise_note(chain, case, RULE.id)}"
        ),
        remedy=repair(case, REMEDY, RULE.settings),
        result_type=ResultType.CERTIFICATE_NOT_TRUSTED,
    )


RULE: Rule[EndpointCase, Chains] = Rule(
    id="cert-not-yet-valid",
    family=Family.CERT,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the certificate is not valid yet",
    references=("RFC 5280 4.1.2.5",),
    reads=(*OF_CHAINS, *OF_DANE, Item.BASE_CHAINS),
    also_on_failure=OF_MTA_STS,
    after=("tls-version-old", "tls-handshake-failed"),
    find=chains_of,
    check=each_chain(milder_under_dane(check)),
    settings=CERTIFICATE,
)
