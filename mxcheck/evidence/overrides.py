"""What a run took as given in place of what is published or served: a change before it is made."""

from dataclasses import dataclass
from enum import StrEnum


class OverrideKind(StrEnum):
    """What is overridden; the names are those of the flags."""

    CONNECT_TO = "connect-to"
    MX = "mx"
    ZONE_FILE = "zone-file"
    CERT_FILE = "cert-file"
    MTA_STS_POLICY = "mta-sts-policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """An override, as the user wrote it; what comes from it bears its name (`overrides`).

    `passed_over` is what of it was not used, in words.
    """

    kind: OverrideKind
    given: str
    passed_over: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The flag and its value."""
        return f"--{self.kind} {self.given}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideChain:
    """Certificates (DER, leaf first) that are about to be deployed; never a private key."""

    chain: tuple[bytes, ...]
    overrides: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverridePolicy:
    """An MTA-STS policy that is about to be published; `path` is its file, as the user wrote it."""

    path: str
    body: bytes
    overrides: tuple[str, ...]
