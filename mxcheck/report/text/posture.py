"""Details of the text report: the DMARC and DKIM records of a domain."""

from collections.abc import Iterator

from mxcheck.evidence.dns import Absent
from mxcheck.evidence.domain import Domain
from mxcheck.report.text.policies import Fact, record_facts
from mxcheck.wire.dkim_key import key_name


def posture_facts(domain: Domain) -> Iterator[Fact]:
    """Yield the records that were asked for: a word, and what was seen at which name.

    Of the names of a walk that have no record, only that of the domain itself is shown.
    """
    for number, one in enumerate(domain.dmarc.walk):
        if not number or not isinstance(one.lookup, Absent):
            yield from record_facts("DMARC", one.lookup, f"{one.name}: ")
    for one in domain.dmarc.permissions:
        yield from record_facts("DMARC", one.lookup, f"{one.name}: ")
    for key in domain.dkim:
        name = key_name(key.selector, domain.name)
        yield from record_facts("DKIM", key.lookup, f"{name}: ")
