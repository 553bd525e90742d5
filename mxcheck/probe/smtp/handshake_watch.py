"""Reading along while a server speaks TLS: what comes in clear, and what takes long to compute."""

from dataclasses import dataclass, field, replace

from mxcheck.evidence.outcome import NOT_ASKED, Unseen
from mxcheck.evidence.tls import ServerHello
from mxcheck.wire.server_hello import AnswerReader
from mxcheck.wire.tls_record import (
    ALERT,
    APPLICATION_DATA,
    CHANGE_CIPHER_SPEC,
    HANDSHAKE,
    MalformedTlsError,
    RecordReader,
)

MAX_DH_BITS = 4096
"""A key exchange of this size takes 40 ms; OpenSSL accepts 10,000 bits, which take over 1 s."""
_KINDS = frozenset({CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA})


@dataclass(slots=True)
class HandshakeWatch:
    """Watches what a server sends; the bytes go to OpenSSL all the same.

    `renegotiates` tells that the server begins a new handshake inside the session (TLS 1.2 and
    older), which is encrypted, so that its key exchange may be of any size.
    """

    completed: bool = False
    renegotiates: bool = False
    _answer: AnswerReader = field(default_factory=AnswerReader)
    _records: RecordReader = field(default_factory=lambda: RecordReader(_KINDS))

    def feed(self, data: bytes) -> None:
        """Take the bytes that come next."""
        self._answer.feed(data)
        if self.renegotiates:
            return
        self._records.feed(data)
        try:
            while record := self._records.next():
                self.renegotiates |= self.completed and record.kind == HANDSHAKE
        except MalformedTlsError:
            self.renegotiates = self.completed

    @property
    def hello(self) -> ServerHello | Unseen:
        """What the server's first flight says, without the chain."""
        answer = self._answer.answer
        if isinstance(answer, ServerHello):
            return replace(answer, chain=())
        return answer if isinstance(answer, Unseen) else NOT_ASKED

    @property
    def dh_bits(self) -> int:
        """The size of the prime that the server chose, 0 if it did not (yet)."""
        return self._answer.hello.dh_bits if self._answer.hello else 0

    @property
    def is_costly(self) -> bool:
        """Whether the next step may take so long that other servers would have to wait for it."""
        return self.renegotiates or (not self.completed and self.dh_bits > MAX_DH_BITS)
