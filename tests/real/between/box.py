"""A box between two namespaces that forwards frames, and may treat a split ClientHello badly."""

import select
import socket
import struct
import subprocess
import threading
from array import array
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from fcntl import ioctl

from tests.real.between.segment import Hello, Segment
from tests.real.namespace import Namespace

MTU = 1500
LINE = "line"  # the interface at either end

_ALL_PROTOCOLS = 0x0003  # linux/if_ether.h
_OUTGOING = 4  # linux/if_packet.h
_LONGEST_FRAME = 65536
_SIOCETHTOOL = 0x8946  # linux/sockios.h
_CHECKSUMS, _TSO, _GSO = 0x17, 0x1F, 0x24  # linux/ethtool.h: ETHTOOL_STXCSUM and so on


class Manner(Enum):
    """What the box does to the first segment of a ClientHello that needs more than one."""

    FORWARD = auto()
    DROP = auto()
    RESET = auto()


@dataclass(slots=True, kw_only=True)
class Box:
    """Forwards frames; `manners` are by the address of the server.

    `hellos` are the first ClientHellos of the connections, by server and port of the client.
    """

    manners: Mapping[str, Manner]
    hellos: dict[tuple[str, int], Hello] = field(default_factory=dict)

    def hellos_to(self, address: str) -> list[Hello]:
        """Return the ClientHellos to a server, in their order."""
        return [hello for (target, _), hello in self.hellos.items() if target == address]

    def run(self, near: socket.socket, far: socket.socket, stop: socket.socket) -> None:
        """Forward frames until the other end of `stop` is closed."""
        while True:
            ready, _, _ = select.select([near, far, stop], [], [])
            if stop in ready:
                return
            for side, other in ((near, far), (far, near)):
                if side in ready:
                    frame, origin = side.recvfrom(_LONGEST_FRAME)
                    if origin[2] != _OUTGOING:
                        self._handle(frame, side, other)

    def _handle(self, frame: bytes, side: socket.socket, other: socket.socket) -> None:
        segment = Segment.of(frame)
        hello = segment.hello if segment else None
        if not segment or not hello:
            other.send(frame)
            return
        self.hellos.setdefault((segment.target, segment.source_port), hello)
        manner = self.manners[segment.target]
        if manner is Manner.FORWARD or not hello.is_split:
            other.send(frame)
        elif manner is Manner.RESET:
            side.send(segment.reset_of_source())
            other.send(segment.reset_of_target())


@contextmanager
def joined(near: Namespace, far: Namespace, box: Box) -> Iterator[None]:
    """Join two namespaces by the box, until the block ends."""
    with ExitStack() as stack:
        between = Namespace(f"{near.name}-box", "127.0.0.1")
        stack.callback(between.delete)
        between.create(())
        sides = []
        for name, end in (("near", near), ("far", far)):
            _lay_line(between, name, end)
            with between.inside():
                side = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            sides.append(stack.enter_context(side))
            side.bind((name, _ALL_PROTOCOLS))
        stop, stopper = map(stack.enter_context, socket.socketpair())
        thread = threading.Thread(target=box.run, args=(*sides, stop))
        thread.start()
        stack.callback(thread.join)
        stack.callback(stopper.close)
        yield


def _lay_line(between: Namespace, name: str, end: Namespace) -> None:
    """Make a veth pair from the box to one end."""
    line = ("link", "add", name, "type", "veth", "peer", "name", LINE, "netns", end.name)
    subprocess.run(["ip", "-n", between.name, *line], check=True, capture_output=True)
    for namespace, interface in ((between, name), (end, LINE)):
        _turn_offload_off(namespace, interface)
        up = ("link", "set", interface, "mtu", str(MTU), "up")
        subprocess.run(["ip", "-n", namespace.name, *up], check=True, capture_output=True)


def _turn_offload_off(namespace: Namespace, interface: str) -> None:
    """Have the kernel cut and checksum each segment, which it would leave to the interface."""
    with namespace.inside(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        for command in (_CHECKSUMS, _TSO, _GSO):
            off = array("I", (command, 0))
            ioctl(
                handle, _SIOCETHTOOL, struct.pack("16sP", interface.encode(), off.buffer_info()[0])
            )
