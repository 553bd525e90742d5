"""How reports show the answers to our own ClientHellos, and the injection test."""

from dataclasses import replace
from datetime import timedelta

import pytest

from mxcheck.evidence.outcome import NOT_ASKED, Trouble
from mxcheck.evidence.smtp import Injection, Visit
from mxcheck.evidence.tls import Authentication, HelloAnswer, OwnHello, ServerHello, ShownTls
from mxcheck.report.json.endpoint import endpoint_json
from mxcheck.report.seen import versions_seen
from mxcheck.report.status import Status
from mxcheck.report.text.page import render_text
from mxcheck.rules.cert import cert_expired
from tests.build import (
    DOMAIN,
    HOST,
    OBSERVED_AT,
    authority,
    evidence_of,
    healthy_tls,
    healthy_visit,
    reply,
    unseen,
    visit_until,
)
from tests.report import verdicts
from tests.rules.ask import ask_visit, fails

FAILED = unseen(Trouble.HANDSHAKE)
CHOSEN = ServerHello(version="TLSv1", cipher="TLS_RSA_WITH_RC4_128_MD5", chain=(b"der",))


def answering(*answers: HelloAnswer) -> Visit:
    hellos = (OwnHello(offered="TLSv1.1", sent=True, answer=answer) for answer in answers)
    return replace(healthy_visit(), hellos=tuple(hellos))


@pytest.mark.parametrize(
    ("visit", "versions"),
    [
        (healthy_visit(), ("TLSv1.3",)),
        (answering(CHOSEN), ("TLSv1.3", "TLSv1")),
        (answering(CHOSEN, CHOSEN), ("TLSv1.3", "TLSv1")),
        (
            visit_until("tls", FAILED, hellos=answering(CHOSEN).hellos),
            ("TLSv1",),
        ),
        (visit_until("tls", FAILED, hellos=()), ()),
    ],
)
def test_versions_seen(visit: Visit, versions: tuple[str, ...]) -> None:
    assert versions_seen(visit) == versions


def test_the_status_line_names_an_old_version_too() -> None:
    status = Status(visit=answering(CHOSEN), results=(), at=OBSERVED_AT)
    assert "STARTTLS TLSv1.3 and TLSv1" in [span.text for span in status.spans()]


@pytest.mark.parametrize(
    ("visit", "hello"),
    [
        (healthy_visit(), (None, None, "protocol_version", None)),
        (answering(CHOSEN), ("TLSv1", "TLS_RSA_WITH_RC4_128_MD5", None, None)),
        (answering(unseen(Trouble.TIMEOUT, "silence")), (None, None, None, "silence")),
    ],
)
def test_hellos_in_json(visit: Visit, hello: tuple[str | None, ...]) -> None:
    (seen,) = endpoint_json(visit, DOMAIN, OBSERVED_AT).hellos
    detail = seen.unseen.detail if seen.unseen else None
    assert (seen.version, seen.cipher, seen.alert, detail) == hello
    assert seen.offered == "TLSv1.1"


EXPIRED = authority().issue(names=(HOST,), not_after=timedelta(days=-3))
ELSEWHERE = "another connection"


def with_further_connections() -> Visit:
    """A healthy visit, beside which another connection showed an expired certificate."""
    hello = OwnHello(offered="TLSv1.2", sent=True, answer=CHOSEN)
    shown = ShownTls(
        connection=ELSEWHERE,
        server_name=HOST,
        offered="TLSv1.3",
        version="TLSv1.2",
        chain=EXPIRED.der_chain,
    )
    return replace(
        healthy_visit(),
        chain_hellos=(replace(hello, authentication=Authentication.RSA),),
        base_hellos=(replace(hello, server_name="base.example"),),
        large_hellos=(replace(hello, large=True),),
        shown=(shown,),
    )


def test_further_connections_in_json() -> None:
    seen = endpoint_json(with_further_connections(), DOMAIN, OBSERVED_AT)
    about = [(one.server_name, one.authentication, one.large) for one in seen.further_hellos]
    assert about == [(HOST, "RSA", False), ("base.example", "any", False), (HOST, "any", True)]
    [further] = seen.further_tls
    assert (further.connection, further.server_name) == (ELSEWHERE, HOST)
    assert (further.offered, further.version) == ("TLSv1.3", "TLSv1.2")
    assert further.certificate is not None
    assert further.certificate.days_left == -3
    assert further.certificate.sha256 != seen.certificate.sha256 if seen.certificate else False


def test_further_connections_in_text() -> None:
    verdict = verdicts.healthy()
    run = evidence_of(with_further_connections())
    domain = replace(verdict.domains[0], domain=run.domains[0], run=run)
    text = " ".join("".join(render_text(replace(verdict, domains=(domain,)), verbose=True)).split())
    assert "TLS offered up to TLSv1.2 with RSA certificates alone: it chooses TLSv1," in text
    assert "TLS offered up to TLSv1.2 for the name base.example: it chooses" in text
    assert "TLS offered up to TLSv1.2 in a long ClientHello: it chooses" in text
    [(_, shown)] = [text.split(f"also seen TLSv1.2 at {ELSEWHERE} ")]
    assert shown.startswith("certificate CN=")


def test_a_failure_names_the_connection_as_the_details_do() -> None:
    fails(f"of {ELSEWHERE}: ")(ask_visit(cert_expired.RULE, with_further_connections()))


@pytest.mark.parametrize(
    ("injection", "starttls", "replies"),
    [
        (
            Injection(starttls=reply(220, "go"), tls=healthy_tls(), replies=(reply(221, "Bye"),)),
            "220 go",
            ("221 Bye",),
        ),
        (Injection(starttls=reply(554, "no")), "554 no", ()),
        (Injection(starttls=unseen(Trouble.CLOSED)), None, ()),
    ],
)
def test_the_injection_test_in_json(
    injection: Injection, starttls: str | None, replies: tuple[str, ...]
) -> None:
    visit = replace(healthy_visit(), injection=injection)
    seen = endpoint_json(visit, DOMAIN, OBSERVED_AT).injection
    assert seen is not None
    assert (seen.starttls, seen.replies) == (starttls, replies)
    unasked = replace(visit, injection=NOT_ASKED)
    assert endpoint_json(unasked, DOMAIN, OBSERVED_AT).injection is None
