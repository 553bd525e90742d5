"""Which senders outside the tested domains the relay test finds, and when it tries the next one."""

from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import Answer, RecipientReply, Script
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import RelayForm
from mxcheck.model.policy import Policy
from mxcheck.model.targets import Target
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.smtp.outside_senders import NamesAround
from mxcheck.rules.relay import open_relay
from tests.probe.harness import (
    ADDRESS,
    AT_HOME,
    DOMAIN,
    HEALTHY,
    SETTINGS,
    Seen,
    mx_zone,
    probe,
)
from tests.probe.smtp.transactions import transactions
from tests.rules.ask import ask_visit, fails, passes

CLIENT = "127.0.0.1"
REVERSE = "1.0.0.127.in-addr.arpa."
NAMED = f"{REVERSE} PTR runner.mail-client.com.\nrunner.mail-client.com. A {CLIENT}\n"
FROM_NAME, FROM_REVERSE = "postmaster@probe.example.net", "postmaster@runner.mail-client.com"
FROM_ADDRESS = f"postmaster@[{CLIENT}]"

NAMELESS = replace(SETTINGS, ehlo_name="[192.0.2.1]")
PRIVATE = replace(NAMELESS, allow_private=True)


async def visit(
    script: Script = HEALTHY,
    settings: ProbeSettings = SETTINGS,
    zone: str = "",
    domain: str = DOMAIN,
) -> Seen:
    """A run over a domain; the client's address has the names of the zone."""
    target = Target(domain=domain, policy=Policy())
    return await probe(
        {ADDRESS: script}, target, dns=mx_zone(ADDRESS, domain=domain) + zone, settings=settings
    )


def senders(seen: Seen) -> list[str]:
    outside = [one for one in seen.visit.relay if one.form is RelayForm.OUTSIDE_SENDER]
    return [one.sender for one in outside]


@pytest.mark.parametrize(
    ("name", "settings", "zone", "expected"),
    [
        ("probe.example.net", SETTINGS, NAMED, FROM_NAME),
        ("PROBE.example.net", SETTINGS, "", FROM_NAME),
        # No name in the public DNS: the name of the address, if it leads back.
        *(
            (name, PRIVATE, NAMED, FROM_REVERSE)
            for name in ("[192.0.2.1]", "runner.local", "runner.internal", "a.test", "runner")
        ),
        ("[192.0.2.1]", PRIVATE, f"{REVERSE} PTR runner.mail-client.com.\n", FROM_ADDRESS),
        (
            "[192.0.2.1]",
            PRIVATE,
            f"{REVERSE} PTR localhost.\nlocalhost. A {CLIENT}\n",
            FROM_ADDRESS,
        ),
        # Never a name at, above or below the tested domain.
        ("example.com", PRIVATE, NAMED, FROM_REVERSE),
        ("mx9.example.com", PRIVATE, NAMED, FROM_REVERSE),
        (
            "mx9.example.com",
            PRIVATE,
            f"{REVERSE} PTR mx9.example.com.\nmx9.example.com. A {CLIENT}\n",
            FROM_ADDRESS,
        ),
    ],
)
async def test_the_first_sender(
    name: str, settings: ProbeSettings, zone: str, expected: str
) -> None:
    seen = await visit(settings=replace(settings, ehlo_name=name), zone=zone)
    assert senders(seen) == [expected]
    assert transactions(seen)[0][0] == expected


async def test_never_a_name_above_the_tested_domain() -> None:
    settings = replace(SETTINGS, ehlo_name="mail-client.com")
    seen = await visit(settings=settings, domain="customer.mail-client.com")
    assert senders(seen) == [""]


@pytest.mark.parametrize("name", ["[127.0.0.1]", "runner", "runner.local", "example.com"])
async def test_never_the_literal_of_a_private_address(name: str) -> None:
    seen = await visit(settings=replace(SETTINGS, ehlo_name=name))
    (attempt,) = [one for one in seen.visit.relay if one.form is RelayForm.OUTSIDE_SENDER]
    assert isinstance(attempt.mail, Unseen)
    assert attempt.mail.trouble is Trouble.NOT_PUBLIC
    assert [sender for sender, _ in transactions(seen)] == ["", f"postmaster@{DOMAIN}"]
    want = passes("words of relaying", "No sender outside the tested domain", "no public name")
    want(ask_visit(open_relay.RULE, seen.visit))


@pytest.mark.parametrize(
    "hello",
    [
        b"250-mx.example.com Hello probe [198.41.0.4]\r\n250 PIPELINING\r\n",
        b"250 mx.google.com at your service, [198.41.0.4]\r\n",
        b"250 mx.example.com Hello [IPv6:2001:500::1], [198.41.0.4]\r\n",
    ],
)
async def test_behind_address_translation_the_server_tells_the_address(hello: bytes) -> None:
    seen = await visit(replace(HEALTHY, ehlo=hello), NAMELESS)
    told = "198.41.0.4" if b"IPv6" not in hello else "IPv6:2001:500::1"
    assert senders(seen) == [f"postmaster@[{told}]"]


@pytest.mark.parametrize("told", [b"192.168.1.7", b"127.0.0.1", b"nonsense", b"10.0.0.1"])
async def test_a_private_address_that_the_server_tells_is_no_use(told: bytes) -> None:
    seen = await visit(replace(HEALTHY, ehlo=b"250 mx Hello [" + told + b"]\r\n"), NAMELESS)
    assert senders(seen) == [""]


def refusing(mail: dict[str, bytes], rcpt: dict[str, bytes]) -> Script:
    """Refuse some senders so, in answer to MAIL or to each RCPT."""

    def answer_mail(sender: str) -> Answer:
        return mail.get(sender, b"250 2.1.0 Ok\r\n")

    def answer(sender: str, recipient: str) -> Answer:
        return rcpt.get(sender, AT_HOME(sender, recipient))

    return replace(HEALTHY, mail=answer_mail, recipient=answer)


UNKNOWN_SENDER = b"450 4.1.8 <postmaster@x>: Sender address rejected: Domain not found\r\n"
SPF = b"550 5.7.23 SPF: not authorized\r\n"
NO = b"550 5.7.1 no\r\n"
GREYLISTED = b"450 4.2.0 Greylisted\r\n"
ALL = [FROM_NAME, FROM_REVERSE, FROM_ADDRESS]
EVERY_WAY = replace(PRIVATE, ehlo_name="probe.example.net")


@pytest.mark.parametrize(
    ("script", "tried"),
    [
        (refusing({}, {}), ALL[:1]),
        (refusing({FROM_NAME: NO}, {}), ALL[:2]),
        (refusing({FROM_NAME: UNKNOWN_SENDER}, {}), ALL[:2]),
        (refusing({FROM_NAME: NO, FROM_REVERSE: NO}, {}), ALL),
        (refusing({}, {FROM_NAME: SPF}), ALL[:2]),
        (refusing({}, {FROM_NAME: UNKNOWN_SENDER, FROM_REVERSE: SPF}), ALL),
        # Nothing that is about the sender.
        (refusing({}, {FROM_NAME: NO}), ALL[:1]),
        (refusing({}, {FROM_NAME: b"550 5.7.1 blocked using zen.spamhaus.org\r\n"}), ALL[:1]),
    ],
)
async def test_the_next_sender_is_tried_if_one_is_not_taken(
    script: Script, tried: list[str]
) -> None:
    seen = await visit(script, replace(EVERY_WAY, retries=0), NAMED)
    assert senders(seen) == tried


async def test_a_sender_that_is_put_off_is_tried_again_and_no_other() -> None:
    put_off = refusing({}, {FROM_NAME: GREYLISTED})
    seen = await visit(put_off, EVERY_WAY, NAMED)
    assert senders(seen) == [FROM_NAME, FROM_NAME]


@pytest.mark.parametrize(
    "script",
    [
        refusing(dict.fromkeys(ALL, NO), {}),
        refusing({}, dict.fromkeys(ALL, SPF)),
        refusing({}, dict.fromkeys(ALL, UNKNOWN_SENDER)),
    ],
)
async def test_a_server_that_takes_no_outside_sender(script: Script) -> None:
    seen = await visit(script, replace(EVERY_WAY, retries=0), NAMED)
    assert senders(seen) == ALL
    want = passes("words of relaying", "No sender outside the tested domain", "--relay-sender")
    want(ask_visit(open_relay.RULE, seen.visit))


def takes_it(sender: str) -> RecipientReply:
    """Relay for one sender, and for no other; refuse the domain's own by SPF."""

    def answer(given: str, recipient: str) -> Answer:
        if given == sender:
            return b"250 2.1.5 Ok\r\n"
        if given == f"postmaster@{DOMAIN}":
            return SPF
        if given and given != sender:
            return UNKNOWN_SENDER
        return AT_HOME(given, recipient)

    return answer


@pytest.mark.parametrize("sender", ALL)
async def test_a_relay_for_any_of_the_outside_senders_is_found(sender: str) -> None:
    script = replace(HEALTHY, recipient=takes_it(sender))
    seen = await visit(script, replace(EVERY_WAY, retries=0), NAMED)
    fails("open relay", f"MAIL FROM:<{sender}>")(ask_visit(open_relay.RULE, seen.visit))


@pytest.mark.parametrize(
    ("name", "included"),
    [
        ("example.com", True),
        ("mx.example.com", True),
        ("com", True),
        ("example.net", False),
        ("anexample.com", False),
        ("a.b.example.org", True),
        ("example.org", True),
        ("x.a.b.example.org", True),
        ("b.a.example.org", False),
    ],
)
def test_names_at_above_and_below(name: str, *, included: bool) -> None:
    assert NamesAround(["example.com", "a.b.example.org"]).include(name) is included


async def test_a_sender_that_is_refused_for_itself_is_not_the_last() -> None:
    """Also if the server takes its mail for the domain: it may relay for any other."""

    def answer(sender: str, recipient: str) -> Answer:
        if sender == FROM_NAME and recipient == "postmaster@iana.org":
            return b"550 5.1.8 Sender address rejected: Domain not found\r\n"
        if sender.startswith("postmaster@["):
            return b"250 2.1.5 Ok\r\n"
        return AT_HOME(sender, recipient)

    settings = replace(SETTINGS, allow_private=True)
    seen = await visit(replace(HEALTHY, recipient=answer), settings)
    assert senders(seen) == [FROM_NAME, FROM_ADDRESS]
    fails("open relay", f"MAIL FROM:<{FROM_ADDRESS}>")(ask_visit(open_relay.RULE, seen.visit))
