from collections.abc import Sequence
from dataclasses import replace

import pytest

from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.name_servers import NameServerAnswer, NameServers
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.rules.dns.mx_nameservers_disagree import RULE
from tests.build import DOMAIN, healthy_domain, unseen
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes, unknown

OLD = Answer(owner=DOMAIN, records=("10 old.example.com",))
NEW = Answer(owner=DOMAIN, records=("10 new.example.com", "20 old.example.com"))
SHUFFLED = Answer(owner=DOMAIN, records=NEW.records[::-1], ttl=7)
ABSENT = Absent(absence=Absence.NODATA)
GONE = Absent(absence=Absence.NXDOMAIN)
ALIAS = Answer(owner="x.example", records=("10 new.example.com",), aliases=("x.example",))
ALIAS_ALONE = Absent(absence=Absence.NODATA, aliases=("x.example",))
REFUSED = unseen(Trouble.DNS_REFUSED, "it answers REFUSED")
LAME = unseen(Trouble.NOT_AUTHORITATIVE, "it is not authoritative")
SILENT = unseen(Trouble.TIMEOUT, "it does not answer")
NO_ROUTE = unseen(Trouble.NO_ROUTE, "no route")
Answers = tuple[NameServerAnswer, ...]


def told(*lookups: Lookup, name: str = DOMAIN, rdtype: str = "MX") -> Answers:
    """Answers of ns1, ns2 and so on."""
    return tuple(
        NameServerAnswer(
            server=f"ns{n}.example",
            address=f"203.0.114.{n}",
            name=name,
            rdtype=rdtype,
            lookup=lookup,
        )
        for n, lookup in enumerate(lookups, 1)
    )


def sts(*lookups: Lookup) -> Answers:
    return told(*lookups, name=f"_mta-sts.{DOMAIN}", rdtype="TXT")


def seen(first: Answers, again: Answers = (), left_out: Sequence[str] = ()) -> NameServers:
    return NameServers(zone=DOMAIN, first=first, again=again, left_out=tuple(left_out))


def twice(*answers: NameServerAnswer) -> NameServers:
    return seen(answers, answers)


V6 = replace(told(NO_ROUTE)[0], address="2001:db8::1")
TXT1, TXT2 = (Answer(owner="t", records=(f'"v=STSv1; id={n}"',)) for n in (1, 2))


@pytest.mark.parametrize(
    ("answers", "want"),
    [
        (seen(told(NEW, SHUFFLED)), passes("ns1.example, ns2.example")),
        (seen(told(NEW)), passes("ns1.example")),
        (seen(told(ABSENT, GONE)), passes()),
        (seen(told(ALIAS, ALIAS_ALONE)), passes()),
        (seen((*told(NEW, NEW), V6)), passes()),
        (seen((*told(NEW, NEW), *sts(LAME, TXT1))), passes()),
        (seen(told(OLD, NEW), told(NEW, NEW)), passes()),
        (seen(told(REFUSED, NEW), told(NEW, NEW)), passes()),
        (
            twice(*told(OLD, NEW)),
            fails(
                f"MX {DOMAIN} is 10 new.example.com, 20 old.example.com at ns2.example"
                " [203.0.114.2] but 10 old.example.com at ns1.example [203.0.114.1]",
                remedy=("SOA",),
            ),
        ),
        (twice(*told(NEW, ABSENT)), fails("absent at ns2.example")),
        (twice(*told(NEW, NEW), *sts(TXT1, TXT2)), fails(f"TXT _mta-sts.{DOMAIN}")),
        (twice(*told(NEW, REFUSED)), fails("ns2.example [203.0.114.2] does not answer for the")),
        (twice(*told(NEW, LAME)), fails("not authoritative")),
        (twice(*told(NEW, OLD, SILENT)), fails("disagree")),
        (twice(*told(NEW, SILENT)), unknown("ns2.example [203.0.114.2]: it does not answer")),
        (twice(*told(NEW, NEW), *sts(TXT1, SILENT)), unknown("it does not answer")),
        (twice(*told(SILENT, SILENT)), unknown("port 53", remedy=("port 53",))),
        (twice(*told(LAME, REFUSED)), unknown("port 53", "rewritten")),
        (seen(told(OLD, NEW)), unknown("only once")),
        (seen(told(NEW, SILENT), told(NEW, OLD)), unknown("only once")),
        (seen(told(NEW, NEW), left_out=("ns17.example",)), unknown("ns17.example")),
        (seen(()), unknown("none was asked")),
        (NameServers(zone=""), not_applicable("no zone")),
        (unseen(Trouble.SERVFAIL, "SERVFAIL to NS"), unknown("SERVFAIL to NS")),
        (NOT_ASKED, unknown()),
    ],
)
def test_the_name_servers_agree(answers: NameServers | Unseen, want: Want) -> None:
    want(ask_domain(RULE, replace(healthy_domain(), name_servers=answers)))
