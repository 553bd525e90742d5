"""The server announces STARTTLS and then refuses the command.

## Why it matters

Senders that obey MTA-STS or DANE do not deliver; others deliver in clear, or try again and again.

## Repair

Mostly the certificate or its key cannot be loaded: the reply is "454 TLS not available due to
temporary reason", and the MTA's log names the file.

- Postfix: `postfix check`; the files in `smtpd_tls_chain_files` must be readable, the key first.
- Exim: the user that Exim runs as must be able to read `tls_privatekey`.
- Exchange: the certificate must have its private key and the SMTP service; see event 12014.

A reply of 503 ("bad sequence of commands") is about what came before STARTTLS, not about files: the
server did not accept EHLO after all, often because of the name that the client gave in it. If the
log says so, run the check with an `--ehlo-name` that resolves to this machine; senders with such a
name are refused too.
"""

import re

from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Reply, Visit
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.stages import the_starttls_attempt
from mxcheck.rules.remedies.mta_settings import CERTIFICATE
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.reply_code import is_ready
from mxcheck.wire.tls_rpt import ResultType

REMEDY = "See that the MTA can read its certificate and private key; its log names the file."
OUT_OF_ORDER = (
    "The reply is about the commands before STARTTLS, not about certificate or key: the server did"
    " not accept EHLO after all, often because of the name that this client gave in it. Run the"
    " check with an --ehlo-name that resolves to this machine, and see what the MTA's log says."
)
BAD_SEQUENCE = 503
ABOUT_HELLO = re.compile(r"\b(?:EHLO|HELO|hello)\b", re.IGNORECASE)


def check(visit: Visit, case: EndpointCase) -> Pass | Fail:
    """Judge the answer to STARTTLS."""
    answer = visit.starttls
    if is_ready(answer):
        return Pass(message=f"{case.where} accepts STARTTLS")
    seen = f"no answer: {answer.detail}" if isinstance(answer, Unseen) else str(answer)
    return Fail(
        message=f"{case.where} announces STARTTLS but does not accept it: {seen}",
        remedy=OUT_OF_ORDER if _is_out_of_order(answer) else repair(case, REMEDY, CERTIFICATE),
        result_type=ResultType.STARTTLS_NOT_SUPPORTED,
    )


def _is_out_of_order(answer: Reply | Unseen) -> bool:
    """Return whether the server objects to what came before STARTTLS (RFC 5321 4.2.3)."""
    if isinstance(answer, Unseen):
        return False
    return answer.code == BAD_SEQUENCE or bool(ABOUT_HELLO.search(answer.text))


RULE = Rule(
    id="starttls-refused",
    family=Family.TLS,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the server announces STARTTLS and then refuses it",
    references=("RFC 3207 4",),
    reads=(Item.VISIT,),
    after=("starttls-missing",),
    find=the_starttls_attempt,
    check=check,
)
