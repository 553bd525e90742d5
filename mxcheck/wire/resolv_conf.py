"""The one option of resolv.conf(5) that dnspython does not read."""

TRUST_AD = "trust-ad"


def has_trust_ad(text: str) -> bool:
    """Whether the file says that its name servers' AD bit may be believed."""
    options = (line.split() for line in text.splitlines())
    return any(words[:1] == ["options"] and TRUST_AD in words for words in options)
