"""What is answered if the rule that owns a cause exists, and was not selected."""

from mxcheck.evidence.items import Item
from mxcheck.rules.base import AnyRule, DomainCase, EndpointCase, NotApplicable, Sign, Unknown
from mxcheck.rules.subjects import SOURCES


def unknown_without(
    owner: AnyRule, rule: AnyRule, answer: NotApplicable, case: DomainCase
) -> Unknown:
    """Return the answer of `rule`, whose cause `owner` would judge; with advice that helps.

    If the owner is unknown too, selecting it does not help, but its own remedy does.
    """
    told = owner.judge(case) if isinstance(case, SOURCES[owner.scope].case) else answer
    # Without a remedy of its own it may only lack what is gathered once it is selected.
    if not isinstance(told, Unknown) or not told.remedy:
        told = Unknown(
            message=f"{answer.message} ({owner.id}, which is not selected, judges the cause)",
            remedy=f"Add {owner.id} to the selection to see the cause judged.",
        )
    by_chain = owner.sign is Sign.REACHED and Item.GIVEN_CHAIN in rule.reads
    if by_chain and isinstance(case, EndpointCase):
        return Unknown(message=told.message, remedy=_ask_for_chain(case) or told.remedy)
    return told


def _ask_for_chain(case: EndpointCase) -> str:
    """Return what to do where chains are given, and none for this host; else empty."""
    host = case.host.name
    if case.host.chain or not any(other.chain for other in case.domain.hosts):
        return ""
    return (
        f"Give the chain of {host} too, as it is if it stays (`--cert-file {host}=PEM`), or run the"
        f" check where port {case.visit.port} of {host} can be reached."
    )
