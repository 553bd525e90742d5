"""The DKIM keys of configured selectors (RFC 6376 3.6.2); no selector is ever guessed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from mxcheck.evidence.dkim import KeyLookup
from mxcheck.evidence.dns import Lookup
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.targets import Target
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.dns.texts import Texts
from mxcheck.probe.shares import do_each
from mxcheck.wire.dkim_key import key_name


@dataclass(slots=True)
class DkimNotes:
    """What a run has seen so far of DKIM keys: lookups by name, selectors by domain."""

    seen: dict[str, Lookup] = field(default_factory=dict)
    selectors: dict[str, tuple[str, ...]] = field(default_factory=dict)

    async def ask(self, targets: Sequence[Target], texts: Texts, resolver: Resolver) -> None:
        """Look up the key of each configured selector."""
        self.selectors = {
            target.domain: target.policy.dkim_selectors
            for target in targets
            if Item.DKIM_KEYS in target.wanted
        }

        async def ask(name: str) -> None:
            self.seen[name] = await texts.lookup(name, resolver)

        await do_each(
            partial(ask, key_name(selector, domain))
            for domain, selectors in self.selectors.items()
            for selector in selectors
        )

    def add_to(self, domain: Domain, ended: Unseen) -> Domain:
        """Return a domain with these lookups; `ended` is why some of them were never made."""
        keys = (
            KeyLookup(
                selector=selector, lookup=self.seen.get(key_name(selector, domain.name), ended)
            )
            for selector in self.selectors.get(domain.name, ())
        )
        return replace(domain, dkim=tuple(keys))
