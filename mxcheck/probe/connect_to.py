"""Where connections go instead of to the addresses that the DNS gives (`--connect-to`)."""

from collections.abc import Sequence

from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.outcome import Unseen
from mxcheck.probe.what_if import ConnectTo
from mxcheck.wire.address import ip_version

IPV4, IPV6 = 4, 6

Addresses = tuple[Lookup, Lookup]
"""The answers to A and to AAAA."""


def redirect(host: str, live: Addresses, ends: Sequence[ConnectTo]) -> Addresses:
    """The address answers for a host, with the ends in their place, if there are any."""
    if not ends:
        return live
    ipv4, ipv6 = live
    return _given(host, ipv4, ends, IPV4), _given(host, ipv6, ends, IPV6)


def _given(host: str, live: Lookup, ends: Sequence[ConnectTo], version: int) -> Lookup:
    # DNSSEC is about the zone of the host, not about where its name will point.
    secure = not isinstance(live, Unseen) and live.authenticated_data
    signed = not isinstance(live, Unseen) and live.signed
    addresses = [end.address for end in ends if ip_version(end.address) == version]
    what_ifs = tuple(end.what_if for end in ends)
    if not addresses:
        return Absent(
            absence=Absence.NODATA, authenticated_data=secure, signed=signed, what_ifs=what_ifs
        )
    return Answer(
        owner=host,
        records=tuple(addresses),
        authenticated_data=secure,
        signed=signed,
        what_ifs=what_ifs,
    )
