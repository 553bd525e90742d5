"""Read what dnspython returns for a question: a record set, its absence, or the trouble."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset
from dns.rdtypes.ANY.RRSIG import RRSIG

from mxcheck.evidence.dns import Absence, Absent, Answer, Withheld
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.wire.record_text import name_text, record_text

_TROUBLE_OF_RCODE = {
    dns.rcode.SERVFAIL: Trouble.SERVFAIL,
    dns.rcode.REFUSED: Trouble.DNS_REFUSED,
}

_LONGEST_ERROR = 200

Failure = tuple[str, bool, int, Exception | str, dns.message.Message | None]
"""What dnspython keeps of a try: whom, whether by TCP, the port, what went wrong, what came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFailure(Unseen):
    """SERVFAIL, and the codes of the extended errors that came with it (RFC 8914 4)."""

    extended_errors: tuple[int, ...]


def answered(answer: dns.resolver.Answer) -> Answer | Absent:
    """Return what a positive response contains."""
    response = answer.response
    if answer.rrset is None:
        return absent(Absence.NODATA, response)
    return Answer(
        owner=name_text(answer.canonical_name),
        records=tuple(record_text(rdata) for rdata in answer.rrset),
        aliases=_aliases(response),
        ttl=_ttl(answer.rrset, response),
        authenticated_data=bool(response.flags & dns.flags.AD),
        signed=_is_signed(response),
        wildcard=_wildcard(answer.rrset, response),
    )


def response_of(error: dns.resolver.NXDOMAIN) -> dns.message.Message | None:
    """Return the response that said so."""
    responses = error.kwargs.get("responses") or {}
    return next(iter(responses.values()), None)


def absent(absence: Absence, response: dns.message.Message | None) -> Absent:
    """Return an absence, with what the response tells of DNSSEC."""
    if response is None:
        return Absent(absence=absence)
    return Absent(
        absence=absence,
        aliases=_aliases(response),
        authenticated_data=bool(response.flags & dns.flags.AD),
        signed=_is_signed(response),
    )


def from_authority(asked: str, response: dns.message.Message) -> Answer | Absent | Unseen:
    """Return what a name server of a zone answers; Unseen if it has no authority (AA bit)."""
    rcode = response.rcode()
    if rcode not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
        trouble = _TROUBLE_OF_RCODE.get(rcode, Trouble.DNS_ERROR)
        detail = f"it answers {dns.rcode.to_text(rcode)} to {asked}"
        return Unseen(trouble=trouble, detail=detail)
    if not response.flags & dns.flags.AA:
        detail = f"its answer to {asked} is not authoritative"
        return Unseen(trouble=Trouble.NOT_AUTHORITATIVE, detail=detail)
    if rcode == dns.rcode.NXDOMAIN:
        return absent(Absence.NXDOMAIN, response)
    question = response.question[0]
    return answered(
        dns.resolver.Answer(question.name, question.rdtype, question.rdclass, response)  # type: ignore[arg-type]
    )


def failed(asked: str, failures: Sequence[Failure]) -> Unseen:
    """Return what came instead of an answer: the last response, else why there was none."""
    for name, _, _, problem, response in reversed(failures):
        if response is not None:
            return _no_answer(name, asked, problem, response)
    if not failures:
        detail = f"no resolver answered {asked} in time"
        return Unseen(trouble=Trouble.TIMEOUT, detail=detail)
    name, _, _, problem, _ = failures[-1]
    match problem:
        case dns.exception.Timeout():
            detail = f"the resolver {name} did not answer {asked} in time"
            return Unseen(trouble=Trouble.TIMEOUT, detail=detail)
        case dns.exception.FormError():
            return _malformed(asked, problem)
        case _:
            detail = f"the resolver {name} cannot be asked for {asked}: {_reason(problem)}"
            return Unseen(trouble=Trouble.RESOLVER, detail=detail)


def _no_answer(
    name: str, asked: str, problem: Exception | str, response: dns.message.Message
) -> Unseen:
    rcode = response.rcode()
    extended = response.extended_errors()
    if isinstance(problem, dns.message.ChainTooLong):
        detail = (
            f"the answer to {asked} leads through {dns.message.MAX_CHAIN} aliases (CNAME) or more,"
            " or in a circle"
        )
        return Unseen(trouble=Trouble.ALIAS_CHAIN, detail=detail)
    if rcode in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
        return _malformed(asked, problem)
    trouble = _TROUBLE_OF_RCODE.get(rcode, Trouble.DNS_ERROR)
    because = f" ({'; '.join(map(_extended_error, extended))})" if extended else ""
    detail = f"the resolver {name} answers {dns.rcode.to_text(rcode)} to {asked}{because}"
    if trouble is not Trouble.SERVFAIL:
        return Unseen(trouble=trouble, detail=detail)
    codes = tuple(int(one.code) for one in extended)
    return ServerFailure(trouble=trouble, detail=detail, extended_errors=codes)


def _extended_error(error: dns.edns.EDEOption) -> str:
    """Name an extended DNS error (RFC 8914): its code, what it means, what the resolver adds."""
    return error.to_text().replace("EDE", "extended DNS error", 1)[:_LONGEST_ERROR]


def withheld(failure: ServerFailure, unchecked: Answer | Absent) -> Withheld:
    """Return an answer that came with checking disabled alone, and the first failure without."""
    shown = ", ".join(unchecked.records) if isinstance(unchecked, Answer) else "no such record"
    return Withheld(
        trouble=Trouble.BOGUS,
        detail=f"{failure.detail}, with checking disabled it shows {shown}, and asked again it"
        " answers SERVFAIL",
        unchecked=unchecked,
        extended_errors=failure.extended_errors,
    )


def placed(failure: Unseen, chain: Sequence[str], rdtype: str, alias: Absent | Unseen) -> Unseen:
    """Add to a SERVFAIL where its cause is, as far as the lookup of a CNAME record tells."""
    name, target = chain[0], chain[-1]
    detail = failure.detail
    if target != name:
        detail += f"; {name} is an alias (CNAME) of {' and that of '.join(chain[1:])}"
    if isinstance(alias, Absent):
        detail += f"; other questions about {target} are answered, those for {rdtype} are not"
    elif alias.trouble is Trouble.SERVFAIL:
        detail += f", and to CNAME {target} too, as if no name server of its zone answered"
    return replace(failure, detail=detail)


def _malformed(asked: str, problem: Exception | str) -> Unseen:
    detail = f"the answer to {asked} is malformed: {_reason(problem)}"
    return Unseen(trouble=Trouble.MALFORMED, detail=detail)


def _reason(problem: Exception | str) -> str:
    if isinstance(problem, OSError) and problem.strerror:
        return problem.strerror
    return str(problem) or type(problem).__name__


def _aliases(response: dns.message.Message) -> tuple[str, ...]:
    """Return the targets of the CNAME records in the answer, in the order of the chain."""
    chain = (rrset for rrset in response.answer if rrset.rdtype == dns.rdatatype.CNAME)
    return tuple(name_text(rrset[0].target) for rrset in chain)


def _ttl(rrset: dns.rrset.RRset, response: dns.message.Message) -> int:
    """Return the TTL in the zone if a signature tells it (RFC 4034 3.1.4), else what is left."""
    return max([rrset.ttl, *(one.original_ttl for one in _signatures(rrset, response))])


def _wildcard(rrset: dns.rrset.RRset, response: dns.message.Message) -> str:
    """Return the wildcard that made the records, if a signature tells it (RFC 4034 3.1.3)."""
    own = len(rrset.name.labels) - 1  # without the root
    for one in _signatures(rrset, response):
        if one.labels < own - rrset.name.is_wild():
            _, encloser = rrset.name.split(one.labels + 1)
            return name_text(dns.name.Name((b"*", *encloser.labels)))
    return ""


def _signatures(rrset: dns.rrset.RRset, response: dns.message.Message) -> Iterator[RRSIG]:
    for signatures in response.answer:
        for one in signatures:
            covered = (signatures.name, getattr(one, "type_covered", None))
            if isinstance(one, RRSIG) and covered == (rrset.name, rrset.rdtype):
                yield one


def _is_signed(response: dns.message.Message) -> bool:
    sections = (*response.answer, *response.authority)
    return any(rrset.rdtype == dns.rdatatype.RRSIG for rrset in sections)
