"""What senders read differently in a valid MTA-STS policy, and which sender reads what.

The senders are named after what their published code does with such a policy.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mxcheck.wire.address import parse_address
from mxcheck.wire.malformed import Malformed, quoted
from mxcheck.wire.mta_sts import PolicyField, parse_policy_fields, parse_sts_policy

_ONCE = ("version", "mode", "max_age")
_KNOWN = frozenset({*_ONCE, "mx"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguity:
    """Something that senders read differently.

    `is_lost` means that the worst that happens is that some senders discard the policy.
    """

    reason: str
    is_lost: bool = False


def policy_ambiguities(body: bytes, content_type: str = "") -> tuple[Ambiguity, ...]:
    """Return what senders read differently in a policy; nothing if it is malformed."""
    fields = parse_policy_fields(body)
    if isinstance(fields, Malformed) or isinstance(parse_sts_policy(body), Malformed):
        return ()
    return (
        *_repeated(fields),
        *_other_case(fields),
        *_addresses(fields),
        *_version_later(fields),
        *_colons(fields),
        *_outside_ascii(fields, content_type),
    )


def _repeated(fields: Sequence[PolicyField]) -> Iterator[Ambiguity]:
    for name in _ONCE:
        first, *others = (field for field in fields if field.name == name)
        for other in others:
            if other.value != first.value:
                yield Ambiguity(
                    reason=(
                        f"line {other.number} gives {name} again: senders that follow RFC 8461 3.2"
                        f" take the first, {quoted(first.value)}; postfix-mta-sts-resolver,"
                        f" Stalwart, maddy and Halon take the last, {quoted(other.value)}, or"
                        " discard the policy"
                    )
                )


def _other_case(fields: Sequence[PolicyField]) -> Iterator[Ambiguity]:
    for field in fields:
        lower = field.name.lower()
        if field.name not in _KNOWN and lower in _KNOWN:
            yield Ambiguity(
                reason=(
                    f"line {field.number} spells {lower} as {quoted(field.name)}: senders that"
                    " follow RFC 8461 3.2 ignore that line; mailauth and others that do not"
                    " distinguish case read it"
                )
            )


def _addresses(fields: Sequence[PolicyField]) -> Iterator[Ambiguity]:
    for field in fields:
        if field.name == "mx" and parse_address(field.value.removeprefix("*.")):
            yield Ambiguity(
                reason=(
                    f"line {field.number} gives the IP address {quoted(field.value)} as mx: no MX"
                    " host ever matches it, since MX records name hosts, and mox discards the"
                    " whole policy"
                )
            )


def _version_later(fields: Sequence[PolicyField]) -> Iterator[Ambiguity]:
    if fields[0].name != "version":
        yield Ambiguity(
            reason=(
                "version is not the first line: RFC 8461 3.2 leaves the order free, but Google asks"
                " for it there"
            ),
            is_lost=True,
        )


def _colons(fields: Sequence[PolicyField]) -> Iterator[Ambiguity]:
    for field in fields:
        if field.name not in _KNOWN and ":" in field.value:
            yield Ambiguity(
                reason=(
                    f"line {field.number} has a colon in the value of {quoted(field.name)}: maddy"
                    " discards the whole policy, others ignore the line"
                ),
                is_lost=True,
            )


def _outside_ascii(fields: Sequence[PolicyField], content_type: str) -> Iterator[Ambiguity]:
    if "charset" in content_type.lower() or all(field.value.isascii() for field in fields):
        return
    yield Ambiguity(
        reason=(
            "it contains text outside ASCII: postfix-mta-sts-resolver discards the policy, unless"
            " it is served with `Content-Type: text/plain; charset=utf-8`"
        ),
        is_lost=True,
    )
