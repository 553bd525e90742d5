"""What every report says at its top of evidence that was gathered by a run before."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date

from mxcheck.evidence.domain import Domain
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.runs import Evidence
from mxcheck.wire.domain_name import display_domain


def lacking(name: str) -> Domain:
    """Return what is known of a domain that the saved evidence does not hold."""
    detail = "the saved evidence does not hold this domain"
    return Domain(name=name, mx=Unseen(trouble=Trouble.NOT_ASKED, detail=detail))


def saved_notes(evidence: Evidence, today: date, names: Sequence[str]) -> Iterator[str]:
    """Yield notes that say when the evidence was gathered, and which domains are not in it."""
    gathered = evidence.observed_at.astimezone(UTC)
    yield (
        f"judged from evidence that was gathered on {gathered:%Y-%m-%d at %H:%M} UTC"
        f"{_age((today - gathered.date()).days)}: days and dates are counted as of then"
    )
    held = {domain.name for _, domain in evidence.domains()}
    without = [display_domain(name) for name in names if name not in held]
    if without:
        yield (
            f"the evidence does not hold {', '.join(without)}, which the configuration names:"
            " gather it again with them, or judge it under a configuration without them"
        )


def _age(days: int) -> str:
    if days < 0:
        return ", a day that has not come yet by this machine's clock"
    return f", {days} day{'s' * (days > 1)} ago" if days else ""
