"""Evidence of a healthy policy host; a test changes one thing with `dataclasses.replace`."""

from dataclasses import replace

from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.mta_sts import MtaSts, PolicyAnswer, PolicyFetch, PolicyResponse
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Connection
from tests.build import DOMAIN, HOST, healthy_chain, healthy_domain, tls_rpt, txt

POLICY_HOST = f"mta-sts.{DOMAIN}"
POLICY_ADDRESS, POLICY_ADDRESS6 = "203.0.114.80", "2001:500::80"


def sts_response(*lines: str) -> PolicyResponse:
    """Return what a policy host answers that serves these lines."""
    body = "".join(f"{line}\n" for line in lines).encode()
    return PolicyResponse(status=200, content_type="text/plain", body=body)


def sts_policy(mode: str = "enforce", mx: str = HOST, max_age: int = 2592000) -> PolicyResponse:
    """Return the answer of a policy host that serves a valid policy."""
    return sts_response("version: STSv1", f"mode: {mode}", f"mx: {mx}", f"max_age: {max_age}")


def policy_answer(
    seen: PolicyResponse | Unseen | None = None,
    address: str = POLICY_ADDRESS,
    chain: tuple[bytes, ...] | None = None,
) -> PolicyAnswer:
    """Return what an address of the policy host shows inside TLS, a valid policy if not said."""
    return PolicyAnswer(
        address=address,
        connection=Connection(connect_ms=9.8),
        chain=healthy_chain(POLICY_HOST) if chain is None else chain,
        response=seen or sts_policy(),
    )


def unconnected(trouble: Unseen, address: str = POLICY_ADDRESS) -> PolicyAnswer:
    """Return an address of the policy host to which there was no connection."""
    return PolicyAnswer(address=address, connection=trouble)


def policy_fetch(*answers: PolicyAnswer, left_out: tuple[str, ...] = ()) -> PolicyFetch:
    """Return a fetch from a policy host that has these addresses."""
    found = [*(answer.address for answer in answers), *left_out]
    return PolicyFetch(
        ipv4=_addresses(*(one for one in found if ":" not in one)),
        ipv6=_addresses(*(one for one in found if ":" in one)),
        answers=answers,
        left_out=left_out,
    )


def serving(first: PolicyResponse, second: PolicyResponse | None = None) -> PolicyFetch:
    """Return a fetch from a policy host with an IPv4 and, if it answers too, an IPv6 address."""
    answers = [policy_answer(first)]
    if second:
        answers.append(policy_answer(second, POLICY_ADDRESS6))
    return policy_fetch(*answers)


def _addresses(*records: str) -> Lookup:
    nodata = Absent(absence=Absence.NODATA)
    return Answer(owner=POLICY_HOST, records=records, ttl=300) if records else nodata


def mta_sts(policy: PolicyFetch | PolicyResponse | Unseen | None = None) -> MtaSts:
    """Return a valid record, and this policy, or one in mode enforce."""
    seen = policy or sts_policy()
    if isinstance(seen, PolicyResponse):
        seen = policy_fetch(policy_answer(seen))
    return MtaSts(record=txt("v=STSv1; id=20260131120000Z;"), policy=seen)


def sts_domain(policy: PolicyFetch | PolicyResponse | Unseen | None = None) -> Domain:
    """Return the healthy domain with MTA-STS and TLS-RPT."""
    reports = txt(f"v=TLSRPTv1; rua=mailto:tls@{DOMAIN}", owner=f"_smtp._tls.{DOMAIN}")
    return replace(healthy_domain(), mta_sts=mta_sts(policy), records=tls_rpt(reports))
