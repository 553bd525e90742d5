"""Details of the text report: the SPF record of a domain, and those that it leads to."""

from collections.abc import Iterator

from mxcheck.evidence.domain import Domain, Run
from mxcheck.report.seen import was_asked
from mxcheck.report.text.policies import Fact, record_facts
from mxcheck.wire.spf.tree import tree_of


def spf_facts(domain: Domain, run: Run) -> Iterator[Fact]:
    """Yield the records that were asked for: a word, and what was seen at which name."""
    lookup = run.spf_lookup(domain.name, "TXT")
    if not was_asked(lookup):
        return
    root = tree_of(domain.name, run.spf_lookup)
    if root.record is None:
        yield from record_facts("SPF", lookup, f"{domain.name}: ")
    for node in root.nodes():
        if node.record:
            yield "SPF", f"{node.domain}: {node.record.text}"
