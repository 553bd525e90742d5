"""A command sent in clear behind STARTTLS is answered inside TLS.

## Why it matters

The server keeps what it read in clear and takes it for part of the protected session. Whoever can
change the traffic on the way puts commands in front of those of the sender, who believes that
nobody else can: mail or credentials go where the attacker wants (CVE-2011-0411).

The test sends STARTTLS and NOOP in one segment, and inside TLS nothing but QUIT. It breaks the
rules of pipelining, for which some servers block clients: so it is off until asked for.

## Repair

- CERT/CC VU#555316 lists the products and the versions that repair them. No supported version of
  Exim, Sendmail or Exchange is known to be open: upgrade to one.
- Look at what is in front of the MTA too: a TLS proxy or a content filter may be open.
"""

from mxcheck.evidence.items import Item
from mxcheck.evidence.smtp import Injection, Reply
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.tls import the_injection
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.reply_code import is_positive, is_ready
from mxcheck.wire.software import Software

GENERAL = (
    "Upgrade the MTA, and whatever proxy or filter is in front of it, to a version without"
    " CVE-2011-0411 (CERT/CC VU#555316)."
)


def check(injection: Injection, case: EndpointCase) -> Pass | Fail:
    """Judge whether more than QUIT was answered inside TLS."""
    match injection.replies:
        case (Reply() as unasked, Reply()):
            return Fail(
                message=(
                    f"{case.where} answers inside TLS a command that was sent in clear behind"
                    f" STARTTLS (CVE-2011-0411): {unasked}"
                ),
                remedy=repair(case, GENERAL, RULE.settings),
            )
        case (Reply() as only, *_) if is_positive(only):  # to QUIT
            return Pass(message=f"{case.where} forgets what is sent in clear behind STARTTLS")
    return Pass(message=f"{case.where} takes nothing behind STARTTLS: {_refusal(injection)}")


def _refusal(injection: Injection) -> str:
    if isinstance(injection.starttls, Reply) and not is_ready(injection.starttls):
        return str(injection.starttls)
    answers = [reply for reply in injection.replies if isinstance(reply, Reply)]
    return str(answers[0]) if answers else "it hangs up"


RULE = Rule(
    id="starttls-injectable",
    family=Family.TLS,
    scope=Scope.ENDPOINT,
    level=Level.OFF,
    title="a command in clear behind STARTTLS is answered inside TLS",
    references=("RFC 3207 6", "RFC 3207 4.2"),
    reads=(Item.VISIT, Item.INJECTION),
    after=("tls-version-old", "tls-handshake-failed"),
    find=the_injection,
    check=check,
    settings={Software.POSTFIX: "upgrade to 2.8.3 or later (2.7.4, 2.6.10, 2.5.13)."},
)
