import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Visit
from mxcheck.rules.tls.tls_handshake_failed import RULE
from tests.build import ADDRESS, HOST, ehlo_reply, healthy_visit, reply, unseen, visit_until
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown

WHERE = f"{HOST} [{ADDRESS}]:25"
ALERT = "the server sent the alert handshake_failure"


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (healthy_visit(), passes(WHERE, "TLSv1.3", "TLS_AES_256_GCM_SHA384")),
        (
            visit_until("tls", unseen(Trouble.HANDSHAKE, ALERT)),
            fails(WHERE, ALERT, remedy=("openssl s_client -starttls smtp", "TLS 1.2 and 1.3")),
        ),
        (visit_until("tls", unseen(Trouble.CLOSED, "hung up")), fails(WHERE, "hung up")),
        (visit_until("tls", unseen(Trouble.TIMEOUT, "silent")), fails(WHERE, "silent")),
        (visit_until("tls", unseen(Trouble.DEADLINE, "no time")), unknown("no time")),
        (visit_until("starttls", reply(454, "no")), not_applicable(owner="starttls-refused")),
        (
            visit_until("starttls", unseen(Trouble.CLOSED)),
            not_applicable(owner="starttls-refused"),
        ),
        (visit_until("ehlo", ehlo_reply("SIZE")), not_applicable(owner="starttls-missing")),
    ],
)
def test_the_handshake_completes(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit))
