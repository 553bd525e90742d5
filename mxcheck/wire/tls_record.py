"""TLS records (RFC 8446 5.1, RFC 5246 6.2.1), split from the bytes in which they come."""

from dataclasses import dataclass, field

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA = 20, 21, 22, 23

_HEADER = 5  # type, version, length
_MAJOR = 3
_MAX_FRAGMENT = 16384 + 2048  # RFC 5246 6.2.3


class MalformedTlsError(Exception):
    """Raised for bytes that are not TLS; the message says what is wrong with them."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its type and its content, which may be encrypted."""

    kind: int
    fragment: bytes


@dataclass(slots=True)
class RecordReader:
    """Splits bytes into records of the given kinds, however the segments cut them."""

    kinds: frozenset[int]
    _received: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._received += data

    def next(self) -> Record | None:
        """Return the next record that is complete; MalformedTlsError if the bytes are not TLS."""
        end = self._end()
        if not end:
            return None
        record = Record(self._received[0], bytes(self._received[_HEADER:end]))
        del self._received[:end]
        return record

    def _end(self) -> int:
        """Return where the first record ends, 0 if it is not complete."""
        header = self._received[:_HEADER]
        if header and header[0] not in self.kinds:
            raise MalformedTlsError(f"it has a record of type {header[0]}")
        if len(header) < _HEADER:
            return 0
        if header[1] != _MAJOR:
            raise MalformedTlsError(f"it has a record of version {header[1]}.{header[2]}")
        size = int.from_bytes(header[3:], "big")
        if not 0 < size <= _MAX_FRAGMENT:
            raise MalformedTlsError(f"it has a record of {size} bytes")
        end = _HEADER + size
        return end if end <= len(self._received) else 0
