"""Details of the text report: what each server showed, and the transcript."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Greeting, RelayAttempt, Reply, Visit
from mxcheck.evidence.tls import (
    Alert,
    Authentication,
    HelloAnswer,
    OwnHello,
    ServerHello,
    TlsSession,
)
from mxcheck.judge.verdict import DomainVerdict
from mxcheck.report.layout import EMPTY, Block, Paragraph, Span, Style
from mxcheck.report.seen import announced, forms_of, further_hellos, unseen_stages
from mxcheck.report.text.dane import tlsa_facts
from mxcheck.report.text.policies import policy_facts
from mxcheck.report.text.posture import posture_facts
from mxcheck.rules.base import Scope
from mxcheck.rules.subjects import Subject
from mxcheck.wire.certificate import CertificateFacts, parse_certificate

_COLUMN = 12


def render_details(verdict: DomainVerdict) -> Iterator[Block]:
    """Yield policies, TLSA records and chains to deploy, and what was seen at each address."""
    facts = (*policy_facts(verdict.domain), *posture_facts(verdict.domain))
    yield from _under(f"Seen of {verdict.name}", facts)
    for host in verdict.domain.hosts:
        yield from _under(f"Seen of {host.name}", tlsa_facts(host))
        given = _chain(host.chain.chain if host.chain else ())
        yield from _under(f"To be deployed at {host.name}", given)
        for address in host.addresses:
            visit = verdict.run.visit(host.name, address)
            subject = Subject(kind=Scope.ENDPOINT, parts=(host.name, address))
            yield EMPTY
            yield (Span(f"  Seen at {subject}", Style.STRONG),)
            for name, text in _facts(visit, verdict.domain.name):
                yield Paragraph(text, f"    {name:<{_COLUMN}}")
            yield from _transcript(visit)


def _under(heading: str, facts: Iterable[tuple[str, str]]) -> Iterator[Block]:
    for number, (word, text) in enumerate(facts):
        if not number:
            yield EMPTY
            yield (Span(f"  {heading}", Style.STRONG),)
        yield Paragraph(text, f"    {word:<{_COLUMN}}")


def _facts(visit: Visit, domain: str) -> Iterator[tuple[str, str]]:
    for stage, unseen in unseen_stages(visit).items():
        yield "not seen", f"{stage.replace('_', ' ')}: {unseen.detail} ({unseen.trouble})"
    if isinstance(visit.greeting, Greeting):
        yield "greeting", str(visit.greeting.reply)
    extensions = announced(visit)
    if extensions is not None:
        offered = (f"{name} {value}".rstrip() for name, value in extensions.items())
        yield "extensions", ", ".join(offered) or "none"
    if isinstance(visit.tls, TlsSession):
        yield "TLS", f"{visit.tls.version}, {visit.tls.cipher}"
        yield from _chain(visit.tls.chain)
    for hello in (*visit.hellos, *further_hellos(visit)):
        yield "TLS", f"{_offer(hello)}: {_hello(hello.answer)}"
    for shown in visit.shown:
        yield "also seen", f"{shown.version} at {shown.connection}"
        yield from _chain(shown.chain)
    for attempt in forms_of(visit, domain):
        yield "relay", _relay(attempt)


def _offer(hello: OwnHello) -> str:
    words = [f"offered up to {hello.offered}"]
    if hello.authentication is not Authentication.ANY:
        words.append(f"with {hello.authentication} certificates alone")
    if hello.server_name:
        words.append(f"for the name {hello.server_name}")
    if hello.large:
        words.append("in a long ClientHello")
    return " ".join(words)


def _hello(answer: HelloAnswer) -> str:
    match answer:
        case ServerHello(version=version, cipher=cipher):
            return f"it chooses {version}, {cipher}"
        case Alert(level=level, description=description):
            return f"alert {description} ({level})"
        case Unseen(detail=detail):
            return detail


def _chain(chain: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    for number, der in enumerate(chain):
        yield "issued by" if number else "certificate", _certificate(parse_certificate(der))


def _certificate(facts: CertificateFacts | Unseen) -> str:
    if isinstance(facts, Unseen):
        return facts.detail
    named = () if isinstance(facts.dns_names, Unseen) else facts.dns_names
    names = f", names {' '.join(named)}" if named else ""
    dates = f"{_day(facts.not_before)} to {_day(facts.not_after)}"
    return f"{facts.subject} from {facts.issuer}, {dates}{names}, {facts.key}, {facts.signature}"


def _day(when: datetime | Unseen) -> str:
    return "unreadable" if isinstance(when, Unseen) else when.strftime("%Y-%m-%d")


def _relay(attempt: RelayAttempt) -> str:
    answers = f"MAIL {_answer(attempt.mail)}; RCPT {_answer(attempt.rcpt)}"
    return f"<{attempt.sender}> to <{attempt.recipient}> ({attempt.form}): {answers}"


def _answer(answer: Reply | Unseen) -> str:
    return answer.detail if isinstance(answer, Unseen) else str(answer)


def _transcript(visit: Visit) -> Iterator[Block]:
    if visit.transcript:
        yield (Span("    transcript, in milliseconds"),)
    for line in visit.transcript:
        lead = f"    {line.at_ms:>8.0f} {line.direction} "
        yield (Span(lead, Style.FAINT), Span(line.text))
