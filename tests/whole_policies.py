"""Everything that evidence can tell of the MTA-STS of domains."""

from collections.abc import Iterator
from dataclasses import replace

from mxcheck.evidence.dns import Absence, Absent
from mxcheck.evidence.mta_sts import MtaSts, PolicyFetch, PolicyResponse
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.overrides import Override, OverrideKind, OverridePolicy
from tests.build import healthy_chain, txt, unseen
from tests.policies import (
    POLICY_ADDRESS,
    POLICY_ADDRESS6,
    policy_answer,
    policy_fetch,
    sts_policy,
    sts_response,
    unconnected,
)

FLAG = Override(kind=OverrideKind.CERT_FILE, given="mx.given.example=new.pem")
NONE = Absent(absence=Absence.NXDOMAIN)
RECORD = txt("v=STSv1; id=20260131120000Z;")


def policy_states() -> Iterator[tuple[str, MtaSts]]:
    """Yield domains, and what was seen of the MTA-STS of each."""
    for name, response in _responses().items():
        yield name, MtaSts(record=RECORD, policy=_fetch(name, response))
    for name, fetch in _fetches().items():
        yield name, MtaSts(record=RECORD, policy=fetch)
    yield "late.example", MtaSts(record=RECORD, policy=unseen(Trouble.DEADLINE))
    given = OverridePolicy(
        path="mta-sts.txt", body=sts_policy(mx="*.example").body, overrides=(FLAG.name,)
    )
    yield "planned.example", MtaSts(record=RECORD, policy=given)
    for name, mx in {
        "withdrawn.example": "*.else.example",
        "kept.example": "*.kept.example",
    }.items():
        yield name, MtaSts(record=NONE, remembered=_fetch(name, sts_policy(mx=mx)))


def _responses() -> dict[str, PolicyResponse]:
    return {
        "sts.example": sts_policy(mx="mx.sts.example"),
        "moved.example": replace(
            sts_response(), status=301, location="https://else.example/", content_type="text/html"
        ),
        "invalid.example": sts_response("version: STSv1", "mode: half"),
        "unlisted.example": sts_policy(mx="*.else.example"),
        "brief.example": sts_policy(mx="mx.brief.example", mode="testing", max_age=60),
    }


def _fetches() -> dict[str, PolicyFetch]:
    """Return policy hosts of which one address or none serves the policy, or each another one."""
    good, testing = sts_policy(mx="*.example"), sts_policy("testing")
    dead = unconnected(unseen(Trouble.TIMEOUT), POLICY_ADDRESS6)
    misplaced = policy_answer(address=POLICY_ADDRESS6, chain=healthy_chain())
    gone = Absent(absence=Absence.NXDOMAIN, aliases=("gone.example.net",))
    return {
        "unfetchable.example": _fetch("unfetchable.example", unseen(Trouble.MALFORMED)),
        "misplaced.example": policy_fetch(
            *_fetch("misplaced.example", good).answers, misplaced, left_out=("203.0.114.81",)
        ),
        "half-dead.example": policy_fetch(*_fetch("half-dead.example", good).answers, dead),
        "differing.example": _fetch("differing.example", good, testing),
        "dangling.example": PolicyFetch(ipv4=gone, ipv6=unseen(Trouble.SERVFAIL)),
    }


def _fetch(name: str, *responses: PolicyResponse | Unseen) -> PolicyFetch:
    """Return what the addresses of a domain's policy host show."""
    addresses, chain = (POLICY_ADDRESS, POLICY_ADDRESS6), healthy_chain(f"mta-sts.{name}")
    pairs = zip(responses, addresses, strict=False)
    return policy_fetch(*(policy_answer(seen, address, chain) for seen, address in pairs))
