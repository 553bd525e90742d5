"""The reply to EHLO (RFC 5321 4.1.1.1): which extensions a server offers."""

from mxcheck.evidence.smtp import Reply


def parse_ehlo(reply: Reply) -> dict[str, str]:
    """Extension keyword (upper case) to its parameters; the first line is the server's name."""
    extensions: dict[str, str] = {}
    for line in reply.lines[1:]:
        keyword, _, parameters = line.strip().partition(" ")
        # Some servers still write "AUTH=LOGIN PLAIN", from before RFC 2554.
        keyword, _, old_style = keyword.partition("=")
        if keyword:
            extensions.setdefault(keyword.upper(), f"{old_style} {parameters}".strip())
    return extensions
