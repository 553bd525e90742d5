"""TCP segments in Ethernet frames, as far as a box that looks at ClientHellos has to know them."""

import socket
import struct
from dataclasses import dataclass
from typing import Self

from tests.real.mail_host import SMTP_PORT

_IP, _TCP, _BARE_TCP = 14, 34, 54  # where the headers begin, and where that of TCP ends at least
_IPV4_WITHOUT_OPTIONS = b"\x08\x00\x45"
_HANDSHAKE, _RECORD_HEADER = b"\x16\x03", 5  # RFC 8446 5.1
_RESET = 0x04
_SIXTEEN_BITS = 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """The sizes in bytes of a ClientHello's record, and of the part in its first segment."""

    record: int
    first: int

    @property
    def is_split(self) -> bool:
        return self.record > self.first


@dataclass(frozen=True, slots=True)
class Segment:
    """A frame with a TCP segment over IPv4 (RFC 791 3.1, RFC 9293 3.1)."""

    frame: bytes

    @classmethod
    def of(cls, frame: bytes) -> Self | None:
        """Return the segment, if the frame contains one."""
        is_ipv4 = len(frame) >= _BARE_TCP and frame[12 : _IP + 1] == _IPV4_WITHOUT_OPTIONS
        return cls(frame) if is_ipv4 and frame[_IP + 9] == socket.IPPROTO_TCP else None

    @property
    def source_port(self) -> int:
        return int.from_bytes(self.frame[_TCP : _TCP + 2])

    @property
    def target_port(self) -> int:
        return int.from_bytes(self.frame[_TCP + 2 : _TCP + 4])

    @property
    def target(self) -> str:
        return socket.inet_ntoa(self.frame[_IP + 16 : _TCP])

    @property
    def payload(self) -> bytes:
        start = _TCP + (self.frame[_TCP + 12] >> 4) * 4
        return self.frame[start : _IP + int.from_bytes(self.frame[_IP + 2 : _IP + 4])]

    @property
    def hello(self) -> Hello | None:
        """Return the ClientHello that begins here, if one does."""
        payload = self.payload
        if self.target_port != SMTP_PORT or not payload.startswith(_HANDSHAKE):
            return None
        return Hello(record=_RECORD_HEADER + int.from_bytes(payload[3:5]), first=len(payload))

    def reset_of_target(self) -> bytes:
        """Return the frame with which the source would reset the connection."""
        frame = self.frame
        addresses, ports = frame[_IP + 12 : _TCP], frame[_TCP : _TCP + 4]
        return frame[:_IP] + _reset(addresses, ports, number=frame[_TCP + 4 : _TCP + 8])

    def reset_of_source(self) -> bytes:
        """Return the frame with which the target would reset the connection."""
        frame = self.frame
        addresses = frame[_IP + 16 : _TCP] + frame[_IP + 12 : _IP + 16]
        ports = frame[_TCP + 2 : _TCP + 4] + frame[_TCP : _TCP + 2]
        ethernet = frame[6:12] + frame[:6] + frame[12:_IP]
        return ethernet + _reset(addresses, ports, number=frame[_TCP + 8 : _TCP + 12])


def _reset(addresses: bytes, ports: bytes, *, number: bytes) -> bytes:
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 40, 0, 0, 64, socket.IPPROTO_TCP, 0) + addresses
    tcp = ports + number + struct.pack("!IBBHHH", 0, 5 << 4, _RESET, 0, 0, 0)
    pseudo_header = addresses + struct.pack("!HH", socket.IPPROTO_TCP, len(tcp))
    return _with_checksum(ip, 10, ip) + _with_checksum(tcp, 16, pseudo_header + tcp)


def _with_checksum(header: bytes, place: int, summed: bytes) -> bytes:
    """Return a header with the checksum of `summed` at that place (RFC 1071)."""
    total = sum(struct.unpack(f"!{len(summed) // 2}H", summed))
    while total > _SIXTEEN_BITS:
        total = (total & _SIXTEEN_BITS) + (total >> 16)
    return header[:place] + struct.pack("!H", total ^ _SIXTEEN_BITS) + header[place + 2 :]
