"""What was seen of SPF, in the shape of the JSON report."""

from mxcheck.evidence.domain import Domain, Run
from mxcheck.report.json.dns import lookup_json
from mxcheck.report.json.model_spf import SpfJson, SpfRecordJson, SpfTermJson
from mxcheck.report.seen import was_asked
from mxcheck.wire.spf.tree import Branch, Node, tree_of


def spf_json(domain: Domain, run: Run) -> SpfJson | None:
    """Return what the record of a domain leads to; None if it was not asked for."""
    lookup = run.spf_lookup(domain.name, "TXT")
    if not was_asked(lookup):
        return None
    root = tree_of(domain.name, run.spf_lookup)
    return SpfJson(
        lookup=lookup_json(lookup),
        record=root.record.text if root.record else None,
        lookups=root.lookups,
        void_lookups=root.voids,
        others=root.told_others if root.record else None,
        records=tuple(map(_record, root.nodes())),
    )


def _record(node: Node) -> SpfRecordJson:
    faults = [f"{one.text}: {one.reason}" for one in node.record.faults] if node.record else []
    return SpfRecordJson(
        domain=node.domain,
        record=node.record.text if node.record else None,
        lookups=node.lookups,
        faults=(*([node.fault] if node.fault else []), *faults),
        terms=tuple(map(_term, node.branches)),
    )


def _term(branch: Branch) -> SpfTermJson:
    below = branch.node.unseen if branch.node else None
    unseen = branch.unseen or below
    return SpfTermJson(
        term=branch.term.text,
        name=branch.name or None,
        lookups=branch.lookups,
        finds_nothing=branch.is_void,
        fault=branch.fault or None,
        unseen=unseen.detail if unseen else None,
    )
