"""The Content-Encoding field of an HTTP response (RFC 9110 8.4)."""

_COMPRESSIONS = frozenset(
    {
        *("br", "compress", "dcb", "dcz", "deflate", "exi", "gzip", "pack200-gzip"),
        *("x-compress", "x-gzip", "zstd"),
    }
)
"""The content codings of the IANA registry that compress."""


def compressions_in(value: str) -> tuple[str, ...]:
    """Return the compressions that a field names; anything else in it leaves the body as it is."""
    codings = (coding.strip().lower() for coding in value.split(","))
    return tuple(coding for coding in codings if coding in _COMPRESSIONS)
