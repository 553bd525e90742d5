"""The DMARC walk, permissions of report hosts and DKIM keys: each name is asked once a run."""

from dataclasses import replace

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.evidence.dns import Absent, Answer, Lookup
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.model.policy import Policy
from mxcheck.model.targets import Target
from mxcheck.probe.record import Record
from tests.probe.harness import ADDRESS, DOMAIN, HEALTHY, NO_RELAY, SETTINGS, Seen, mx_zone, probe
from tests.wanting import wanting

WALK = wanting(NO_RELAY, Item.DMARC)
REPORTS = wanting(NO_RELAY, Item.DMARC, Item.DMARC_REPORTS)
KEYS = replace(
    wanting(NO_RELAY, Item.DKIM_KEYS), policy=replace(NO_RELAY.policy, dkim_selectors=("s1", "s2"))
)


async def look_up(target: Target, records: str, *more: str) -> Seen:
    dns = ScriptedDns(f"{mx_zone(ADDRESS)}{records}\n", faults=dict.fromkeys(more, Fault.SERVFAIL))
    return await probe({ADDRESS: HEALTHY}, target, dns=dns, settings=replace(SETTINGS, retries=0))


def walked(seen: Seen) -> dict[str, Lookup]:
    (domain,) = seen.evidence.domains
    return {one.name: one.lookup for one in domain.dmarc.walk}


def permitted(seen: Seen) -> dict[str, Lookup]:
    (domain,) = seen.evidence.domains
    return {one.name: one.lookup for one in domain.dmarc.permissions}


def asked(seen: Seen) -> list[str]:
    return [name for name, kind in seen.world.dns.queries if kind == "TXT"]


async def test_the_walk_goes_up_to_the_top() -> None:
    seen = await look_up(WALK, f'_dmarc.{DOMAIN}. TXT "v=DMARC1; p=none"')
    assert list(walked(seen)) == [f"_dmarc.{DOMAIN}", "_dmarc.com"]
    assert isinstance(walked(seen)[f"_dmarc.{DOMAIN}"], Answer)
    assert isinstance(walked(seen)["_dmarc.com"], Absent)
    assert sorted(asked(seen)) == sorted(walked(seen))


async def test_the_walk_ends_at_psd_and_goes_on_after_trouble() -> None:
    seen = await look_up(WALK, f'_dmarc.{DOMAIN}. TXT "v=DMARC1; p=none; psd=n"')
    assert list(walked(seen)) == [f"_dmarc.{DOMAIN}"]
    lost = await look_up(WALK, "", f"_dmarc.{DOMAIN} TXT")
    unseen = walked(lost)[f"_dmarc.{DOMAIN}"]
    assert isinstance(unseen, Unseen)
    assert unseen.trouble is Trouble.SERVFAIL
    assert isinstance(walked(lost)["_dmarc.com"], Absent)


async def test_permissions_are_asked_for_where_reports_leave_the_organization() -> None:
    rua = f"mailto:a@in.{DOMAIN},mailto:b@r.example.net,mailto:c@{DOMAIN}"
    permission = f"{DOMAIN}._report._dmarc.r.example.net"
    records = f'_dmarc.{DOMAIN}. TXT "v=DMARC1; p=none; rua={rua}"\n{permission}. TXT "v=DMARC1"'
    seen = await look_up(REPORTS, records)
    assert list(walked(seen)) == [f"_dmarc.{DOMAIN}", "_dmarc.com", f"_dmarc.in.{DOMAIN}"]
    assert list(permitted(seen)) == [permission]
    assert isinstance(permitted(seen)[permission], Answer)
    assert len(asked(seen)) == len(set(asked(seen))) == 4


async def test_nothing_is_asked_that_no_rule_reads() -> None:
    seen = await look_up(NO_RELAY, f'_dmarc.{DOMAIN}. TXT "v=DMARC1; p=none"')
    assert not asked(seen)
    assert not walked(seen)
    only = await look_up(WALK, f'_dmarc.{DOMAIN}. TXT "v=DMARC1; p=none; rua=mailto:a@b.example"')
    assert not permitted(only)


async def test_configured_selectors_alone_are_asked() -> None:
    seen = await look_up(KEYS, f's1._domainkey.{DOMAIN}. TXT "v=DKIM1; p="')
    (domain,) = seen.evidence.domains
    assert asked(seen) == [f"s1._domainkey.{DOMAIN}", f"s2._domainkey.{DOMAIN}"]
    assert isinstance(domain.dkim_key("s1"), Answer)
    assert isinstance(domain.dkim_key("s2"), Absent)
    assert domain.dkim_key("s3") == NOT_ASKED


def test_what_an_early_end_left_out_was_not_seen() -> None:
    ended = Unseen(trouble=Trouble.DEADLINE, detail="too late")
    target = replace(REPORTS, policy=Policy(dkim_selectors=("s1",)))
    record = Record()
    record.dmarc.walks[target.domain] = [f"_dmarc.{DOMAIN}", "_dmarc.com"]
    record.dkim.selectors = {target.domain: ("s1",)}
    domain = record._domain(DOMAIN, ended)  # noqa: SLF001 - what as_run returns of each domain
    assert [one.lookup for one in domain.dmarc.walk] == [ended, ended]
    assert domain.dkim_key("s1") == ended
