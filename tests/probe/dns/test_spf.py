"""What the probe asks about SPF: each name once a run, bounded, and only what a rule reads."""

from dataclasses import replace

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.evidence.dns import Absent, Answer
from mxcheck.evidence.domain import Run
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.model.targets import Target
from mxcheck.probe.dns.spf import MAX_LOOKUPS
from tests.probe.harness import ADDRESS, DOMAIN, HEALTHY, NO_RELAY, SETTINGS, Seen, mx_zone, probe
from tests.wanting import wanting

SENDER = "192.0.2.7"
TREE = wanting(NO_RELAY, Item.SPF)
SENDERS = replace(
    wanting(NO_RELAY, Item.SPF_OF_SENDERS), policy=replace(NO_RELAY.policy, senders=(SENDER,))
)
HELO = replace(SENDERS, wanted=wanting(NO_RELAY, Item.SPF_OF_HELO).wanted)
ZONE = f"""
{DOMAIN}. TXT "v=spf1 include:v.example.net exists:%{{ir}}.spf.example.net a:host.example.net -all"
v.example.net. TXT "v=spf1 mx include:w.example.net ?all"
v.example.net. MX 10 mail.example.net.
mail.example.net. A 192.0.2.1
w.example.net. TXT "v=spf1 ip4:192.0.2.0/28 -all"
7.2.0.192.spf.example.net. A 127.0.0.2
7.2.0.192.in-addr.arpa. PTR mail.example.org.
mail.example.org. A {SENDER}
mail.example.org. TXT "v=spf1 a:more.example.org -all"
"""


async def look_up(target: Target, records: str = ZONE, *lost: str) -> Seen:
    dns = ScriptedDns(f"{mx_zone(ADDRESS)}{records}\n", faults=dict.fromkeys(lost, Fault.SERVFAIL))
    return await probe({ADDRESS: HEALTHY}, target, dns=dns, settings=replace(SETTINGS, retries=0))


def asked(seen: Seen) -> list[str]:
    return [f"{kind} {name}" for name, kind in seen.world.dns.queries]


def recorded(run: Run) -> list[str]:
    return sorted(f"{one.rdtype} {one.name}" for one in run.spf)


async def test_the_tree_is_followed_and_what_depends_on_the_client_is_not() -> None:
    seen = await look_up(TREE)
    assert recorded(seen.evidence) == [
        *("A host.example.net", "AAAA host.example.net", "MX v.example.net"),
        *(f"TXT {DOMAIN}", "TXT v.example.net", "TXT w.example.net"),
    ]
    assert isinstance(seen.evidence.spf_lookup("w.example.net", "TXT"), Answer)
    assert isinstance(seen.evidence.spf_lookup("host.example.net", "A"), Absent)
    assert seen.evidence.spf_lookup("mail.example.net", "A") == NOT_ASKED
    for one in recorded(seen.evidence):
        assert asked(seen).count(one) == 1


async def test_a_sender_has_its_macros_expanded_and_its_names_looked_up() -> None:
    seen = await look_up(SENDERS)
    assert "A 7.2.0.192.spf.example.net" not in recorded(seen.evidence)  # an include passes first
    assert isinstance(seen.evidence.reverse_of(SENDER).ptr, Answer)
    other = replace(SENDERS, policy=replace(SENDERS.policy, senders=("192.0.2.99",)))
    stopped = await look_up(other)
    assert "A mail.example.net" in recorded(stopped.evidence)
    assert "A 99.2.0.192.spf.example.net" in recorded(stopped.evidence)
    assert len(recorded(stopped.evidence)) == len(set(recorded(stopped.evidence)))


async def test_the_name_in_helo_is_asked_about_for_its_own_rule() -> None:
    seen = await look_up(HELO)
    assert recorded(seen.evidence) == ["A more.example.org", "TXT mail.example.org"]


async def test_nothing_is_asked_that_no_rule_reads() -> None:
    seen = await look_up(NO_RELAY)
    assert seen.evidence.spf == ()
    assert not [one for one in asked(seen) if one.startswith(("TXT", "PTR"))]


async def test_a_failed_lookup_is_on_the_record_and_the_rest_is_followed() -> None:
    seen = await look_up(TREE, ZONE, "w.example.net TXT")
    lost = seen.evidence.spf_lookup("w.example.net", "TXT")
    assert isinstance(lost, Unseen)
    assert lost.trouble is Trouble.SERVFAIL
    assert isinstance(seen.evidence.spf_lookup("host.example.net", "A"), Absent)


async def test_the_number_of_questions_is_bounded() -> None:
    terms = " ".join(f"a:h{number}.example.net" for number in range(MAX_LOOKUPS + 20))
    strings = " ".join(f'"{terms[at : at + 200]}"' for at in range(0, len(terms), 200))
    seen = await look_up(TREE, f'{DOMAIN}. TXT "v=spf1 " {strings}')
    answered = [one for one in seen.evidence.spf if not isinstance(one.lookup, Unseen)]
    assert len(answered) == MAX_LOOKUPS
    left_out = seen.evidence.spf_lookup(f"h{MAX_LOOKUPS + 10}.example.net", "A")
    assert isinstance(left_out, Unseen)
    assert left_out.trouble is Trouble.BUDGET
