"""What `mxcheck doctor` says of each kind of surroundings, and what it tells people to do."""

from dataclasses import replace

import pytest

from mxcheck.evidence.dns import (
    Absence,
    Absent,
    Answer,
    AskedResolver,
    ForwardLookup,
    ReverseDns,
    TrustedBy,
)
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.surroundings import EhloName, OpenedWay, Route, Surroundings
from mxcheck.judge.doctor import diagnose, exit_code_of
from mxcheck.judge.doctor.finding import Finding, Weight
from mxcheck.report.doctor import render_doctor
from tests.build import canary, reply, unseen

ROOT = Answer(owner=".", records=("a. b. 1 2 3 4 5",), authenticated_data=True)
TRUSTED = AskedResolver(name="192.0.2.53", trusted_by=TrustedBy.RESOLV_CONF, root_soa=ROOT)
GREETED = replace(canary(reply(220, "mx ESMTP")), address="203.0.114.200")
TIMED_OUT = unseen(Trouble.TIMEOUT, "no answer within 7 s")
DROPPED = replace(canary(TIMED_OUT), address="203.0.114.200")
LACKING = unseen(Trouble.NO_ROUTE, "this machine has no route to IPv6")
MAIL = "mail.example.net"
NAMED = EhloName(
    name=MAIL,
    host_name=MAIL,
    ipv4=Answer(owner=MAIL, records=("203.0.114.9",)),
    ipv6=Absent(absence=Absence.NODATA),
    reverse=(
        ReverseDns(
            address="203.0.114.9",
            ptr=Answer(owner="9", records=(MAIL,)),
            forward=(ForwardLookup(name=MAIL, addresses=NOT_ASKED),),
        ),
    ),
)
NAMELESS = EhloName(name="", host_name="vm", ipv4=NOT_ASKED, ipv6=NOT_ASKED)
GOOD = Surroundings(
    python="3.11.7",
    openssl="OpenSSL 3.0.22",
    port=25,
    resolvers=(TRUSTED,),
    routes=(
        Route(family=4, local_address="203.0.114.9"),
        Route(family=6, local_address="2a00:1450::9"),
    ),
    way=None,
    canaries=(GREETED, replace(GREETED, family=6)),
    ehlo=NAMED,
)


def resolver(
    trusted_by: TrustedBy, root_soa: object = ROOT, name: str = "127.0.0.1"
) -> tuple[AskedResolver, ...]:
    assert isinstance(root_soa, Answer | Absent | Unseen)
    return (AskedResolver(name=name, trusted_by=trusted_by, root_soa=root_soa),)


def about(seen: Surroundings, what: str) -> Finding:
    (found,) = (one for one in diagnose(seen) if one.about == what)
    return found


def test_where_all_is_well_nothing_is_to_be_done() -> None:
    found = diagnose(GOOD)
    assert {one.weight for one in found} == {Weight.GOOD}
    assert not any(one.remedy for one in found)
    assert [one.about for one in found] == [
        *("Python", "resolver", "DNSSEC", "IPv4", "IPv6"),
        *("port 25, IPv4", "port 25, IPv6", "EHLO name", "reverse name"),
    ]
    assert exit_code_of(found) == 0


WRONG: list[tuple[Surroundings, str, Weight, str, str]] = [
    (
        replace(GOOD, resolvers=unseen(Trouble.RESOLVER, "resolv.conf names none")),
        *("resolver", Weight.OBSTACLE, "resolv.conf names none", "--resolver"),
    ),
    (
        replace(GOOD, resolvers=resolver(TrustedBy.FLAG, unseen(Trouble.TIMEOUT, "silence"))),
        *("resolver", Weight.OBSTACLE, "127.0.0.1 does not answer for the root: silence", "https"),
    ),
    (
        replace(GOOD, resolvers=resolver(TrustedBy.FLAG, Absent(absence=Absence.NXDOMAIN))),
        *("resolver", Weight.OBSTACLE, "127.0.0.1 says that the root of DNS does not", "https"),
    ),
    (
        replace(GOOD, resolvers=resolver(TrustedBy.LOOPBACK)),
        *("DNSSEC", Weight.LIMIT, "may be a forwarder", "`options trust-ad` in /etc/resolv.conf"),
    ),
    (
        replace(GOOD, resolvers=resolver(TrustedBy.LOOPBACK, name="127.0.0.11")),
        *("DNSSEC", Weight.LIMIT, "127.0.0.11, Docker's forwarder", "--trust-ad"),
    ),
    (
        replace(GOOD, resolvers=resolver(TrustedBy.NOTHING, name="192.0.2.53")),
        *("DNSSEC", Weight.LIMIT, "is not trusted with DNSSEC", "--trust-ad"),
    ),
    (
        replace(GOOD, resolvers=resolver(TrustedBy.FLAG, replace(ROOT, authenticated_data=False))),
        *("DNSSEC", Weight.LIMIT, "without the AD bit", "--resolver https://"),
    ),
    (
        replace(GOOD, routes=(GOOD.routes[0], Route(family=6, local_address=LACKING))),
        *("IPv6", Weight.LIMIT, "no route to IPv6", "a machine with IPv6"),
    ),
    (
        replace(GOOD, routes=(Route(family=4, local_address=LACKING),)),
        *("IPv4", Weight.OBSTACLE, "no route", "a machine with IPv4"),
    ),
    (
        replace(GOOD, canaries=(DROPPED,)),
        *("port 25, IPv4", Weight.OBSTACLE, "it looks closed", "docs/ci.md#port-25"),
    ),
    (
        replace(GOOD, canaries=(DROPPED,), way=OpenedWay(name="ssh://gate")),
        *("port 25, IPv4", Weight.OBSTACLE, "it looks closed", "The machine of --via does not"),
    ),
    (
        replace(GOOD, canaries=(replace(GREETED, family=6), DROPPED)),
        *("port 25, IPv4", Weight.OBSTACLE, "no answer within 7 s", "--no-smtp"),
    ),
    (
        replace(GOOD, canaries=(replace(DROPPED, greeting=unseen(Trouble.DEADLINE, "late")),)),
        *("port 25, IPv4", Weight.OBSTACLE, "it is not known whether it is open (", "again"),
    ),
    (
        replace(GOOD, canaries=(replace(DROPPED, address=""),)),
        *("port 25, IPv4", Weight.OBSTACLE, "could be looked up", "by its address"),
    ),
    (
        replace(GOOD, canaries=()),
        *("port 25", Weight.LIMIT, "no control host is named", "--canary"),
    ),
    (
        replace(GOOD, way=OpenedWay(name="ssh://gate", trouble=unseen(Trouble.WAY_OUT, "no key"))),
        *("--via", Weight.OBSTACLE, "ssh://gate cannot be opened: no key", "Repair"),
    ),
    (
        replace(GOOD, ehlo=NAMELESS),
        *("EHLO name", Weight.LIMIT, "none: vm is not a full domain name", "--ehlo-name"),
    ),
    (
        replace(GOOD, ehlo=replace(NAMELESS, host_name="vm.example.net")),
        *("EHLO name", Weight.LIMIT, "none: vm.example.net is not in DNS", "--ehlo-name"),
    ),
    (
        replace(GOOD, ehlo=replace(NAMED, ipv4=Absent(absence=Absence.NXDOMAIN))),
        *("EHLO name", Weight.LIMIT, f"{MAIL} has no address in DNS", "address records"),
    ),
    (
        replace(
            GOOD,
            ehlo=replace(
                NAMED,
                reverse=(ReverseDns(address="203.0.114.9", ptr=Absent(absence=Absence.NXDOMAIN)),),
            ),
        ),
        *(
            "reverse name",
            Weight.LIMIT,
            f"203.0.114.9 has none, not {MAIL}",
            f"PTR record to {MAIL}",
        ),
    ),
    (
        replace(
            GOOD,
            ehlo=replace(
                NAMED,
                reverse=(
                    ReverseDns(
                        address="203.0.114.9", ptr=Answer(owner="9", records=("host9.isp.example",))
                    ),
                ),
            ),
        ),
        *("reverse name", Weight.LIMIT, f"is host9.isp.example, not {MAIL}", "PTR record"),
    ),
]


@pytest.mark.parametrize(("seen", "what", "weight", "says", "remedy"), WRONG)
def test_what_is_wrong_is_said_with_what_to_do(
    seen: Surroundings, what: str, weight: Weight, says: str, remedy: str
) -> None:
    found = about(seen, what)
    assert found.weight is weight
    assert says in found.seen
    assert remedy in found.remedy
    assert exit_code_of(diagnose(seen)) == (3 if weight is Weight.OBSTACLE else 0)


def test_a_second_resolver_that_is_dead_is_no_obstacle() -> None:
    dead = AskedResolver(name="192.0.2.54", trusted_by=TrustedBy.FLAG, root_soa=TIMED_OUT)
    seen = replace(GOOD, resolvers=(TRUSTED, dead))
    weights = [one.weight for one in diagnose(seen) if one.about == "resolver"]
    assert weights == [Weight.GOOD, Weight.LIMIT]
    assert about(seen, "DNSSEC").weight is Weight.GOOD
    assert exit_code_of(diagnose(seen)) == 0


def test_through_another_machine_the_routes_of_this_one_do_not_matter() -> None:
    way = OpenedWay(name="ssh://gate")
    seen = replace(GOOD, way=way, routes=(Route(family=4, local_address=LACKING),))
    assert about(seen, "IPv4").weight is Weight.GOOD
    assert about(seen, "--via").weight is Weight.GOOD


def test_what_is_to_be_done_is_printed_once_and_within_80_columns() -> None:
    both = replace(GOOD, canaries=(DROPPED, replace(DROPPED, family=6)))
    found = diagnose(both)
    lines = list(render_doctor(found, exit_code_of(found)))
    text = "\n".join(lines)
    assert text.count("self-hosted") == 1
    assert all(len(line) <= 80 for line in lines[:-1])
    assert lines[-1].endswith("unknown: port 25, IPv4; port 25, IPv6")


def test_the_last_line_says_whether_something_is_limited() -> None:
    assert list(render_doctor(diagnose(GOOD), 0))[-1].endswith("can be checked from here")
    limited = diagnose(replace(GOOD, ehlo=NAMELESS))
    assert list(render_doctor(limited, 0))[-1].endswith("but for the limits above")


def test_words_from_elsewhere_are_inert() -> None:
    hostile = Answer(owner="9", records=("\x1b[31mred\u202e.example",))
    ehlo = replace(NAMED, reverse=(ReverseDns(address="203.0.114.9", ptr=hostile),))
    text = "\n".join(render_doctor(diagnose(replace(GOOD, ehlo=ehlo)), 0))
    assert "\x1b" not in text
    assert "\u202e" not in text
