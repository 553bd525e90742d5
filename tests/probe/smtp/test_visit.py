import socket
from dataclasses import replace

import pytest

from mxcheck.demo.loopback import Connection as ServedConnection
from mxcheck.demo.smtp_script import Script
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Connection, Direction, Greeting, Reply
from mxcheck.evidence.tls import TlsSession
from mxcheck.model.endpoint import Endpoint
from mxcheck.probe.smtp.session import Plan, ehlo_name
from mxcheck.probe.tcp import Dialer
from tests.probe.harness import (
    ADDRESS,
    AT_HOME,
    DOMAIN,
    HEALTHY,
    HOST,
    IN_CLEAR,
    ISSUED,
    NO_RELAY,
    SETTINGS,
    mx_zone,
    probe,
    probe_host,
)

FORMS = ["MAIL", "RCPT", "RCPT", "RSET", "MAIL", "RCPT", "RSET", "MAIL", "RCPT"]


async def test_a_healthy_visit_is_one_connection_in_the_prescribed_order() -> None:
    seen = await probe_host(HEALTHY)
    assert seen.verbs == [["EHLO", "STARTTLS", "EHLO", *FORMS, "QUIT"]]
    (session,) = seen.server.sessions
    assert [line.in_tls for line in session.lines[:3]] == [False, False, True]
    assert all(line.in_tls for line in session.lines[2:])
    assert session.server_name == HOST
    assert session.unread == b""


async def test_a_healthy_visit_is_written_down_stage_by_stage() -> None:
    visit = (await probe_host(HEALTHY)).visit
    assert (visit.host, visit.address, visit.port, visit.tries) == (HOST, ADDRESS, 25, 1)
    assert isinstance(visit.connection, Connection)
    assert isinstance(visit.greeting, Greeting)
    assert visit.greeting.reply == Reply(code=220, lines=(f"{HOST} ESMTP",))
    assert isinstance(visit.ehlo, Reply)
    assert visit.ehlo.lines == (HOST, *HEALTHY.extensions_in_tls, "STARTTLS")
    assert visit.helo == NOT_ASKED
    assert visit.starttls == Reply(code=220, lines=("2.0.0 Ready to start TLS",))
    assert isinstance(visit.tls, TlsSession)
    assert (visit.tls.version, visit.tls.chain) == ("TLSv1.3", ISSUED.der_chain)
    assert visit.tls.unread == b""
    assert isinstance(visit.ehlo_after_tls, Reply)
    assert visit.ehlo_after_tls.lines == (HOST, *HEALTHY.extensions_in_tls)


async def test_times_run_forward() -> None:
    visit = (await probe_host(HEALTHY)).visit
    times = [line.at_ms for line in visit.transcript]
    assert times == sorted(times)
    assert isinstance(visit.connection, Connection)
    assert isinstance(visit.greeting, Greeting)
    assert visit.connection.connect_ms > 0
    assert visit.greeting.greeting_ms > 0


async def test_the_transcript_holds_both_sides_and_what_happened_beside() -> None:
    visit = (await probe_host(HEALTHY, target=NO_RELAY)).visit
    lines = [(line.direction, line.text) for line in visit.transcript]
    announced = [f"250-{word}" for word in (HOST, *HEALTHY.extensions_in_tls[:-1])]
    assert lines[:4] == [
        (Direction.NOTE, f"connecting to {ADDRESS} port 25"),
        (Direction.SERVER, f"220 {HOST} ESMTP"),
        (Direction.CLIENT, "EHLO probe.example.net"),
        (Direction.SERVER, f"250-{HOST}"),
    ]
    assert isinstance(visit.tls, TlsSession)
    assert (
        lines[-len(announced) - 6 :]
        == [
            (Direction.CLIENT, "STARTTLS"),
            (Direction.SERVER, "220 2.0.0 Ready to start TLS"),
            (Direction.NOTE, f"TLS began: TLSv1.3, {visit.tls.cipher}"),
            (Direction.CLIENT, "EHLO probe.example.net"),
            *((Direction.SERVER, line) for line in announced),
            (Direction.SERVER, "250 CHUNKING"),
            (Direction.CLIENT, "QUIT"),
            (Direction.SERVER, "221 2.0.0 Bye"),
        ][-len(announced) - 6 :]
    )


SEGMENTS = [
    (("PIPELINING",), [b"RSET\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster@iana.org>\r\n"]),
    (("pipelining",), [b"RSET\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster@iana.org>\r\n"]),
    (
        ("SIZE 1000",),
        [b"RSET\r\n", b"MAIL FROM:<>\r\n", b"RCPT TO:<postmaster@iana.org>\r\n"],
    ),
]


@pytest.mark.parametrize(("extensions", "second_form"), SEGMENTS)
async def test_commands_are_grouped_only_where_pipelining_is_announced(
    extensions: tuple[str, ...], second_form: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    segments: list[bytes] = []
    receive = ServedConnection.data_received

    def record(self: ServedConnection, data: bytes) -> None:
        segments.append(data)
        receive(self, data)

    monkeypatch.setattr(ServedConnection, "data_received", record)
    seen = await probe_host(replace(IN_CLEAR, extensions=extensions))
    first = next(n for n, data in enumerate(segments) if data.startswith(b"RSET"))
    # DNS over TCP does not come in between: the zone is small.
    assert segments[first : first + len(second_form)] == second_form
    assert seen.verbs == [["EHLO", "STARTTLS", *FORMS, "QUIT"]]


async def test_what_counts_is_what_is_announced_inside_tls() -> None:
    script = replace(HEALTHY, extensions=("STARTTLS",), extensions_in_tls=("PIPELINING",))
    seen = await probe_host(script)
    assert seen.verbs == [["EHLO", "STARTTLS", "EHLO", *FORMS, "QUIT"]]
    said = [line.direction for line in seen.visit.transcript if line.text[:4] != "220 "]
    assert [Direction.CLIENT] * 3 in [said[n : n + 3] for n in range(len(said))]


async def ehlo_of(name: str, zone: str = "") -> str:
    dns = mx_zone(ADDRESS) + zone
    settings = replace(SETTINGS, ehlo_name=name)
    seen = await probe({ADDRESS: HEALTHY}, NO_RELAY, dns=dns, settings=settings)
    words = {line.data for line in seen.server.sessions[0].lines if line.verb == "EHLO"}
    (only,) = words  # the same before and inside TLS
    return only.decode("ascii").strip()


KNOWN = "runner.example.net. A 203.0.114.77\n"


@pytest.mark.parametrize(
    ("given", "machine", "zone", "said"),
    [
        ("given.example.net", "runner.example.net", KNOWN, "EHLO given.example.net"),
        ("", "runner.example.net", KNOWN, "EHLO runner.example.net"),
        ("", "runner.example.net", "", "EHLO [127.0.0.1]"),
        ("", "runner", "", "EHLO [127.0.0.1]"),
        ("", "läufer.example.net", "", "EHLO [127.0.0.1]"),
    ],
)
async def test_the_name_given_in_ehlo(
    monkeypatch: pytest.MonkeyPatch, given: str, machine: str, zone: str, said: str
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: machine)
    assert await ehlo_of(given, zone) == said


@pytest.mark.parametrize(
    ("local", "said"), [("192.0.2.7", "[192.0.2.7]"), ("2001:db8::7", "[IPv6:2001:db8::7]")]
)
def test_the_address_literal(local: str, said: str) -> None:
    plan = Plan(
        endpoint=Endpoint(host=HOST, address=ADDRESS, port=25),
        dialer=Dialer(timeout=1, routes={}),
        greeting_timeout=1,
        timeout=1,
        ehlo_name="",
    )
    assert ehlo_name(plan, local) == said


async def test_helo_where_ehlo_is_refused_and_then_no_starttls() -> None:
    seen = await probe_host(replace(HEALTHY, ehlo=b"502 5.5.1 not implemented\r\n"))
    assert seen.verbs == [["EHLO", "HELO", *FORMS, "QUIT"]]
    visit = seen.visit
    assert visit.ehlo == Reply(code=502, lines=("5.5.1 not implemented",))
    assert visit.helo == Reply(code=250, lines=(HOST,))
    assert (visit.starttls, visit.tls) == (NOT_ASKED, NOT_ASKED)
    assert [attempt.domain for attempt in visit.relay] == ["", DOMAIN, "", DOMAIN]


async def test_ehlo_and_helo_refused() -> None:
    no = b"550 5.7.1 go away\r\n"
    seen = await probe_host(replace(HEALTHY, ehlo=no, helo=no))
    assert seen.verbs == [["EHLO", "HELO", "QUIT"]]
    assert (seen.visit.ehlo, seen.visit.helo) == (Reply(code=550, lines=("5.7.1 go away",)),) * 2
    assert seen.visit.relay == ()


async def test_nothing_more_is_said_where_helo_loses_the_connection() -> None:
    script = replace(HEALTHY, ehlo=b"502 5.5.1 no\r\n", drop_at="HELO")
    seen = await probe_host(script, settings=replace(SETTINGS, retries=0))
    assert isinstance(seen.visit.helo, Unseen)
    assert seen.visit.helo.trouble is Trouble.CLOSED
    said = [line.text for line in seen.visit.transcript if line.direction is Direction.CLIENT]
    assert said == ["EHLO probe.example.net", "HELO probe.example.net"]


async def test_no_relay_test_means_no_mail() -> None:
    seen = await probe_host(HEALTHY, target=NO_RELAY)
    assert seen.verbs == [["EHLO", "STARTTLS", "EHLO", "QUIT"]]
    assert seen.visit.relay == ()


async def test_a_port_of_ones_own() -> None:
    seen = await probe_host(Script(recipient=AT_HOME), settings=replace(SETTINGS, port=2525))
    assert (seen.visit.port, seen.evidence.port, len(seen.verbs)) == (2525, 2525, 1)


async def test_an_ehlo_answered_421_is_tried_again() -> None:
    busy = replace(HEALTHY, ehlo=b"421 4.3.2 busy\r\n")
    seen = await probe_host(busy, HEALTHY, target=NO_RELAY)
    assert seen.verbs == [["EHLO"], ["EHLO", "STARTTLS", "EHLO", "QUIT"]]
    assert isinstance(seen.visit.ehlo_after_tls, Reply)
