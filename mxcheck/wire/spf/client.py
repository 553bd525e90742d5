"""The client of a check (RFC 7208 4.1): its address, MAIL FROM and HELO, and macros of them."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

from mxcheck.wire.address import IpAddress

NO_LOCAL_PART = "postmaster"
"""The local part where there is none (RFC 7208 4.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The client's address, the sender in MAIL FROM (or of HELO), and the name in HELO."""

    address: IpAddress
    sender: str
    helo: str

    @classmethod
    def of(cls, address: IpAddress, sender: str, helo: str) -> "Client":
        """Return the client; without a sender the name in HELO is asked about (RFC 7208 2.4).

        An IPv4 address that an IPv6 address maps is one (RFC 7208 5).
        """
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        local, _, domain = (sender or helo).rpartition("@")
        return cls(
            address=mapped or address, sender=f"{local or NO_LOCAL_PART}@{domain}", helo=helo
        )

    @property
    def domain(self) -> str:
        """Return the domain of the sender."""
        return self.sender.rpartition("@")[2]

    @property
    def rdtype(self) -> str:
        """Return the type of the address records that may match."""
        return "A" if self.address.version == 4 else "AAAA"  # noqa: PLR2004

    @property
    def reverse_name(self) -> str:
        """Return the name of the PTR records of the address."""
        return self.address.reverse_pointer

    def values(self, domain: str) -> Mapping[str, str]:
        """Return the value of each macro letter but p, which takes lookups (RFC 7208 7.2)."""
        return {
            "s": self.sender,
            "l": self.sender.rpartition("@")[0],
            "o": self.domain,
            "d": domain,
            "i": self._dotted,
            "v": "in-addr" if self.address.version == 4 else "ip6",  # noqa: PLR2004
            "h": self.helo,
        }

    @property
    def _dotted(self) -> str:
        """Return the address in parts between dots: for IPv6 each of its 32 hexadecimal digits."""
        if isinstance(self.address, ipaddress.IPv4Address):
            return str(self.address)
        return ".".join(self.address.exploded.replace(":", ""))
