"""How to make a DKIM key, and the record for it."""

from mxcheck.rules.base import SelectorCase
from mxcheck.wire.dkim_key import key_name

UNNAMED = "and the configuration names no selector to look for"
NAME_THEM = (
    'Name the selectors in use, such as `dkim_selectors = ["s1"]`: the tag s= in the'
    " DKIM-Signature field of a message that the domain sent tells them."
)


def new_key(case: SelectorCase) -> str:
    """Return how to make a key for a new selector, and what to publish for it."""
    domain = case.domain.name
    return (
        "Make a new key with a new selector (`opendkim-genkey -b 2048 -s NEW -d"
        f" {domain}` writes the key and the record, `rspamadm dkim_keygen -b 2048 -s NEW -d"
        f" {domain}` prints both), publish the record at `{key_name('NEW', domain)}`, then let the"
        " signer use it. Keep the old record for a week: mail on its way is verified with it."
    )
