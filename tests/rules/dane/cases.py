"""MX hosts in every state of DANE, and rules asked about them."""

from collections.abc import Sequence
from dataclasses import replace

from mxcheck.evidence.dns import Absence, Absent, Answer, AskedResolver, Lookup
from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Visit
from mxcheck.judge.causes import answer
from mxcheck.rules.base import AnyRule, EndpointCase, MxCase
from mxcheck.wire.certificate_fields import subject_public_key_info
from mxcheck.wire.tlsa import CERT, FULL, SHA256, TlsaRecord, digest_of
from tests.build import (
    ADDRESS,
    HOST,
    evidence_of,
    healthy_chain,
    healthy_host,
    healthy_visit,
    tlsa_lookup,
    trust,
    unseen,
    validating_resolver,
    withheld,
)
from tests.rules.ask import MAIL, Answered
from tests.rules.dns import states

TARGET = "mail.example.net"
NAME = f"_25._tcp.{HOST}"
SERVFAIL = unseen(Trouble.SERVFAIL, f"the resolver 127.0.0.1 answers SERVFAIL to TLSA {NAME}")
TIMEOUT = unseen(Trouble.TIMEOUT, f"the resolver 127.0.0.1 did not answered TLSA {NAME} in time")
NONE = Absent(absence=Absence.NXDOMAIN)

SECURE_DOMAIN = states.SECURE
INSECURE_DOMAIN = states.INSECURE


def record(
    usage: int = 3, selector: int = 1, matching: int = SHA256, *, of: bytes = b""
) -> TlsaRecord:
    """A record about a certificate (DER): that of a healthy server unless told."""
    certificate = of or healthy_chain(HOST)[0]
    selected = certificate if selector == CERT else subject_public_key_info(certificate)
    data = selected if matching == FULL else digest_of(matching, selected)
    return TlsaRecord(usage=usage, selector=selector, matching_type=matching, data=data)


def text_of(one: TlsaRecord) -> str:
    """The record in presentation format, whole."""
    return f"{one.parameters} {one.data.hex()}"


GOOD = text_of(record())
STALE = f"3 1 1 {'00' * 32}"


def tlsa(*records: str, base: str = HOST, secure: bool = True, owner: str = "") -> Answer:
    """An answered with TLSA records."""
    return Answer(
        owner=owner or f"_25._tcp.{base}",
        records=records or (GOOD,),
        ttl=1800,
        authenticated_data=secure,
        signed=secure,
    )


def host_with(lookup: Lookup, *, secure: bool = True, name: str = HOST) -> MxHost:
    """An MX host, its addresses secure or not, and what its TLSA lookup showed."""
    address = Answer(
        owner=name, records=(ADDRESS,), ttl=300, authenticated_data=secure, signed=secure
    )
    return replace(healthy_host(name), ipv4=address, tlsa=(tlsa_lookup(lookup, name),))


def alias_with(
    at_target: Lookup, at_alias: Lookup, *, target: bool = True, alias: Lookup | None = None
) -> MxHost:
    """An MX host that is an alias of TARGET, whose addresses are secure or not."""
    address = Answer(owner=TARGET, records=(ADDRESS,), aliases=(TARGET,), authenticated_data=target)
    cname = Answer(owner=HOST, records=(TARGET,), authenticated_data=True)
    return replace(
        healthy_host(),
        ipv4=address,
        alias=alias or cname,
        tlsa=(tlsa_lookup(at_target, TARGET), tlsa_lookup(at_alias)),
    )


SECURE = host_with(tlsa())
MISMATCHED = host_with(tlsa(STALE))
UNUSABLE = host_with(tlsa(f"1 1 1 {'00' * 32}"))
INSECURE = host_with(tlsa(secure=False), secure=False)
INSECURE_TLSA = host_with(tlsa(secure=False))
FAILED = host_with(TIMEOUT)
BOGUS = host_with(withheld(tlsa(secure=False), f"TLSA {NAME}"))
ABSENT = host_with(NONE)
ABSENT_BELOW_UNSIGNED = host_with(NONE, secure=False)
FAILED_BELOW_UNSIGNED = host_with(SERVFAIL, secure=False)
UNASKED = replace(healthy_host(), tlsa=())
OUT_OF_TIME = host_with(unseen(Trouble.DEADLINE, "the deadline passed"))
WITHOUT_ADDRESS = replace(healthy_host(), ipv4=Absent(absence=Absence.NODATA), tlsa=())
LITERAL = MxHost(name=ADDRESS, preference=10)

ROOT_SIGNED = replace(
    states.CARELESS, root_soa=Answer(owner=".", records=("soa",), ttl=1, signed=True)
)
"""A resolver that hands signatures on, and does not validate them."""


def mx_case(
    host: MxHost,
    *,
    domain: Domain = SECURE_DOMAIN,
    resolvers: Sequence[AskedResolver] = (validating_resolver(),),
    visits: Sequence[Visit] = (),
) -> MxCase:
    named = replace(domain, hosts=(host,))
    evidence = evidence_of(*visits, domain=named, resolvers=tuple(resolvers))
    return MxCase(run=evidence, policy=MAIL, trust=trust(), domain=named, host=host)


def endpoint_case(
    host: MxHost,
    visit: Visit | None = None,
    *,
    domain: Domain = SECURE_DOMAIN,
    resolvers: Sequence[AskedResolver] = (validating_resolver(),),
    others: Sequence[Visit] = (),
) -> EndpointCase:
    visit = visit or healthy_visit(host.name)
    case = mx_case(host, domain=domain, resolvers=resolvers, visits=(visit, *others))
    return EndpointCase(
        run=case.run,
        policy=case.policy,
        trust=case.trust,
        domain=case.domain,
        host=host,
        visit=visit,
    )


def ask(
    rule: AnyRule,
    host: MxHost,
    *,
    domain: Domain = SECURE_DOMAIN,
    resolvers: Sequence[AskedResolver] = (validating_resolver(),),
) -> Answered:
    """Ask a rule about MX hosts."""
    return answer(rule, mx_case(host, domain=domain, resolvers=resolvers))
