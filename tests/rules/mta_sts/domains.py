"""Domains in every state of MTA-STS and TLS-RPT."""

from dataclasses import replace

from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.mta_sts import MtaSts, PolicyFetch, PolicyResponse
from mxcheck.evidence.outcome import Trouble, Unseen
from tests.build import tls_rpt, txt, unseen
from tests.policies import policy_answer, policy_fetch, sts_domain, sts_policy, unconnected

NONE = Absent(absence=Absence.NXDOMAIN)
GONE = Absent(absence=Absence.NXDOMAIN, aliases=("gone.example.net",))
SPF = txt("v=spf1 -all")
SERVFAIL = unseen(Trouble.SERVFAIL, "the resolver 127.0.0.1 answers SERVFAIL")


def recorded(record: Lookup) -> Domain:
    """Return the domain with this answer to TXT of `_mta-sts`."""
    return replace(sts_domain(), mta_sts=MtaSts(record=record))


def reporting(record: Lookup, domain: Domain | None = None) -> Domain:
    """The domain with this answer to TXT of `_smtp._tls`."""
    return replace(domain or sts_domain(), records=tls_rpt(record))


ENFORCED = sts_domain()
TESTING = sts_domain(sts_policy("testing"))
GIVEN_UP = sts_domain(sts_policy("none"))
WITHOUT = recorded(NONE)
OTHERS_ONLY = recorded(SPF)
UNSEEN = recorded(SERVFAIL)
UNASKED = replace(sts_domain(), mta_sts=MtaSts())
MALFORMED = recorded(txt("v=STSv1; id=2026-01-31"))
DISCARDED = recorded(txt("v=STS1; id=1"))
DANGLING = recorded(GONE)
TWICE = recorded(txt("v=STSv1; id=1", "v=STSv1; id=2"))
GARBLED = sts_domain(replace(sts_policy(), body=b"mode: enforce\n"))
UNFETCHED = sts_domain(policy_fetch(unconnected(unseen(Trouble.REFUSED, "connection refused"))))
CUT_OFF = sts_domain(unseen(Trouble.DEADLINE, "the deadline of the run came first"))
NULL_MX = replace(ENFORCED, mx=Answer(owner="example.com", records=("0 .",)), hosts=())
BLIND = replace(UNSEEN, mx=SERVFAIL, hosts=())


def withdrawing(remembered: PolicyFetch | PolicyResponse | Unseen) -> Domain:
    """Return the domain as it is after a change that takes its record away."""
    live = remembered
    if isinstance(live, PolicyResponse):
        live = policy_fetch(policy_answer(live))
    return replace(sts_domain(), mta_sts=MtaSts(record=NONE, remembered=live))
