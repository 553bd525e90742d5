"""The server's answer to a ClientHello, read from its bytes: ServerHello, alert, or no TLS."""

from dataclasses import dataclass, field, replace

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.tls import Alert, HelloAnswer, ServerHello
from mxcheck.wire.server_flight import (
    CERTIFICATE,
    SERVER_HELLO,
    SERVER_HELLO_DONE,
    SERVER_KEY_EXCHANGE,
    parse_certificates,
    parse_server_hello,
    with_key_exchange,
)
from mxcheck.wire.tls_alert import make_alert
from mxcheck.wire.tls_record import ALERT, HANDSHAKE, MalformedTlsError, Record, RecordReader

MAX_ANSWER = 131072
"""Bytes of an answer that are read: no honest server sends a longer first flight."""

_MESSAGE_HEADER = 4
_ALERT_SIZE = 2


@dataclass(slots=True)
class AnswerReader:
    """Reads an answer from its bytes, however records and segments cut them.

    `answer` is the answer once the bytes make one, `hello` what is known of the ServerHello before.
    Up to TLS 1.2 the answer counts only once the whole first flight is there (ServerHelloDone): a
    server may choose a version, and then find that it cannot use it.
    """

    answer: HelloAnswer | None = None
    hello: ServerHello | None = None
    _size: int = 0
    _records: RecordReader = field(
        default_factory=lambda: RecordReader(frozenset({ALERT, HANDSHAKE}))
    )
    _messages: bytearray = field(default_factory=bytearray)
    _alerts: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> HelloAnswer | None:
        """Take the next bytes, and return the answer; None as long as more are needed."""
        if self.answer is None:
            self.answer = self._read(data)
        return self.answer

    def _read(self, data: bytes) -> HelloAnswer | None:
        self._size += len(data)
        self._records.feed(data)
        try:
            while record := self._records.next():
                answer = self._read_record(record)
                if answer is not None:
                    return answer
        except MalformedTlsError as error:
            detail = f"the server's answer to a ClientHello is not TLS: {error}"
            return Unseen(trouble=Trouble.MALFORMED, detail=detail)
        if self._size > MAX_ANSWER:
            detail = f"the server's first flight does not end within {MAX_ANSWER // 1024} KiB"
            return Unseen(trouble=Trouble.FLOOD, detail=detail)
        return None

    def _read_record(self, record: Record) -> Alert | ServerHello | None:
        if record.kind == ALERT:
            return self._read_alerts(record.fragment)
        return self._read_messages(record.fragment)

    def _read_alerts(self, fragment: bytes) -> Alert | None:
        self._alerts += fragment
        while len(self._alerts) >= _ALERT_SIZE:
            alert = make_alert(*self._alerts[:_ALERT_SIZE])
            del self._alerts[:_ALERT_SIZE]
            # RFC 6066 3: a warning, such as unrecognized_name, does not end a handshake.
            if alert.level != "warning" or alert.description == "close_notify":
                return alert
        return None

    def _read_messages(self, fragment: bytes) -> ServerHello | None:
        self._messages += fragment
        while len(self._messages) >= _MESSAGE_HEADER:
            kind = self._messages[0]
            end = _MESSAGE_HEADER + int.from_bytes(self._messages[1:_MESSAGE_HEADER], "big")
            if self.hello is None and kind != SERVER_HELLO:
                raise MalformedTlsError(f"it begins with a handshake message of type {kind}")
            if end > len(self._messages):
                return None
            body = bytes(self._messages[_MESSAGE_HEADER:end])
            del self._messages[:end]
            self.hello = _with_message(self.hello, kind, body)
            if kind == SERVER_HELLO_DONE or self.hello.version == "TLSv1.3":
                return self.hello
        return None


def _with_message(hello: ServerHello | None, kind: int, body: bytes) -> ServerHello:
    """Return what is known after one more message; the first one is a ServerHello."""
    if hello is None:
        return parse_server_hello(body)
    if kind == CERTIFICATE:
        return replace(hello, chain=parse_certificates(body))
    return with_key_exchange(hello, body) if kind == SERVER_KEY_EXCHANGE else hello
