"""What the probe has to see of a domain, from the rules that its policy asks."""

from dataclasses import replace

from mxcheck.judge.judge import is_asked
from mxcheck.model.policy import RelayMode
from mxcheck.model.targets import Target
from mxcheck.rules import RULES
from mxcheck.rules.base import Family

_VISITING = frozenset({Family.SMTP, Family.TLS, Family.CERT, Family.RELAY})
_VISITING_RULES = frozenset({"dane-mismatch", "mta-sts-mx-unauthenticated"})
# The rules about certificates ask what DANE and MTA-STS promise.
_OF_DANE = frozenset({Family.DANE, Family.CERT})
_OF_MTA_STS = frozenset({Family.MTA_STS, Family.CERT})
_OF_A_CERTIFICATE = _VISITING_RULES | {"dane-unusable"}
_TLS_RPT = frozenset({"tls-rpt-missing", "tls-rpt-record-invalid"})
_OF_A_FAILED_HANDSHAKE = frozenset(
    {"tls-handshake-failed", "tls-version-old", "tls-legacy-accepted"}
)
_DNSSEC = frozenset({"dnssec-bogus", "dnssec-missing"})


def with_plan(target: Target) -> Target:
    """The target, and what the rules that are asked of it need."""
    asked = [rule for rule in RULES if is_asked(rule, target.policy)]
    families, ids = {rule.family for rule in asked}, {rule.id for rule in asked}
    relay = Family.RELAY in families and target.policy.relay is not RelayMode.OFF
    return replace(
        target,
        visit=bool(families & _VISITING or ids & _VISITING_RULES),
        relay=relay,
        dnssec=bool(ids & _DNSSEC or families & _OF_DANE),
        reverse="reverse-dns-mismatch" in ids,
        dane=bool(families & _OF_DANE or "tls-rpt-missing" in ids),
        mta_sts=bool(families & _OF_MTA_STS),
        tls_rpt=bool(ids & _TLS_RPT),
        certificate=bool(Family.CERT in families or ids & _OF_A_CERTIFICATE),
        legacy_tls="tls-legacy-accepted" in ids,
        failed_tls=bool(ids & _OF_A_FAILED_HANDSHAKE),
        injection="starttls-injectable" in ids,
    )
