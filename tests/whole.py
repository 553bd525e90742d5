"""Evidence of one run in which everything happens that evidence can tell of, a domain a state."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import count
from typing import Unpack

from mxcheck.demo.certificates import Issued, Leaf, rsa_key, self_signed
from mxcheck.evidence.dns import (
    Absence,
    Absent,
    Answer,
    Lookup,
    TlsaLookup,
)
from mxcheck.evidence.domain import Domain, MxHost, Run
from mxcheck.evidence.mta_sts import MtaSts
from mxcheck.evidence.outcome import NOT_ASKED, Trouble
from mxcheck.evidence.overrides import OverrideChain
from mxcheck.evidence.smtp import Greeting, Injection, RelayAttempt, RelayForm, Reply, Visit
from mxcheck.evidence.tls import OwnHello, ServerHello, TlsSession
from mxcheck.wire.tlsa import recommended_record
from tests.build import (
    OBSERVED_AT,
    OUTSIDE,
    authority,
    canary,
    evidence_of,
    expired_visit,
    good_dmarc,
    healthy_chain,
    healthy_host,
    healthy_visit,
    reply,
    tls_rpt,
    tlsa_lookup,
    txt,
    unseen,
    visit_until,
    walked,
    withheld,
)
from tests.hellos import base_hellos, shown_for
from tests.whole_caa import limited
from tests.whole_name_servers import name_server_states, reverse_of
from tests.whole_policies import FLAG, policy_states
from tests.whole_posture import dkim_states, dmarc_states

_NAMES = ("mx1.example.com",)
_NONE = Absent(absence=Absence.NXDOMAIN)


def _domain(name: str, *hosts: MxHost, **more: object) -> Domain:
    records = tuple(f"{host.preference} {host.name}" for host in hosts)
    domain = Domain(
        name=name,
        mx=Answer(owner=name, records=records, ttl=300),
        hosts=hosts,
        mta_sts=MtaSts(record=_NONE),
        records=tls_rpt(txt(f"v=TLSRPTv1; rua=mailto:tls@{name}", owner=f"_smtp._tls.{name}")),
        dmarc=walked({f"_dmarc.{name}": good_dmarc(name)}, name),
    )
    return replace(domain, **more)  # type: ignore[arg-type]


def _at(visit: Visit, host: MxHost, domain: str) -> Visit:
    relay = tuple(replace(attempt, domain=attempt.domain and domain) for attempt in visit.relay)
    bases = [one.base for one in host.tlsa if one.base != host.name]
    return replace(
        visit,
        host=host.name,
        address=host.addresses[0],
        relay=relay,
        base_hellos=tuple(hello for base in bases for hello in base_hellos(base)),
        shown=tuple(shown_for(base, healthy_chain(base)) for base in bases),
    )


@cache
def whole_evidence() -> Run:
    """Deterministic but for the keys of the certificates."""
    numbers = count(1)

    def host_of(domain: str) -> MxHost:
        return healthy_host(f"mx.{domain}", f"203.0.114.{next(numbers)}")

    domains: list[Domain] = []
    visits: list[Visit] = []
    for name, visit in _visits():
        host = host_of(name)
        domains.append(_domain(name, host))
        visits.append(_at(visit, host, name))
    for domain in _domains(host_of):
        domains.append(domain)
        visits += [
            _at(healthy_visit(host.name), host, domain.name)
            for host in domain.hosts
            if host.addresses
        ]
    evidence = evidence_of(
        *visits,
        canaries=(canary(reply(220, "canary ESMTP")), canary(unseen(Trouble.TIMEOUT), 6)),
    )
    return replace(
        evidence,
        domains=tuple(domains),
        overrides=(FLAG,),
        reverse=tuple(reverse_of(visits[:3])),
        interrupted=True,
        deadline_passed=True,
    )


def _visits() -> Iterator[tuple[str, Visit]]:
    yield "healthy.example", healthy_visit("mx.healthy.example")
    yield "expired.example", expired_visit("mx.expired.example")
    odd = self_signed(OBSERVED_AT, names=("other.example",))
    tls = replace(_session(), chain=odd.der_chain, version="TLSv1", cipher="RC4-SHA", unread=b"x\n")
    yield "untrusted.example", replace(healthy_visit(), tls=tls)
    for stage in ("connection", "greeting", "ehlo", "starttls", "tls"):
        yield f"{stage}.example", visit_until(stage, unseen(Trouble.MALFORMED))
    yield "refusing.example", visit_until("greeting", _greeting(reply(554, "go", "away")))
    yield "relaying.example", replace(healthy_visit(), relay=tuple(_relay("relaying.example")))
    hellos = (
        OwnHello(offered="TLSv1.1", sent=True, answer=ServerHello(version="TLSv1", cipher="RC4")),
        OwnHello(offered="TLSv1.3", sent=False, answer=unseen(Trouble.CLOSED)),
    )
    injection = Injection(
        starttls=reply(220, "go"), tls=_session(), replies=(reply(250, "done"), reply(221))
    )
    yield "injected.example", replace(healthy_visit(), hellos=hellos, injection=injection)

    yield from _poor_servers()


def _poor_servers() -> Iterator[tuple[str, Visit]]:
    boast = replace(_greeting(reply(220, "localhost ESMTP Exim 4.96")), greeting_ms=15_000.0)
    yield (
        "careless.example",
        visit_until(
            "starttls",
            NOT_ASKED,
            greeting=boast,
            ehlo=reply(250, "localhost", "AUTH PLAIN"),
            tls=NOT_ASKED,
        ),
    )
    refused = tuple(
        replace(attempt, rcpt=reply(554, "5.7.1 Relay access denied")) for attempt in _relay("x")
    )
    bare = reply(250, "mx1.example.com")
    yield "rejecting.example", replace(healthy_visit(), relay=refused, ehlo_after_tls=bare)
    for name, issued in {
        "expiring.example": _issued(names=_NAMES, not_after=timedelta(days=5)),
        "future.example": _issued(
            names=_NAMES, not_before=timedelta(days=3), not_after=timedelta(days=30)
        ),
        "incomplete.example": _issued(names=_NAMES).without_intermediates(),
        "weak.example": _issued(names=_NAMES, key=rsa_key(1024)),
    }.items():
        tls = replace(_session(), chain=issued.der_chain, version="TLSv1.2", cipher="AES128-SHA")
        yield name, replace(healthy_visit(), tls=tls)


def _issued(**leaf: Unpack[Leaf]) -> Issued:
    return authority().issue(**leaf)


def _session() -> TlsSession:
    tls = healthy_visit().tls
    assert isinstance(tls, TlsSession)
    return tls


def _greeting(said: Reply) -> Greeting:
    greeting = healthy_visit().greeting
    assert isinstance(greeting, Greeting)
    return replace(greeting, reply=said)


def _relay(domain: str) -> Iterator[RelayAttempt]:
    for form in RelayForm:
        yield RelayAttempt(
            domain=domain,
            form=form,
            sender=f"postmaster@{domain}",
            recipient=OUTSIDE,
            mail=reply(250, "2.1.0 Ok"),
            rcpt=reply(250, "2.1.5 Ok"),
        )


def _domains(host_of: Callable[[str], MxHost]) -> Iterator[Domain]:
    def hosted(name: str, **more: object) -> Domain:
        return _domain(name, host_of(name), **more)

    yield from _without_hosts()
    yield from _with_tlsa(host_of)
    for name, seen in policy_states():
        yield hosted(name, mta_sts=seen)
    record = txt("v=STSv1; id=20260131120000Z;")
    yield hosted("tls-rpt.example", mta_sts=MtaSts(record=record), records=tls_rpt(_NONE))
    yield from _under_overrides(hosted, record)
    host, lookups = limited(host_of("caa.example"))
    yield _domain("caa.example", host, caa=lookups)
    yield from (hosted(name, name_servers=seen) for name, seen in name_server_states())
    yield from (hosted(name, dmarc=seen) for name, seen in dmarc_states())
    yield from (hosted(name, dkim=seen) for name, seen in dkim_states())
    yield hosted(
        "unread.example",
        mta_sts=MtaSts(record=txt("v=STSv1; id=")),
        records=tls_rpt(txt("v=TLSRPTv1;")),
    )
    given = replace(
        host_of("given.example"),
        chain=OverrideChain(chain=healthy_chain("new.given.example"), overrides=(FLAG.name,)),
    )
    yield _domain("given.example", given)
    host = host_of("alias.example")
    alias = Answer(owner="else.example", records=("else.example",), aliases=(host.name,))
    ipv6 = unseen(Trouble.TIMEOUT)
    more = "203.0.114.250"
    ipv4 = Answer(owner=alias.owner, records=(*host.addresses, more), aliases=alias.records)
    yield _domain(
        "alias.example", replace(host, alias=alias, ipv4=ipv4, ipv6=ipv6, left_out=(more,))
    )


def _under_overrides(hosted: Callable[..., Domain], record: Answer) -> Iterator[Domain]:
    """What a change takes away, and what could not be seen of the zone that it comes into."""
    lost = MtaSts(record=record, remembered=unseen(Trouble.REFUSED, "nobody listens"))
    yield hosted("forgotten.example", mta_sts=lost)
    domain = hosted("blind.example")
    [host] = domain.hosts
    seen = Answer(owner="t", records=("3 1 1 " + "ab" * 32,), zone_unseen="it was lost")
    given = replace(seen, wildcard="*.blind.example", overrides=(FLAG.name,))
    tlsa = replace(tlsa_lookup(given, host.name), live=replace(given, overrides=()))
    yield replace(domain, hosts=(replace(host, tlsa=(tlsa,)),))


def _without_hosts() -> Iterator[Domain]:
    null = Answer(owner="null.example", records=("0 .",))
    for name, lookup in {
        "missing.example": _NONE,
        "absent.example": Absent(absence=Absence.NXDOMAIN, aliases=("else.example",)),
        "null.example": null,
        "lost.example": unseen(Trouble.TIMEOUT),
    }.items():
        yield _domain(name, mx=lookup)
    yield _domain("bogus.example", mx=withheld(null, "MX bogus.example", 7))
    itself = replace(healthy_host("implicit.example"), preference=0)
    yield _domain("implicit.example", itself, mx=Absent(absence=Absence.NODATA))
    number = replace(healthy_host("192.0.2.1"), ipv4=_NONE, addresses=())
    yield _domain("number.example", number)
    nameless = replace(number, name="mx\\032.nameless.example", ipv4=NOT_ASKED, ipv6=NOT_ASKED)
    yield _domain("nameless.example", nameless)
    nowhere = replace(
        healthy_host("mx.nowhere.example"), ipv4=Absent(absence=Absence.NODATA), addresses=()
    )
    yield _domain("nowhere.example", nowhere)


def _with_tlsa(host_of: Callable[[str], MxHost]) -> Iterator[Domain]:
    good = str(recommended_record(healthy_chain("mx.dane.example")[0]))
    lookups: dict[str, Lookup] = {
        "dane.example": Answer(owner="t", records=(good,), authenticated_data=True, signed=True),
        "mismatch.example": Answer(
            owner="t", records=(f"3 1 1 {'ab' * 32}", "3 9 1 ab"), authenticated_data=True
        ),
        "unusable.example": Answer(owner="t", records=("3 1 1 zz",), authenticated_data=True),
        "no-tlsa.example": unseen(Trouble.SERVFAIL),
    }
    aliased = "dane-alias.example"
    record = str(recommended_record(healthy_chain(f"target.{aliased}")[0]))
    lookups[aliased] = Answer(owner="t", records=(record,), authenticated_data=True)
    for name, lookup in lookups.items():
        host = host_of(name)
        assert isinstance(host.ipv4, Answer)
        base = f"target.{name}" if name == aliased else host.name
        tlsa = TlsaLookup(base=base, name=f"_25._tcp.{base}", lookup=lookup)
        aliases = (base,) if base != host.name else ()
        ipv4 = replace(host.ipv4, owner=base, aliases=aliases, authenticated_data=True)
        secure = replace(host, tlsa=(tlsa,), ipv4=ipv4)
        domain = _domain(name, secure)
        assert isinstance(domain.mx, Answer)
        yield replace(domain, mx=replace(domain.mx, authenticated_data=True))
