"""A DKIM selector that is in use has no key in DNS.

## Why it matters

Receivers fetch the key at `SELECTOR._domainkey.example.com` for each signature. Without it every
signature with this selector fails, and mail that relies on DKIM for DMARC goes to the spam folder
or is refused. It happens when a zone is moved, a service is cancelled, or the signer got a key
before the zone did.

DNS has no list of selectors: configure the ones that sign (`dkim_selectors = ["s1", "mail"]`). None
is guessed.

## Repair

Publish the record that the signer printed when the key was made, one TXT record:

    s1._domainkey.example.com. TXT "v=DKIM1; k=rsa; p=MIIBIjANBgkq…"

- OpenDKIM: `/etc/opendkim/keys/example.com/s1.txt`. Rspamd: `rspamadm dkim_keygen`.
- A service that signs for the domain (Microsoft 365, Google, a newsletter service): its console
  shows the TXT or CNAME record. Strings of more than 255 characters have to be split in quotes.

If the selector is no longer in use, remove it from `dkim_selectors`.
"""

from mxcheck.evidence.dns import Absence, Absent, Answer
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail, Family, Pass, Rule, Scope, SelectorCase, Unknown
from mxcheck.rules.facts.dkim import name_of
from mxcheck.rules.remedies.dkim import NAME_THEM, UNNAMED
from mxcheck.rules.remedies.lookup import lookup_remedy
from mxcheck.wire.domain_name import display_domain


def find(case: SelectorCase) -> Answer | Absent | Unknown:
    """Find what was answered at the name of the key."""
    if not case.selector:
        return Absent(absence=Absence.NODATA)
    lookup = case.domain.dkim_key(case.selector)
    if isinstance(lookup, Unseen):
        message = f"whether there is a key at {name_of(case)} is not known: {lookup.detail}"
        return Unknown(message=message, remedy=lookup_remedy(lookup))
    return lookup


def check(lookup: Answer | Absent, case: SelectorCase) -> Pass | Fail:
    """Judge that there is a record."""
    if isinstance(lookup, Answer):
        return Pass(message=f"there is a record at {name_of(case)}")
    if not case.selector:
        name = display_domain(case.domain.name)
        return Fail(message=f"DKIM is required of {name}, {UNNAMED}", remedy=NAME_THEM)
    alias = f" (an alias of {lookup.aliases[-1]})" if lookup.aliases else ""
    return Fail(
        message=(
            f"there is no DKIM key at {name_of(case)}{alias}: receivers cannot verify what"
            f" {display_domain(case.domain.name)} signs with the selector {case.selector}"
        ),
        remedy=(
            f"Publish the record of the signer as one TXT record at `{name_of(case)}`, such as"
            " `v=DKIM1; k=rsa; p=…` with the public key (`openssl pkey -in KEY -pubout` prints it),"
            " or the CNAME record that the service names. If the selector is no longer in use,"
            " remove it from `dkim_selectors`."
        ),
    )


RULE: Rule[SelectorCase, Answer | Absent] = Rule(
    id="dkim-key-missing",
    family=Family.POSTURE,
    scope=Scope.SELECTOR,
    level=Level.ERROR,
    title="a DKIM selector that is in use has no key in DNS",
    references=("RFC 6376 3.6.2",),
    reads=(Item.DKIM_KEYS,),
    absence_of="dkim",
    find=find,
    check=check,
)
