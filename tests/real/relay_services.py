"""Postfix services that make relaying, or a refusal, depend on the sender.

All of them trust every client, as with `mynetworks = 0.0.0.0/0`: what is not refused is relayed.
"""

from tests.real.services import KEEPS_LOCAL_PARTS, Service

OPEN = "mynetworks=0.0.0.0/0"
PARTNER = "letters@partner.example.org"

# Whatever an access table answers is worded as a refusal of what it was asked about; these are not
# worded as refusals of the sender.
_CLASSES = {
    "spf_fails": "check_recipient_access static:{550 5.7.23 SPF fail - not authorized}",
    "not_here": "check_recipient_access static:{550 5.7.1 Not here}",
    "later": "check_recipient_access static:{450 4.2.0 Greylisted, please try again later}",
    "blocked": "check_client_access static:{554 5.7.1 Blocked, see https://blocklist.test/}",
}
_DENIED, _SPF, _VAGUE, _LATER, _BLOCKED = ("reject_unauth_destination", *_CLASSES)
_BAD_SENDER = "550 5.1.8 No such domain"

_NULL, _LITERAL, _ANYBODY = "^<>", "@.127[.]", "."
_HERE, _NAMED = "@by-sender", "@probe[.]example[.]net"


def _access(**answers: str) -> str:
    """Return a table of answers by sender: the first that matches counts."""
    patterns = {
        "null": _NULL,
        "here": _HERE,
        "named": _NAMED,
        "literal": _LITERAL,
        "partner": "^letters@partner",
        "anybody": _ANYBODY,
    }
    rows = ", ".join(f"{{/{patterns[who]}/ {answer}}}" for who, answer in answers.items())
    return f"check_sender_access regexp:{{{rows}}}"


def _restricted(*restrictions: str) -> tuple[str, ...]:
    return OPEN, f"smtpd_recipient_restrictions={', '.join(restrictions)}"


def _to_outside(**answers: str) -> tuple[str, ...]:
    """Return options that answer so by sender, to recipients outside alone."""
    return _restricted("permit_auth_destination", _access(**answers))


_OPTIONS = {
    # Open, for some senders
    "outside-senders": _to_outside(null=_DENIED, here=_SPF),
    "outside-senders-in-vague-words": _to_outside(null=_VAGUE, here=_VAGUE),
    "outside-senders-to-all": _restricted(_access(null=_DENIED, here=_SPF)),
    "all-but-null": _to_outside(null=_DENIED),
    "null-alone": _to_outside(null="OK", here=_SPF, anybody=_DENIED),
    "own-alone": _to_outside(here="OK", anybody=_DENIED),
    "all-but-one-domain": _to_outside(null=_DENIED, here=_DENIED, named=_BAD_SENDER),
    "all-but-one-at-mail": (
        *_to_outside(null=_DENIED, here=_DENIED),
        f"smtpd_sender_restrictions={_access(named=_BAD_SENDER)}",
        "smtpd_delay_reject=no",
    ),
    "one-partner": _to_outside(partner="OK", anybody=_DENIED),
    "percent-for-outside": (
        *KEEPS_LOCAL_PARTS,
        "virtual_alias_maps=regexp:{{/^[^@]+%.+@by-sender/ postmaster@iana.org}}",
        f"smtpd_recipient_restrictions={_access(null=_DENIED)}",
    ),
    # Cannot be told
    "greylists-outside": _to_outside(null=_DENIED, here=_SPF, anybody=_LATER),
    "greylists-null": _to_outside(null=_LATER, anybody=_DENIED),
    "greylists-own": _to_outside(here=_LATER, anybody=_DENIED),
    "blocks-all": _restricted(_access(anybody=_BLOCKED)),
    "refuses-all-alike": _restricted(_access(anybody=_VAGUE)),
    "blocks-outside": _restricted(_access(null=_DENIED, here=_DENIED, anybody=_BLOCKED)),
    "refuses-outside-alike": _restricted(_access(null=_DENIED, here=_DENIED, anybody=_VAGUE)),
    # Closed
    "closed": ("mynetworks=192.0.2.1",),
    "closed-to-outside-senders": _restricted(
        _access(null=_DENIED, here=_DENIED, anybody=_BAD_SENDER)
    ),
    "closed-in-vague-words": _to_outside(anybody=_VAGUE),
    "closed-with-spf": _restricted(
        _access(here=_SPF), "permit_auth_destination", _access(anybody=_VAGUE)
    ),
}

_DEFINED = (
    f"smtpd_restriction_classes={', '.join(_CLASSES)}",
    *(f"{name}={meaning}" for name, meaning in _CLASSES.items()),
)
RELAY_SERVICES = tuple(
    Service(
        name=f"by-sender-{name}", addresses=(f"127.0.9.{number}",), options=(*options, *_DEFINED)
    )
    for number, (name, options) in enumerate(_OPTIONS.items(), start=1)
)
