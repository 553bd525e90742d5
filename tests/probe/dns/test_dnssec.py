"""What is written down about DNSSEC: the resolvers, and what follows SERVFAIL."""

from dataclasses import replace
from pathlib import Path

import dns.edns
import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import pytest

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.evidence.dns import (
    Absence,
    Absent,
    Answer,
    AskedResolver,
    Lookup,
    TrustedBy,
    Withheld,
)
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.dns import resolvers
from mxcheck.probe.dns.resolver import make_resolver
from mxcheck.probe.dns.resolvers import reach_resolvers
from mxcheck.probe.settings import (
    HttpsResolver,
    PlainResolver,
    ProbeSettings,
    ResolverAddress,
    TlsResolver,
)
from tests.probe.harness import (
    ADDRESS,
    DOMAIN,
    HOST,
    SETTINGS,
    UNVISITED,
    closed_port,
    mx_zone,
    plain,
    probe,
)
from tests.wanting import wanting

WITH_DNSSEC = wanting(UNVISITED, Item.RESOLVERS)
OTHER = replace(WITH_DNSSEC, domain="example.net")
ZONE = mx_zone(ADDRESS)
MX = (DOMAIN, "MX")
ROOT = (".", "SOA")


class Moody(ScriptedDns):
    """Answers MX questions with these faults in turn, then as the zone says; keeps the flags."""

    def __init__(self, *moods: Fault | None) -> None:
        super().__init__(ZONE)
        self.moods = list(moods)
        self.checking_disabled: list[bool] = []

    def _answer(self, query: dns.message.Message, fault: Fault | None) -> dns.message.Message:
        if query.question[0].rdtype == dns.rdatatype.MX:
            self.checking_disabled.append(bool(query.flags & dns.flags.CD))
            fault = self.moods.pop(0) if self.moods else None
        return super()._answer(query, fault)


class Explaining(ScriptedDns):
    """Adds extended errors (RFC 8914) to SERVFAIL."""

    def _answer(self, query: dns.message.Message, fault: Fault | None) -> dns.message.Message:
        response = super()._answer(query, fault)
        if response.rcode() == dns.rcode.SERVFAIL:
            expired = dns.edns.EDEOption(dns.edns.EDECode.SIGNATURE_EXPIRED, "RRSIG")
            response.use_edns(
                0, options=[expired, dns.edns.EDEOption(dns.edns.EDECode.NO_REACHABLE_AUTHORITY)]
            )
        return response


async def look_up(server: ScriptedDns, *, retries: int = 0) -> Domain:
    settings = replace(SETTINGS, retries=retries)
    seen = await probe({}, WITH_DNSSEC, dns=server, settings=settings)
    (domain,) = seen.evidence.domains
    return domain


def trouble_of(lookup: Lookup) -> Trouble | None:
    return lookup.trouble if isinstance(lookup, Unseen) else None


class TestAfterServfail:
    async def test_an_answer_that_only_validation_withholds(self) -> None:
        server = ScriptedDns(ZONE, faults={DOMAIN: Fault.BOGUS}, authenticated=(".",))
        domain = await look_up(server)
        assert isinstance(domain.mx, Withheld)
        assert domain.mx.trouble is Trouble.BOGUS
        assert isinstance(domain.mx.unchecked, Answer)
        assert domain.mx.unchecked.records == (f"10 {HOST}",)
        assert not domain.mx.unchecked.authenticated_data
        assert "with checking disabled it shows 10 mx1.example.com" in domain.mx.detail
        assert domain.hosts == ()
        assert server.queries.count(MX) == 3

    async def test_an_absence_that_only_validation_withholds(self) -> None:
        server = ScriptedDns("www.example.com. A 203.0.114.1", faults={DOMAIN: Fault.BOGUS})
        mx = (await look_up(server)).mx
        assert isinstance(mx, Withheld)
        assert mx.unchecked == Absent(absence=Absence.NODATA)

    async def test_an_address_that_only_validation_withholds(self) -> None:
        domain = await look_up(ScriptedDns(ZONE, faults={f"{HOST} A": Fault.BOGUS}))
        assert isinstance(domain.hosts[0].ipv4, Withheld)

    async def test_checking_is_disabled_after_servfail_alone(self) -> None:
        server = Moody(Fault.SERVFAIL, Fault.SERVFAIL, None, Fault.SERVFAIL, Fault.SERVFAIL)
        assert isinstance((await look_up(server, retries=1)).mx, Withheld)
        assert server.checking_disabled == [False, False, True, False, False]

    async def test_a_failure_that_checking_has_no_part_in(self) -> None:
        mx = (await look_up(ScriptedDns(ZONE, faults={DOMAIN: Fault.SERVFAIL}))).mx
        assert type(mx) is Unseen
        assert mx.trouble is Trouble.SERVFAIL
        assert "and to CNAME example.com too, as if no name server of its zone" in mx.detail

    async def test_a_failure_of_one_type_alone(self) -> None:
        mx = (await look_up(ScriptedDns(ZONE, faults={f"{DOMAIN} MX": Fault.SERVFAIL}))).mx
        assert isinstance(mx, Unseen)
        assert mx.trouble is Trouble.SERVFAIL
        assert "other questions about example.com are answered, those for MX are not" in mx.detail

    async def test_a_failure_behind_an_alias(self) -> None:
        zone = f"{DOMAIN}. CNAME a.example.\na.example. CNAME b.example."
        faults = {f"{DOMAIN} MX": Fault.SERVFAIL, "b.example": Fault.SERVFAIL}
        mx = (await look_up(ScriptedDns(zone, faults=faults))).mx
        assert isinstance(mx, Unseen)
        assert "is an alias (CNAME) of a.example and that of b.example, and to CNAME b" in mx.detail

    @pytest.mark.parametrize("target", [DOMAIN, "a.example", "b.example"])
    async def test_a_circle_of_aliases(self, target: str) -> None:
        """A resolver that answers SERVFAIL to it, as Unbound does."""
        zone = (
            f"{DOMAIN}. CNAME a.example.\na.example. CNAME b.example.\nb.example. CNAME {target}."
        )
        server = ScriptedDns(zone, faults={f"{DOMAIN} MX": Fault.SERVFAIL})
        mx = (await look_up(server)).mx
        assert isinstance(mx, Unseen)
        assert mx.trouble is Trouble.ALIAS_CHAIN
        assert f"{DOMAIN} to a.example to b.example to {target}" in mx.detail

    async def test_a_failure_that_passed_meanwhile(self) -> None:
        domain = await look_up(Moody(Fault.SERVFAIL))
        assert isinstance(domain.mx, Answer)
        assert [host.name for host in domain.hosts] == [HOST]

    async def test_a_resolver_that_falls_silent_proves_nothing(self) -> None:
        mx = (await look_up(Moody(Fault.SERVFAIL, None, Fault.REFUSED))).mx
        assert isinstance(mx, Unseen)
        assert mx.trouble is Trouble.SERVFAIL

    @pytest.mark.parametrize("fault", [None, Fault.REFUSED])
    async def test_nothing_else_is_asked_again(self, fault: Fault | None) -> None:
        server = ScriptedDns(ZONE, faults={DOMAIN: fault} if fault else {})
        await look_up(server)
        assert server.queries.count(MX) == 1

    async def test_the_resolver_explains_itself(self) -> None:
        mx = (await look_up(Explaining(ZONE, faults={DOMAIN: Fault.BOGUS}))).mx
        assert isinstance(mx, Withheld)
        assert mx.extended_errors == (7, 22)
        assert (
            "(extended DNS error 7 (Signature Expired): RRSIG; extended DNS error 22" in mx.detail
        )


class TestResolvers:
    async def test_the_root_is_asked_for_once(self) -> None:
        server = ScriptedDns(ZONE, authenticated=(".",))
        seen = await probe({}, WITH_DNSSEC, OTHER, dns=server)
        [resolver] = seen.evidence.resolvers
        assert resolver.name == str(plain(server.address))
        assert resolver.trusted_by is TrustedBy.FLAG
        assert isinstance(resolver.root_soa, Answer)
        assert (resolver.root_soa.owner, resolver.root_soa.authenticated_data) == (".", True)
        assert server.queries.count(ROOT) == 1

    async def test_a_resolver_that_does_not_validate(self) -> None:
        seen = await probe({}, WITH_DNSSEC, dns=ZONE)
        [resolver] = seen.evidence.resolvers
        assert isinstance(resolver.root_soa, Answer)
        assert not resolver.root_soa.authenticated_data

    async def test_each_resolver_is_asked(self) -> None:
        with closed_port() as nobody:
            async with ScriptedDns(authenticated=(".",)) as server:
                both = (plain(nobody.getsockname()), plain(server.address))
                resolver = make_resolver(replace(SETTINGS, retries=0, resolvers=both))
                assert not isinstance(resolver, Unseen)
                dead, alive = await resolver.ask_root()
        assert trouble_of(dead.root_soa) is Trouble.RESOLVER
        assert isinstance(alive.root_soa, Answer)
        assert [dead.name, alive.name] == [str(address) for address in both]

    async def test_a_run_without_resolvers(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def no_configuration(_self: object, _file: object) -> None:
            raise dns.resolver.NoResolverConfiguration

        monkeypatch.setattr("dns.resolver.BaseResolver.read_resolv_conf", no_configuration)
        assert isinstance(reach_resolvers(SETTINGS), Unseen)


DOH = HttpsResolver(url="https://dns.example.net/dns-query")
DOT = TlsResolver(address="192.0.2.53")
FAR = PlainResolver(address="192.0.2.53")


@pytest.mark.parametrize(
    ("address", "trust_ad", "expected"),
    [
        (PlainResolver(address="127.0.0.53"), None, TrustedBy.LOOPBACK),
        (PlainResolver(address="::1"), None, TrustedBy.LOOPBACK),
        (PlainResolver(address="10.0.0.1"), None, TrustedBy.NOTHING),
        (PlainResolver(address="fe80::1%eth0"), None, TrustedBy.NOTHING),
        (FAR, None, TrustedBy.NOTHING),
        (FAR, True, TrustedBy.FLAG),
        (FAR, False, TrustedBy.NOTHING),
        (DOH, None, TrustedBy.HTTPS),
        (DOH, False, TrustedBy.NOTHING),
        (DOT, None, TrustedBy.TLS),
        (DOT, True, TrustedBy.FLAG),
        (PlainResolver(address="127.0.0.1"), False, TrustedBy.NOTHING),
        (PlainResolver(address="127.0.0.1"), True, TrustedBy.FLAG),
        (PlainResolver(address="127.0.0.11"), None, TrustedBy.LOOPBACK),
        (PlainResolver(address="127.0.0.54", port=5353), None, TrustedBy.LOOPBACK),
    ],
)
async def test_what_a_resolver_is_trusted_by(
    address: ResolverAddress, *, trust_ad: bool | None, expected: TrustedBy
) -> None:
    resolver = make_resolver(ProbeSettings(resolvers=(address,), trust_ad=trust_ad))
    assert not isinstance(resolver, Unseen)
    assert resolver.named() == (AskedResolver(name=str(address), trusted_by=expected),)
    await resolver.close()


class TestSystem:
    """The resolvers of resolv.conf(5)."""

    @pytest.fixture
    def resolv_conf(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        path = tmp_path / "resolv.conf"
        monkeypatch.setattr(resolvers, "RESOLV_CONF", path)
        return path

    def trusted(self, settings: ProbeSettings | None = None) -> list[tuple[str, TrustedBy]]:
        reached = reach_resolvers(settings or ProbeSettings())
        assert not isinstance(reached, Unseen)
        return [(one.nameserver.name, one.trusted_by) for one in reached]

    def test_its_option_vouches_for_them(self, resolv_conf: Path) -> None:
        resolv_conf.write_text("nameserver 192.0.2.1\nnameserver 127.0.0.1\noptions trust-ad\n")
        assert self.trusted() == [
            ("192.0.2.1", TrustedBy.RESOLV_CONF),
            ("127.0.0.1", TrustedBy.RESOLV_CONF),
        ]

    def test_so_it_does_for_one_that_is_named_again(self, resolv_conf: Path) -> None:
        resolv_conf.write_text("nameserver 127.0.0.1\noptions trust-ad\n")
        again = (PlainResolver(address="127.0.0.1"), PlainResolver(address="127.0.0.1", port=5353))
        trusted = [by for _, by in self.trusted(ProbeSettings(resolvers=again))]
        assert trusted == [TrustedBy.RESOLV_CONF, TrustedBy.LOOPBACK]

    def test_without_it_nothing_does(self, resolv_conf: Path) -> None:
        resolv_conf.write_text("nameserver 192.0.2.1\nnameserver 127.0.0.11\n")
        assert self.trusted() == [
            ("192.0.2.1", TrustedBy.NOTHING),
            ("127.0.0.11", TrustedBy.LOOPBACK),
        ]

    def test_it_does_not_speak_of_resolvers_that_are_named(self, resolv_conf: Path) -> None:
        resolv_conf.write_text("nameserver 127.0.0.1\noptions trust-ad\n")
        assert self.trusted(ProbeSettings(resolvers=(FAR,))) == [("192.0.2.53", TrustedBy.NOTHING)]

    @pytest.mark.parametrize("text", ["", "nameserver dns.example.net\n"])
    def test_a_configuration_that_cannot_be_used(self, text: str, resolv_conf: Path) -> None:
        resolv_conf.write_text(text)
        reached = reach_resolvers(ProbeSettings())
        assert isinstance(reached, Unseen)
        assert reached.trouble is Trouble.RESOLVER

    def test_a_file_that_is_not_there(self, resolv_conf: Path) -> None:
        assert not resolv_conf.exists()
        assert isinstance(reach_resolvers(ProbeSettings()), Unseen)
