"""A wildcard in a file that is not the whole zone: live names of their own go before it."""

import pytest

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.evidence.dns import Answer, Lookup
from mxcheck.evidence.outcome import Unseen
from tests.probe.dns.test_overrides import FILE, ask, given

LIVE = """
mx1.example.com. A 203.0.114.1
*.web.example.com. A 203.0.114.2
own.web.example.com. A 203.0.114.3
bare.web.example.com. TXT "no address"
*.alias.example.com. CNAME mx1.example.com.
"""
GIVEN = """
*.example.com. 60 A 203.0.114.9
*.web.example.com. 60 A 203.0.114.9
*.alias.example.com. 60 CNAME own.web.example.com.
"""
SOA = "example.com. SOA ns.example.com. hostmaster.example.com. 1 2 3 4 5\n"


async def looked_up(name: str, rdtype: str = "A", text: str = GIVEN) -> Lookup:
    faults = {"lost.example.com": Fault.SERVFAIL}
    return await ask(name, rdtype, given(text), server=ScriptedDns(LIVE, faults=faults))


@pytest.mark.parametrize(
    ("name", "address", "replaced"),
    [
        ("new.example.com", "203.0.114.9", True),
        ("mx1.example.com", "203.0.114.1", False),
        ("own.web.example.com", "203.0.114.3", False),
        # The live answer is made from the wildcard that the file replaces.
        ("any.web.example.com", "203.0.114.9", True),
        ("any.alias.example.com", "203.0.114.3", True),
    ],
)
async def test_it_answers_for_names_that_are_not_there(
    name: str, address: str, *, replaced: bool
) -> None:
    found = await looked_up(name)
    assert isinstance(found, Answer)
    assert (found.records, found.overrides) == ((address,), (FILE,) if replaced else ())


async def test_it_says_by_which_name_the_records_are_published() -> None:
    found = await looked_up("new.example.com")
    assert isinstance(found, Answer)
    assert (found.owner, found.wildcard) == ("new.example.com", "*.example.com")
    itself = await looked_up("*.example.com")
    assert isinstance(itself, Answer)
    assert (itself.owner, itself.wildcard) == ("*.example.com", "")


async def test_a_name_without_such_a_record_stays_without() -> None:
    found = await looked_up("mx1.example.com", "AAAA", "*.example.com. AAAA 2001:500::9")
    assert not isinstance(found, Answer)


async def test_where_the_live_name_is_lost_so_is_the_answer() -> None:
    assert isinstance(await looked_up("lost.example.com"), Unseen)


async def test_in_a_whole_zone_the_file_alone_counts() -> None:
    found = await looked_up("mx1.example.com", text=SOA + GIVEN)
    assert isinstance(found, Answer)
    assert (found.records, found.wildcard) == (("203.0.114.9",), "*.example.com")
