"""The server announces STARTTLS and then refuses the command.

## Why it matters

Senders that obey MTA-STS or DANE do not deliver; others deliver in clear, or try again and again.

## Repair

A reply of 503 ("bad sequence of commands") is about what came before STARTTLS, not about files: the
server did not accept EHLO after all, often because of the name that the client gave in it. If the
log says so, run the check with an `--ehlo-name` that resolves to this machine; senders with such a
name are refused too.

With any other reply it is mostly the certificate or its key that cannot be loaded: "454 TLS not
available due to temporary reason". The MTA's log names the file.
"""

import re

from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Reply, Visit
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.firewall import behind_command_filter
from mxcheck.rules.facts.stages import the_starttls_attempt
from mxcheck.rules.remedies.mta_settings import CERTIFICATE
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.reply_code import is_ready
from mxcheck.wire.software import Software
from mxcheck.wire.tls_rpt import ResultType

REMEDY = "See that the MTA can read its certificate and private key; its log names the file."
OUT_OF_ORDER = (
    "The reply is about the commands before STARTTLS, not about certificate or key: the server did"
    " not accept EHLO after all, often because of the name that this client gave in it. Run the"
    " check with an --ehlo-name that resolves to this machine, and see what the MTA's log says."
)
BAD_SEQUENCE = 503
ABOUT_HELLO = re.compile(r"\b(?:EHLO|HELO|hello)\b", re.IGNORECASE)


def check(visit: Visit, case: EndpointCase) -> Pass | Fail | Unknown:
    """Judge the answer to STARTTLS."""
    answer = visit.starttls
    if is_ready(answer):
        return Pass(message=f"{case.where} accepts STARTTLS")
    seen = f"no answer: {answer.detail}" if isinstance(answer, Unseen) else str(answer)
    fail = Fail(
        message=f"{case.where} announces STARTTLS but does not accept it: {seen}",
        remedy=OUT_OF_ORDER if _is_out_of_order(answer) else repair(case, REMEDY, RULE.settings),
        result_type=ResultType.STARTTLS_NOT_SUPPORTED,
    )
    return behind_command_filter(fail, case)


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
    settings=CERTIFICATE
    | {
        Software.POSTFIX: "see that the files in `smtpd_tls_chain_files` can be read, and that each"
        " key is before its certificates.",
        Software.EXIM: "see that the user that Exim runs as can read `tls_privatekey` and"
        " `tls_certificate`.",
        Software.EXCHANGE: "see that the certificate has its private key and the SMTP service"
        " (`Enable-ExchangeCertificate -Services SMTP`); event 12014 names it.",
    },
)
