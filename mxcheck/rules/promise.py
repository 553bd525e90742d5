"""Which senders mind a certificate that does not authenticate the server."""


def promise_note(rule: str) -> str:
    """A sentence for the rules of name, chain and trust, with the line that makes them milder."""
    return (
        "Senders that authenticate the server (MTA-STS enforce, DANE) refuse delivery; others still"
        f' deliver. Where no policy promises it, levels = {{ "{rule}" = "warning" }} makes this a'
        " warning."
    )
