"""The server's answer to a ClientHello, read from its bytes: ServerHello, alert, or no TLS."""

from dataclasses import dataclass, field, replace

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.tls import Alert, HelloAnswer, ServerHello
from mxcheck.wire.cipher_suites import suite_name
from mxcheck.wire.tls_alert import ALERT_TYPE, make_alert
from mxcheck.wire.tls_version import version_name

MAX_ANSWER = 131072
"""Bytes of an answer that are read: a longer first flight is no honest server's."""

_HANDSHAKE_TYPE = 22
_RECORD_HEADER, _MESSAGE_HEADER = 5, 4
_MAX_FRAGMENT = 16384 + 2048  # RFC 5246 6.2.3
_SERVER_HELLO, _CERTIFICATE, _SERVER_HELLO_DONE = 2, 11, 14
_SUPPORTED_VERSIONS = 43
_MAJOR = 3
_ALERT_SIZE = 2
_FIXED = 34  # version and random


class _MalformedError(Exception):
    """The bytes are not TLS; the message says what is wrong with them."""


@dataclass(slots=True)
class AnswerReader:
    """Takes the bytes of an answer as they come, however records and segments cut them.

    Up to TLS 1.2 the answer counts only once the whole first flight is there (ServerHelloDone): a
    server may choose a version, and then find that it cannot use it.
    """

    hello: ServerHello | None = None
    _size: int = 0
    _records: bytearray = field(default_factory=bytearray)
    _messages: bytearray = field(default_factory=bytearray)
    _alerts: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> HelloAnswer | None:
        """The answer, once the bytes make one; None as long as more are needed."""
        self._size += len(data)
        self._records += data
        try:
            return self._next_records()
        except _MalformedError as error:
            detail = f"the server's answer to a ClientHello is not TLS: {error}"
            return Unseen(trouble=Trouble.MALFORMED, detail=detail)

    def _next_records(self) -> HelloAnswer | None:
        location = 0
        answer = None
        while answer is None and (end := self._end_of_record(location)):
            fragment = bytes(self._records[location + _RECORD_HEADER : end])
            kind, location = self._records[location], end
            answer = self._alert(fragment) if kind == ALERT_TYPE else self._handshake(fragment)
        del self._records[:location]
        if answer is None and self._size > MAX_ANSWER:
            detail = f"the server's first flight does not end within {MAX_ANSWER // 1024} KiB"
            return Unseen(trouble=Trouble.FLOOD, detail=detail)
        return answer

    def _end_of_record(self, start: int) -> int:
        """Where the record ends that begins at `start`; 0 where it is not there as a whole."""
        header = self._records[start : start + _RECORD_HEADER]
        if header and header[0] not in {ALERT_TYPE, _HANDSHAKE_TYPE}:
            raise _MalformedError(f"it has a record of type {header[0]}")
        if len(header) < _RECORD_HEADER:
            return 0
        if header[1] != _MAJOR:
            raise _MalformedError(f"it has a record of version {header[1]}.{header[2]}")
        size = int.from_bytes(header[3:], "big")
        if not 0 < size <= _MAX_FRAGMENT:
            raise _MalformedError(f"it has a record of {size} bytes")
        end = start + _RECORD_HEADER + size
        return end if end <= len(self._records) else 0

    def _alert(self, fragment: bytes) -> Alert | None:
        self._alerts += fragment
        while len(self._alerts) >= _ALERT_SIZE:
            alert = make_alert(*self._alerts[:_ALERT_SIZE])
            del self._alerts[:_ALERT_SIZE]
            # RFC 6066 3: a warning, of unrecognized_name for one, does not end a handshake.
            if alert.level != "warning" or alert.description == "close_notify":
                return alert
        return None

    def _handshake(self, fragment: bytes) -> ServerHello | None:
        self._messages += fragment
        while len(self._messages) >= _MESSAGE_HEADER:
            kind = self._messages[0]
            end = _MESSAGE_HEADER + int.from_bytes(self._messages[1:_MESSAGE_HEADER], "big")
            if self.hello is None and kind != _SERVER_HELLO:
                raise _MalformedError(f"it begins with a handshake message of type {kind}")
            if end > len(self._messages):
                return None
            body = bytes(self._messages[_MESSAGE_HEADER:end])
            del self._messages[:end]
            self.hello = self.hello or _parse_server_hello(body)
            if kind == _CERTIFICATE:
                self.hello = replace(self.hello, chain=_parse_certificates(body))
            if kind == _SERVER_HELLO_DONE or self.hello.version == "TLSv1.3":
                return self.hello
        return None


def _parse_server_hello(body: bytes) -> ServerHello:
    """A ServerHello, or a HelloRetryRequest, which has its form (RFC 8446 4.1.3)."""
    # Version and random, session id, suite, compression method, extensions.
    suite_at = _FIXED + 1 + (body[_FIXED] if len(body) > _FIXED else 0)
    suite = body[suite_at : suite_at + 2]
    if len(suite) < 2:  # noqa: PLR2004 - a uint16
        raise _MalformedError("its ServerHello breaks off")
    number = _selected_version(body[suite_at + 5 :]) or int.from_bytes(body[:2], "big")
    version = version_name(number)
    if not version:
        raise _MalformedError(f"its ServerHello is of version 0x{number:04x}")
    return ServerHello(version=version, cipher=suite_name(int.from_bytes(suite, "big")))


def _parse_certificates(body: bytes) -> tuple[bytes, ...]:
    """The certificates of a Certificate message (RFC 5246 7.4.2), as far as they are whole."""
    chain = []
    location = 3
    while location + 3 <= len(body):
        end = location + 3 + int.from_bytes(body[location : location + 3], "big")
        if location + 3 < end <= len(body):
            chain.append(body[location + 3 : end])
        location = end
    return tuple(chain)


def _selected_version(extensions: bytes) -> int:
    """The version in supported_versions (RFC 8446 4.2.1), 0 where there is none."""
    location = 0
    while location + 4 <= len(extensions):
        number = int.from_bytes(extensions[location : location + 2], "big")
        size = int.from_bytes(extensions[location + 2 : location + 4], "big")
        content = extensions[location + 4 : location + 4 + size]
        if number == _SUPPORTED_VERSIONS:
            if len(content) != 2:  # noqa: PLR2004 - a uint16
                raise _MalformedError("its supported_versions hold no single version")
            return int.from_bytes(content, "big")
        location += 4 + size
    return 0
