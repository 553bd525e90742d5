from datetime import timedelta

import pytest

from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Visit
from mxcheck.judge.causes import answer
from mxcheck.rules.dane.dane_mismatch import RULE
from tests.build import (
    ADDRESS,
    EXTENSIONS,
    HOST,
    authority,
    chain_visit,
    ehlo_reply,
    healthy_chain,
    healthy_visit,
    reply,
    root,
    unseen,
    visit_until,
)
from tests.rules.ask import Want, fails, not_applicable, unknown
from tests.rules.chains import der
from tests.rules.dane import cases
from tests.rules.dane.cases import (
    endpoint_case,
    host_with,
    record,
    text_of,
    tlsa,
)
from tests.rules.dane.test_dane_mismatch import judge
from tests.rules.dns import states

WHERE = f"{HOST} [{ADDRESS}]:25"
ISSUER = healthy_chain(HOST)[1]
ROOT = der((root().certificate,))[0]
ANCHORED = host_with(tlsa(text_of(record(2, 0, of=ISSUER))))
EXPIRED = authority().issue(names=(HOST,), not_after=timedelta(days=-3)).der_chain
IN_CLEAR = visit_until("ehlo", ehlo_reply(*EXTENSIONS))
STARTTLS_REFUSED = visit_until("starttls", reply(454, "4.7.0 TLS not available"))


@pytest.mark.parametrize(
    ("host", "visit", "want"),
    [
        (
            cases.SECURE,
            visit_until("connection", unseen(Trouble.TIMEOUT)),
            not_applicable(owner="smtp-unreachable"),
        ),
        (
            cases.SECURE,
            visit_until("ehlo", reply(502, "no")),
            not_applicable(owner="smtp-ehlo-refused"),
        ),
        (
            cases.SECURE,
            visit_until("tls", unseen(Trouble.HANDSHAKE)),
            not_applicable(owner="tls-handshake-failed"),
        ),
        (
            cases.SECURE,
            visit_until("starttls", unseen(Trouble.DEADLINE, "no time left")),
            unknown("no time left"),
        ),
        (cases.SECURE, chain_visit(()), unknown("presented no certificate")),
        (cases.SECURE, chain_visit((b"junk",)), unknown("cannot be read")),
        (cases.UNUSABLE, healthy_visit(), not_applicable(owner="dane-unusable")),
        (cases.ABSENT, healthy_visit(), not_applicable(owner="dane-missing")),
        (cases.ABSENT, IN_CLEAR, not_applicable(owner="dane-missing")),
        (cases.INSECURE, IN_CLEAR, not_applicable(owner="dane-insecure")),
        (cases.FAILED, healthy_visit(), not_applicable(owner="dane-lookup-failed")),
        (cases.FAILED_BELOW_UNSIGNED, healthy_visit(), not_applicable(owner="dane-missing")),
        (cases.UNASKED, healthy_visit(), unknown("were not asked for")),
    ],
)
def test_there_is_something_to_hold_against_each_other(
    host: MxHost, visit: Visit, want: Want
) -> None:
    judge(host, visit, want)


def test_an_insecure_mx_answer_does_not_stop_senders() -> None:
    fails("matches no TLSA record")(
        answer(RULE, endpoint_case(cases.MISMATCHED, domain=states.INSECURE))
    )
