"""Addresses that `--connect-to` names, in place of those in DNS."""

import pytest

from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.connect_to import redirect
from mxcheck.probe.overrides import ConnectTo

HOST, TARGET = "mx1.example.com", "mail.example.net"
LIVE = Answer(owner=HOST, records=("203.0.114.1",), ttl=300, authenticated_data=True, signed=True)
ALIAS = Answer(owner=TARGET, records=("203.0.114.1",), aliases=(TARGET,), ttl=60)
NONE = Absent(absence=Absence.NXDOMAIN, authenticated_data=True, signed=True)
DANGLING = Absent(absence=Absence.NXDOMAIN, aliases=(TARGET,))
LOST = Unseen(trouble=Trouble.SERVFAIL, detail="SERVFAIL", overrides=("--zone-file x",))


def end(address: str, name: str = "--connect-to one") -> ConnectTo:
    return ConnectTo(host=HOST, port=25, address=address, to_port=2525, override=name)


def test_without_ends_the_answers_are_the_live_ones() -> None:
    assert redirect(HOST, (LIVE, LOST), ()) == (LIVE, LOST)


@pytest.mark.parametrize(
    ("live", "want"),
    [
        (
            LIVE,
            Answer(
                owner=HOST, records=("10.0.0.1",), ttl=300, authenticated_data=True, signed=True
            ),
        ),
        (ALIAS, Answer(owner=TARGET, records=("10.0.0.1",), aliases=(TARGET,), ttl=60)),
        (
            NONE,
            Answer(owner=HOST, records=("10.0.0.1",), authenticated_data=True, signed=True),
        ),
        (DANGLING, Answer(owner=TARGET, records=("10.0.0.1",), aliases=(TARGET,))),
        (LOST, Answer(owner=HOST, records=("10.0.0.1",))),
    ],
)
def test_nothing_but_the_addresses_changes(live: Lookup, want: Answer) -> None:
    ipv4, ipv6 = redirect(HOST, (live, live), (end("10.0.0.1"),))
    assert isinstance(ipv4, Answer)
    assert ipv4.overrides == (*live.overrides, "--connect-to one")
    assert (ipv4.owner, ipv4.records, ipv4.aliases) == (want.owner, want.records, want.aliases)
    assert (ipv4.ttl, ipv4.signed) == (want.ttl, want.signed)
    assert ipv4.authenticated_data is want.authenticated_data
    assert isinstance(ipv6, Absent)
    assert (ipv6.absence, ipv6.aliases) == (Absence.NODATA, want.aliases)
    assert ipv6.overrides == ipv4.overrides
    assert ipv4.zone_unseen == ipv6.zone_unseen == ("SERVFAIL" if live is LOST else "")


def test_every_end_is_an_address_once() -> None:
    ends = (end("10.0.0.2"), end("10.0.0.1", "--connect-to two"), end("fd00::1"), end("10.0.0.2"))
    ipv4, ipv6 = redirect(HOST, (LIVE, NONE), ends)
    assert isinstance(ipv4, Answer)
    assert isinstance(ipv6, Answer)
    assert (ipv4.records, ipv6.records) == (("10.0.0.2", "10.0.0.1"), ("fd00::1",))
    assert ipv4.overrides == ("--connect-to one", "--connect-to two")
