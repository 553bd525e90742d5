"""The part of the JSON report about certificates: its shape."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainJson:
    """One certificate of the chain as sent; an unreadable one has only `sha256`."""

    subject: str | None
    issuer: str | None
    not_after: str | None
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateJson:
    """The server's certificate; `days_left` is in whole days, negative if it has expired.

    A date is null if it cannot be read; `unseen` of the endpoint then says why.
    """

    subject: str
    issuer: str
    not_before: str | None
    not_after: str | None
    days_left: int | None
    san: tuple[str, ...]
    key: str
    signature: str
    sha256: str
    chain: tuple[ChainJson, ...]
