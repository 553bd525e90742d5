"""A silence while the way out was broken is not that of the server."""

from dataclasses import dataclass, replace

import pytest

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Connection, RelayAttempt, RelayForm, Reply, Visit
from mxcheck.probe.smtp.lost_way import doubt_silences
from mxcheck.probe.smtp.notebook import Notebook
from mxcheck.probe.smtp.questions import SHORT
from mxcheck.probe.tcp import Opened

OK = Reply(code=250, lines=("Ok",))
SILENCE = Unseen(trouble=Trouble.TIMEOUT, detail="no reply within 30 s")
REFUSED = Unseen(trouble=Trouble.REFUSED, detail="connection refused")
BROKEN = Unseen(trouble=Trouble.WAY_BROKEN, detail="the other machine no longer answers")


@dataclass
class FakeWay:
    broken: Unseen | None
    host: str = "gate.example.net"
    address: str = "192.0.2.9"
    asked: int = 0

    async def connect(self, address: str, port: int, seconds: float) -> Opened | Unseen:
        raise NotImplementedError

    async def why_broken(self) -> Unseen | None:
        self.asked += 1
        return self.broken


def notebook(**stages: object) -> Notebook:
    visit = Visit(host="mx", address="203.0.114.1", port=25, connection=Connection(connect_ms=1))
    made = Notebook(visit)
    made.visit = replace(visit, **stages)  # type: ignore[arg-type]
    return made


async def test_a_visit_without_a_silence_asks_for_nothing() -> None:
    way, notes = FakeWay(BROKEN), notebook(ehlo=OK)
    notes.visit = replace(notes.visit, connection=REFUSED)
    await doubt_silences(notes, way)
    assert (way.asked, notes.visit.connection) == (0, REFUSED)


@pytest.mark.parametrize("broken", [None, BROKEN])
async def test_every_silence_counts_only_if_the_way_works(broken: Unseen | None) -> None:
    attempt = RelayAttempt(
        domain="", form=RelayForm.NULL_SENDER, sender="", recipient="x@y", mail=OK, rcpt=SILENCE
    )
    notes = notebook(ehlo=SILENCE)
    notes.relay = [attempt]
    notes.hellos = [replace(SHORT, answer=SILENCE)]
    notes.injection = SILENCE
    await doubt_silences(notes, FakeWay(broken))
    expected = broken or SILENCE
    assert notes.visit.ehlo == expected
    assert notes.relay[0].rcpt == expected
    assert notes.relay[0].mail == OK
    assert notes.hellos[0].answer == expected
    assert notes.injection == expected


async def test_without_a_way_out_nothing_changes() -> None:
    notes = notebook(ehlo=SILENCE)
    await doubt_silences(notes, None)
    assert notes.visit.ehlo == SILENCE
