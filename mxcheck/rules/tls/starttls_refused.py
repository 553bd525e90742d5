"""STARTTLS is announced, but the command is not answered with 220.

## Why it matters

The server promises TLS and does not keep it. Senders that hold to MTA-STS or DANE do not deliver;
others deliver in clear, or come back later again and again.

## Repair

Mostly the certificate or its key cannot be loaded: the reply is "454 TLS not available due to
temporary reason", and the MTA's log names the file.

- Postfix: `postfix check`; the files in `smtpd_tls_chain_files` must be readable, the key first.
- Exim: the user that Exim runs as must be able to read `tls_privatekey`.
- Exchange: the certificate must have its private key and the SMTP service; see event 12014.
"""

from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Visit
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.promise import reported_as
from mxcheck.rules.facts.stages import the_starttls_attempt
from mxcheck.rules.remedies.mta_settings import CERTIFICATE
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.reply_code import is_ready
from mxcheck.wire.tls_rpt import ResultType

REMEDY = "See that the MTA can read its certificate and private key; its log names the file."


def check(visit: Visit, case: EndpointCase) -> Pass | Fail:
    """Judge the answer to STARTTLS."""
    answer = visit.starttls
    if is_ready(answer):
        return Pass(message=f"{case.where} accepts STARTTLS")
    seen = f"no answer: {answer.detail}" if isinstance(answer, Unseen) else str(answer)
    return Fail(
        message=f"{case.where} announces STARTTLS but does not accept it: {seen}",
        remedy=repair(case, REMEDY, CERTIFICATE),
        result_type=reported_as(case, ResultType.STARTTLS_NOT_SUPPORTED),
    )


RULE = Rule(
    id="starttls-refused",
    family=Family.TLS,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="STARTTLS is announced and then refused",
    references=("RFC 3207 4",),
    needs=the_starttls_attempt,
    check=check,
)
