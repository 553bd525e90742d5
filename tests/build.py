"""Evidence of a healthy domain; a test changes one thing with `dataclasses.replace`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from mxcheck.demo.certificates import Authority
from mxcheck.evidence.dmarc import Dmarc
from mxcheck.evidence.dns import (
    Absence,
    Absent,
    Answer,
    AskedResolver,
    Lookup,
    TextLookup,
    TlsaLookup,
    TrustedBy,
    Withheld,
)
from mxcheck.evidence.domain import Domain, MxHost, Run
from mxcheck.evidence.mta_sts import MtaSts
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.records import PlainRecord, RecordLookup
from mxcheck.evidence.smtp import (
    CanaryCall,
    Connection,
    Direction,
    Greeting,
    Line,
    RelayAttempt,
    RelayForm,
    Reply,
    Visit,
)
from mxcheck.evidence.tls import TlsSession
from mxcheck.rules.trust import TrustStore
from mxcheck.wire.dmarc.walk import record_name, walk, walk_targets
from tests.hellos import ANSWERED_LARGE, NO_RSA, REFUSED_HELLO

OBSERVED_AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
FINISHED_AT = datetime(2026, 1, 31, 12, 0, 3, tzinfo=UTC)
DOMAIN = "example.com"
HOST = "mx1.example.com"
# Public as far as the registries go: every documentation range counts as reserved.
ADDRESS = "203.0.114.25"
OUTSIDE = "postmaster@iana.org"
OUTSIDE_SENDER = "postmaster@probe.example.net"
EXTENSIONS = ("SIZE 10240000", "PIPELINING", "8BITMIME", "SMTPUTF8")
REFUSED = Reply(code=554, lines=("5.7.1 Relay access denied",))
OK = Reply(code=250, lines=("2.1.0 Ok",))


@cache
def root() -> Authority:
    """The root above every healthy certificate."""
    return Authority.root(OBSERVED_AT)


@cache
def authority() -> Authority:
    """The intermediate that issues every healthy certificate."""
    return root().issue_intermediate()


def trust() -> TrustStore:
    """A store that trusts the root."""
    return TrustStore(added=root().certificate_pem)


@cache
def healthy_chain(host: str = HOST) -> tuple[bytes, ...]:
    """A chain (DER) for a host, valid from 30 days before OBSERVED_AT to 60 days after."""
    return authority().issue(names=(host,)).der_chain


def healthy_tls(host: str = HOST) -> TlsSession:
    """A TLS 1.3 session with a good certificate."""
    return TlsSession(version="TLSv1.3", cipher="TLS_AES_256_GCM_SHA384", chain=healthy_chain(host))


def ehlo_reply(*extensions: str, host: str = HOST) -> Reply:
    """An accepted EHLO that announces these extensions."""
    return Reply(code=250, lines=(host, *extensions))


def relay_attempts(domain: str = DOMAIN) -> tuple[RelayAttempt, ...]:
    """The basic forms, refused as a closed relay refuses them, and the control, accepted."""
    mailbox = f"postmaster@{domain}"
    forms = (
        (RelayForm.OUTSIDE_SENDER, "", OUTSIDE_SENDER, OUTSIDE, REFUSED),
        (RelayForm.CONTROL, domain, OUTSIDE_SENDER, mailbox, OK),
        (RelayForm.NULL_SENDER, "", "", OUTSIDE, REFUSED),
        (RelayForm.DOMAIN_SENDER, domain, mailbox, OUTSIDE, REFUSED),
    )
    return tuple(
        RelayAttempt(form=form, domain=of, sender=sender, recipient=recipient, mail=OK, rcpt=answer)
        for form, of, sender, recipient, answer in forms
    )


def healthy_visit(host: str = HOST, address: str = ADDRESS, domain: str = DOMAIN) -> Visit:
    """A visit on which nothing was amiss."""
    greeting = Reply(code=220, lines=(f"{host} ESMTP Postfix",))
    return Visit(
        host=host,
        address=address,
        port=25,
        tries=1,
        connection=Connection(connect_ms=12.3),
        greeting=Greeting(reply=greeting, greeting_ms=48.0),
        ehlo=ehlo_reply(*EXTENSIONS, "STARTTLS", host=host),
        starttls=Reply(code=220, lines=("2.0.0 Ready to start TLS",)),
        tls=healthy_tls(host),
        ehlo_after_tls=ehlo_reply(*EXTENSIONS, host=host),
        hellos=(REFUSED_HELLO,),
        chain_hellos=(NO_RSA,),
        large_hellos=(ANSWERED_LARGE,),
        relay=relay_attempts(domain),
        transcript=(
            Line(at_ms=60.3, direction=Direction.SERVER, text=str(greeting)),
            Line(at_ms=61.0, direction=Direction.CLIENT, text="EHLO probe.example.net"),
        ),
    )


def healthy_host(name: str = HOST, address: str = ADDRESS, preference: int = 10) -> MxHost:
    """An MX host with one IPv4 address."""
    return MxHost(
        name=name,
        preference=preference,
        ipv4=Answer(owner=name, records=(address,), ttl=300),
        ipv6=Absent(absence=Absence.NODATA),
        tlsa=(tlsa_lookup(Absent(absence=Absence.NXDOMAIN), name),),
        addresses=(address,),
    )


def tlsa_lookup(lookup: Lookup, base: str = HOST) -> TlsaLookup:
    """What the TLSA lookup below a base domain showed."""
    return TlsaLookup(base=base, name=f"_25._tcp.{base}", lookup=lookup)


def withheld(unchecked: Answer | Absent, asked: str, *extended_errors: int) -> Withheld:
    """An answer that fails validation."""
    shown = ", ".join(unchecked.records) if isinstance(unchecked, Answer) else "no such record"
    return Withheld(
        trouble=Trouble.BOGUS,
        detail=f"the resolver 127.0.0.1 answers SERVFAIL to {asked}, with checking disabled it"
        f" shows {shown}, and asked again it answers SERVFAIL",
        unchecked=unchecked,
        extended_errors=extended_errors,
    )


def domain_of(*hosts: MxHost, name: str = DOMAIN) -> Domain:
    """A domain whose MX answer names these hosts, without MTA-STS and TLS-RPT."""
    records = tuple(f"{host.preference} {host.name}" for host in hosts)
    none = Absent(absence=Absence.NXDOMAIN)
    return Domain(
        name=name,
        mx=Answer(owner=name, records=records, ttl=300),
        hosts=hosts,
        mta_sts=MtaSts(record=none),
        records=tls_rpt(none),
        dmarc=walked({f"_dmarc.{name}": good_dmarc(name)}, name),
    )


def good_dmarc(name: str = DOMAIN) -> Answer:
    """A DMARC record that is enforced."""
    text = f"v=DMARC1; p=reject; rua=mailto:dmarc@{name}"
    return txt(text, owner=f"_dmarc.{name}")


def walked(lookups: Mapping[str, Lookup], domain: str = DOMAIN) -> Dmarc:
    """What a tree walk saw, of a domain and of the names given; no other name has a record."""
    starts = [domain, *(name.removeprefix("_dmarc.") for name in lookups)]
    seen: dict[str, Lookup] = {
        record_name(one): Absent(absence=Absence.NXDOMAIN)
        for start in starts
        for one in walk_targets(start)
    }
    seen |= lookups
    walks = (walk(start, seen.__getitem__) for start in starts)
    asked = dict.fromkeys(record_name(step.domain) for steps in walks for step in steps)
    return Dmarc(walk=tuple(TextLookup(name=name, lookup=seen[name]) for name in asked))


def healthy_domain(name: str = DOMAIN) -> Domain:
    """A domain with one MX host, which has one address."""
    return domain_of(healthy_host(), name=name)


def validating_resolver() -> AskedResolver:
    """A resolver that is trusted, and shows that it validates."""
    soa = "a.root-servers.net. nstld.verisign-grs.com. 2026013100 1800 900 604800 86400"
    return AskedResolver(
        name="127.0.0.1",
        trusted_by=TrustedBy.RESOLV_CONF,
        root_soa=Answer(owner=".", records=(soa,), ttl=86400, authenticated_data=True),
    )


def evidence_of(
    *visits: Visit,
    domain: Domain | None = None,
    canaries: tuple[CanaryCall, ...] = (),
    resolvers: tuple[AskedResolver, ...] | None = None,
) -> Run:
    """The evidence of a run: these visits, or one healthy visit where none is given."""
    return Run(
        observed_at=OBSERVED_AT,
        finished_at=FINISHED_AT,
        port=25,
        domains=(domain or healthy_domain(),),
        visits=visits or (healthy_visit(),),
        canaries=canaries,
        resolvers=(validating_resolver(),) if resolvers is None else resolvers,
    )


def expired_visit(host: str = HOST, address: str = ADDRESS) -> Visit:
    """A visit to a server whose certificate expired three days ago and names another host."""
    issued = authority().issue(names=("mail.example.com",), not_after=timedelta(days=-3))
    return replace(
        healthy_visit(host, address), tls=replace(healthy_tls(host), chain=issued.der_chain)
    )


STAGES = ("connection", "greeting", "ehlo", "starttls", "tls")


def visit_until(stage: str, seen: Any, **more: Any) -> Visit:  # noqa: ANN401 - fields of Visit
    """A visit that went well up to a stage, which showed `seen`; later stages were not asked."""
    later = STAGES[STAGES.index(stage) + 1 :]
    unasked: dict[str, Any] = dict.fromkeys((*later, "ehlo_after_tls"), NOT_ASKED)
    unasked |= {"chain_hellos": (), "large_hellos": ()}
    return replace(healthy_visit(), **(unasked | {"relay": (), stage: seen} | more))


def unseen(trouble: Trouble, detail: str = "as the probe said it") -> Unseen:
    """An attempt that showed nothing."""
    return Unseen(trouble=trouble, detail=detail)


def reply(code: int, *lines: str) -> Reply:
    """A reply."""
    return Reply(code=code, lines=lines)


def chain_visit(chain: tuple[bytes, ...]) -> Visit:
    """A healthy visit, but for the chain (DER, leaf first) that the server sent."""
    return replace(healthy_visit(), tls=replace(healthy_tls(), chain=chain))


def relay_visit(*attempts: RelayAttempt) -> Visit:
    """A healthy visit, but for the relay attempts."""
    return replace(healthy_visit(), relay=attempts)


def canary(greeting: Reply | Unseen, family: int = 4) -> CanaryCall:
    """A control host that gave this greeting."""
    address = "198.41.0.4" if family == 4 else "2a00:1450::26"
    return CanaryCall(host="canary.example.net", family=family, address=address, greeting=greeting)


def txt(*texts: str, owner: str = f"_mta-sts.{DOMAIN}") -> Answer:
    """TXT records that hold these texts."""
    return Answer(owner=owner, records=tuple(map(_in_strings, texts)), ttl=300)


def _in_strings(text: str) -> str:
    """The text in strings of at most 255 characters (RFC 1035 3.3)."""
    parts = [text[at : at + 255] for at in range(0, len(text), 255)] or [""]
    return " ".join(f'"{part}"' for part in parts)


def tls_rpt(lookup: Lookup) -> tuple[RecordLookup, ...]:
    """Return every plain record of a domain: TLS-RPT as given, and the others absent."""
    seen, none = {PlainRecord.TLS_RPT: lookup}, Absent(absence=Absence.NODATA)
    return tuple(RecordLookup(record=one, lookup=seen.get(one, none)) for one in PlainRecord)
