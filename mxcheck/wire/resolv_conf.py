"""The option of resolv.conf(5) that dnspython does not read."""

from mxcheck.wire.address import parse_address

TRUST_AD = "trust-ad"


def vouches_for(text: str, address: str) -> bool:
    """Return whether the file names a resolver, and says that its AD bit may be believed."""
    lines = [line.split() for line in text.splitlines()]
    trusted = any(words[:1] == ["options"] and TRUST_AD in words for words in lines)
    named = [parse_address(words[1]) for words in lines if words[1:] and words[0] == "nameserver"]
    wanted = parse_address(address)
    return trusted and wanted is not None and wanted in named
