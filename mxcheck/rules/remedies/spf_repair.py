"""The SPF record without what receivers take for an error."""

import re
from collections.abc import Iterator

from mxcheck.evidence.dns import Lookup
from mxcheck.rules.facts.spf_width import loose_end, wide_terms
from mxcheck.rules.remedies.spf import (
    ending_in,
    merged,
    publish,
    record_with,
    terms_of,
    without,
)
from mxcheck.wire.spf.record import VERSION, is_record, parse_record
from mxcheck.wire.spf.terms import SpfRecord
from mxcheck.wire.spf.tree import Node
from mxcheck.wire.txt import texts_of

_NAME = re.compile(r"[-+?~]?[A-Za-z0-9]+(?=[:=/.]|\Z)")


def mended(root: Node, lookup: Lookup) -> str:
    """Return how to publish a record that receivers can read, made from what is there."""
    if root.fault:
        return publish(root.domain, merged(filter(is_record, texts_of(lookup))))
    record = root.record or SpfRecord(text="")
    culprits = {
        one.term.text for one in root.branches if one.fault or (one.node and any(one.node.faults()))
    }
    new = record_with(term for term in _corrected(record) if term not in culprits)
    parsed = parse_record(new)
    new = new if parsed.all or parsed.redirect else ending_in(new, "~all")
    others = [f"`{term}`" for term in terms_of(record.text) if term in culprits]
    if not others:
        return publish(root.domain, new)
    return (
        f"Leave out {', '.join(others)} until what is wrong there is mended, and tell its owner."
        f" {publish(root.domain, new)}"
    )


def tightened(node: Node) -> str:
    """Return how to publish the record of a node without wide networks, and with an end."""
    record = node.record or SpfRecord(text="")
    new = without(record.text, wide_terms(node))
    return publish(node.domain, ending_in(new, "~all") if loose_end(node) else new)


def _corrected(record: SpfRecord) -> Iterator[str]:
    """Yield the terms of a record; for one at fault what was meant, if that can be told."""
    faults = {one.number for one in record.faults}
    for number, term in enumerate(terms_of(record.text), 1):
        if number not in faults:
            yield term
            continue
        meant = (one for one in _meant(term) if not parse_record(f"{VERSION} {one}").faults)
        yield from list(meant)[:1]


def _meant(term: str) -> Iterator[str]:
    """Yield what a term may have been meant for, the likeliest first."""
    bare = term.strip(",;\"'")
    if bare != term:
        yield bare
    qualifier = bare[:1] if bare[:1] in {"+", "-", "~", "?"} else ""
    name = _NAME.match(bare)
    value = bare[name.end() :].lstrip(":=") if name else bare
    # What is an address is meant as one, whatever is written before it.
    for begin in ("ip4:", "ip6:"):
        yield f"{qualifier}{begin}{value}"
        yield f"{qualifier}{begin}{bare.lstrip('+-~?')}"
    if bare.rstrip(".").lower().endswith("all"):
        yield f"{qualifier or '~'}all"
    if bare.lower().startswith("redirect:"):
        yield f"redirect={value}"
    if bare.lower().startswith("incl"):
        yield f"{qualifier}include:{value}"
