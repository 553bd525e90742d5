from collections.abc import Iterator

import pytest

from mxcheck.demo.smtp_server import ScriptedSmtp
from mxcheck.evidence.domain import Run
from mxcheck.evidence.outcome import Unseen
from mxcheck.probe.run import ProbeRun
from mxcheck.probe.tcp import Channel, Dialer
from mxcheck.saved.coherence import oddities
from tests.saving import as_evidence


@pytest.fixture(autouse=True)
def in_good_order(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No server of any test is spoken to before it greets, or in lines without CRLF."""
    servers: list[ScriptedSmtp] = []
    start = ScriptedSmtp.start

    async def remember(self: ScriptedSmtp) -> None:
        servers.append(self)
        await start(self)

    monkeypatch.setattr(ScriptedSmtp, "start", remember)
    yield
    for server in servers:
        assert all(session.early == b"" for session in server.sessions)
        assert all(line.data.endswith(b"\r\n") for s in server.sessions for line in s.lines)


@pytest.fixture(autouse=True)
def evidence_that_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a run saw and however it ended, `mxcheck judge` does not find its evidence odd."""
    gather = ProbeRun.seen

    def look_over(self: ProbeRun) -> Run:
        evidence = gather(self)
        assert list(oddities(as_evidence(evidence))) == []
        return evidence

    monkeypatch.setattr(ProbeRun, "seen", look_over)


@pytest.fixture(autouse=True)
def nothing_left_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every connection is closed by the probe, and none goes past the routes to loopback."""
    channels: list[Channel] = []
    connect = Dialer.connect

    async def remember(self: Dialer, address: str, port: int) -> tuple[Channel, float] | Unseen:
        assert (address, port) in self.routes or address == "127.0.0.1"
        opened = await connect(self, address, port)
        if not isinstance(opened, Unseen):
            channels.append(opened[0])
        return opened

    monkeypatch.setattr(Dialer, "connect", remember)
    yield
    assert all(channel.writer.is_closing() for channel in channels)
