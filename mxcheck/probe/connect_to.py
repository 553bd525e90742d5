"""Where connections go instead of to the addresses that the DNS gives (`--connect-to`)."""

from collections.abc import Sequence

from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.outcome import Unseen
from mxcheck.probe.overrides import ConnectTo
from mxcheck.wire.address import ip_version

IPV4, IPV6 = 4, 6

Addresses = tuple[Lookup, Lookup]
"""The answers to A and to AAAA."""


def redirect(host: str, live: Addresses, ends: Sequence[ConnectTo]) -> Addresses:
    """Return the address answers for a host, with the ends in their place, if there are any.

    Addresses are all that changes: the name stays the alias that it is, and as secure as it is.
    """
    if not ends:
        return live
    ipv4, ipv6 = live
    return _given(host, ipv4, ends, IPV4), _given(host, ipv6, ends, IPV6)


def _given(host: str, live: Lookup, ends: Sequence[ConnectTo], version: int) -> Lookup:
    overrides = tuple(dict.fromkeys([*live.overrides, *(end.override for end in ends)]))
    below = _below(live)
    addresses = dict.fromkeys(end.address for end in ends if ip_version(end.address) == version)
    if not addresses:
        return Absent(
            absence=Absence.NODATA,
            aliases=below.aliases,
            authenticated_data=below.authenticated_data,
            signed=below.signed,
            overrides=overrides,
            zone_unseen=below.zone_unseen,
        )
    return Answer(
        owner=(host, *below.aliases)[-1],
        records=tuple(addresses),
        aliases=below.aliases,
        ttl=below.ttl if isinstance(below, Answer) else 0,
        authenticated_data=below.authenticated_data,
        signed=below.signed,
        overrides=overrides,
        zone_unseen=below.zone_unseen,
    )


def _below(live: Lookup) -> Answer | Absent:
    """Return what the addresses are given in place of, as far as it was seen."""
    if isinstance(live, Unseen):
        return Absent(absence=Absence.NODATA, zone_unseen=live.detail)
    return live
