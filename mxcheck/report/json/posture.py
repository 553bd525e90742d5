"""What was seen of DMARC and DKIM, in the shape of the JSON report."""

from collections.abc import Iterable

from mxcheck.evidence.dkim import KeyLookup
from mxcheck.evidence.dns import TextLookup
from mxcheck.evidence.domain import Domain
from mxcheck.report.json.dns import lookup_json
from mxcheck.report.json.model_posture import DkimKeyJson, DmarcJson, TextLookupJson
from mxcheck.report.seen import was_asked
from mxcheck.wire.dkim_key import DkimKey, key_name, select_key
from mxcheck.wire.dmarc.walk import discover
from mxcheck.wire.txt import texts_of


def dmarc_json(domain: Domain) -> DmarcJson | None:
    """Return what the tree walk of a domain shows; None if it was not asked for."""
    if not any(was_asked(one.lookup) for one in domain.dmarc.walk):
        return None
    discovery = discover(domain.name, domain.dmarc.walked)
    record = None if discovery.record_unseen else discovery.record
    return DmarcJson(
        record=record.text if record else None,
        location=discovery.location if record else None,
        organization=None if discovery.organization_unseen else discovery.organization,
        policy=discovery.request() if record else None,
        subdomain_policy=record.request(below=True) if record else None,
        p=record.p if record else None,
        sp=record.sp if record else None,
        np=record.np if record else None,
        psd=record.psd if record else None,
        testing=record.testing if record else None,
        rua=tuple(uri.uri for uri in record.rua) if record else (),
        lookups=_lookups(domain.dmarc.walk),
        permissions=_lookups(domain.dmarc.permissions),
    )


def dkim_json(domain: Domain) -> tuple[DkimKeyJson, ...] | None:
    """Return the keys of the configured selectors; None if none was looked up."""
    keys = [one for one in domain.dkim if was_asked(one.lookup)]
    return tuple(_key(one, domain.name) for one in keys) or None


def _key(one: KeyLookup, domain: str) -> DkimKeyJson:
    found = select_key(texts_of(one.lookup))
    key = found if isinstance(found, DkimKey) else None
    return DkimKeyJson(
        selector=one.selector,
        name=key_name(one.selector, domain),
        lookup=lookup_json(one.lookup),
        key=key.shown if key and not key.is_revoked else None,
        testing=key.testing if key else None,
        revoked=key.is_revoked if key else None,
    )


def _lookups(lookups: Iterable[TextLookup]) -> tuple[TextLookupJson, ...]:
    return tuple(TextLookupJson(name=one.name, lookup=lookup_json(one.lookup)) for one in lookups)
