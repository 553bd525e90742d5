"""A resolver that denies the root knows nothing: what it says not to exist may well exist."""

from dataclasses import replace

import pytest

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.evidence.dns import Absent, Answer, Lookup
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.judge.verdict import Outcome
from mxcheck.model.policy import Policy
from mxcheck.probe.dns.resolver import make_resolver
from mxcheck.probe.settings import PlainResolver
from tests.faults.runs import judged_run
from tests.probe.harness import SETTINGS, closed_port, plain

DENIED = {".": Fault.NXDOMAIN}
KNOWN = "known.example. MX 10 mx.known.example.\n"


async def ask(*resolvers: PlainResolver, name: str) -> Lookup:
    resolver = make_resolver(replace(SETTINGS, retries=0, resolvers=resolvers))
    assert not isinstance(resolver, Unseen)
    return await resolver.lookup(name, "MX")


async def test_that_a_name_does_not_exist_is_not_believed() -> None:
    async with ScriptedDns(faults=DENIED) as server:
        resolver = plain(server.address)
        found = await ask(resolver, name="example.com")
    assert isinstance(found, Unseen)
    assert found.trouble is Trouble.RESOLVER
    says = f"the resolver {resolver} says that not even the root of DNS exists"
    assert found.detail.startswith(says)
    assert "MX example.com" in found.detail


async def test_what_it_knows_is_believed() -> None:
    # A resolver of an internal network may have its own names, and no others.
    async with ScriptedDns(KNOWN, faults=DENIED) as server:
        assert isinstance(await ask(plain(server.address), name="known.example"), Answer)


async def test_a_resolver_that_does_not_answer_for_the_root_denies_nothing() -> None:
    async with ScriptedDns(faults={".": Fault.REFUSED}) as server:
        assert isinstance(await ask(plain(server.address), name="example.com"), Absent)


@pytest.mark.parametrize(("first", "is_believed"), [({}, True), (DENIED, False)])
async def test_of_several_the_first_that_answers_is_asked_for_the_root(
    first: dict[str, Fault], *, is_believed: bool
) -> None:
    with closed_port() as nobody:
        async with ScriptedDns(faults=first) as one, ScriptedDns(faults=DENIED) as other:
            ends = (nobody.getsockname(), one.address, other.address)
            found = await ask(*map(plain, ends), name="example.com")
    assert isinstance(found, Absent) is is_believed


async def test_the_domain_is_unknown_and_the_root_is_asked_once() -> None:
    async with ScriptedDns(faults=DENIED) as server:
        seen = await judged_run(server.address, {}, policy=Policy())
        resolver = str(plain(server.address))
    assert server.queries.count((".", "SOA")) == 1
    assert seen.verdict.exit_code == 3
    [blocking] = (one for one in seen.verdict.domains[0].results if one.blocks)
    assert (blocking.rule.id, blocking.outcome) == ("mx-missing", Outcome.UNKNOWN)
    assert resolver in blocking.message
    assert "name another one (--resolver)" in blocking.remedy
    assert "Publish" not in blocking.remedy
