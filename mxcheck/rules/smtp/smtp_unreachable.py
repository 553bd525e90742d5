"""Port 25 of an MX host's address cannot be reached.

## Why it matters

Senders that try this address get no connection. They go on to the next MX, queue the mail, and in
the end return it with "connection timed out" or "connection refused". A second MX behind a closed
firewall is the classic case: nobody notices until the first one is down.

mxcheck asks control hosts before it blames the server: if outbound port 25 is closed on this
machine, the answer is unknown.

## Repair

- Open TCP 25 inbound for the address, in the host's firewall, in the cloud's security group and at
  the router, for IPv6 as well as for IPv4.
- See that the MTA listens on that address: `ss -ltnp 'sport = :25'`.
  Postfix: `inet_interfaces = all`, `inet_protocols = all`, and the `smtp inet` line of `master.cf`.
  Exim: `local_interfaces` and `daemon_smtp_ports`. OpenSMTPD: `listen on` in `smtpd.conf`.
  Exchange: a receive connector bound to port 25 of that address, and the transport service running.
- Or withdraw the MX or address record of a host that is no longer meant to take mail.
- If others can connect, look for a ban. Each run leaves refused relay attempts and a broken
  handshake in the server's log, and `fail2ban` may ban the machine that checks (`fail2ban-client
  status postfix`). Add its address to `ignoreip`, or run the check with `--relay off` and
  `--ignore tls-legacy-accepted`.
"""

from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Connection, Visit
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope, Sign
from mxcheck.rules.facts.stages import the_visit

BANNED_REMEDY = (
    "If others can connect, the server may have banned this machine after an earlier run"
    " (fail2ban): allow its address there, or check with --relay off and --ignore"
    " tls-legacy-accepted."
)
_SEEN = {
    Trouble.TIMEOUT: "does not answer (connection timed out)",
    Trouble.REFUSED: "refuses connections",
    Trouble.RESET: "resets connections",
    Trouble.HOST_UNREACHABLE: "cannot be reached (no route to host)",
}


def check(visit: Visit, case: EndpointCase) -> Pass | Fail:
    """Judge that a TCP connection could be made."""
    if isinstance(visit.connection, Connection):
        return Pass(message=f"{case.where} was reached in {visit.connection.connect_ms:.0f} ms")
    detail = visit.connection.detail
    seen = _SEEN.get(visit.connection.trouble, "cannot be reached")
    tries = f"{visit.tries} tries" if visit.tries > 1 else "1 try"
    return Fail(
        message=f"port {visit.port} of {case.where} {seen}: {detail}, after {tries}",
        remedy=(
            f"Open TCP {visit.port} inbound for {visit.address} and see that the MTA listens there,"
            f" or withdraw the MX record of {visit.host}. {BANNED_REMEDY}"
        ),
    )


RULE = Rule(
    id="smtp-unreachable",
    family=Family.SMTP,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="port 25 cannot be reached",
    references=("RFC 5321 4.5.4",),
    reads=(Item.ADDRESSES, Item.VISIT, Item.EGRESS),
    after=("mx-not-public",),
    sign=Sign.REACHED,
    find=the_visit,
    check=check,
)
