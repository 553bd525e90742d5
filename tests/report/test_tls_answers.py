"""How reports show the answers to our own ClientHellos, and the injection test."""

from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import NOT_ASKED, Trouble
from mxcheck.evidence.smtp import Injection, Visit
from mxcheck.evidence.tls import HelloAnswer, OwnHello, ServerHello
from mxcheck.report.json.endpoint import endpoint_json
from mxcheck.report.seen import versions_seen
from mxcheck.report.status import Status
from tests.build import DOMAIN, OBSERVED_AT, healthy_tls, healthy_visit, reply, unseen, visit_until

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
