"""TLS: the server offers STARTTLS, the handshake completes, and its parameters are not weak.

SMTP begins in clear. After EHLO has offered STARTTLS, the client sends STARTTLS, the server answers
220, and the TLS handshake follows (RFC 3207). Both sides then forget what was said before, and EHLO
is sent again.

- If STARTTLS is not offered, senders deliver in clear, unless DANE or MTA-STS forbids it.
- If it is offered and fails, senders differ: some deliver in clear, some keep the mail. That is
  worse than not offering it.
- Whoever is in the middle can remove the offer; only DANE and MTA-STS prevent that.

TLS 1.2 is the minimum today (RFC 8996), 1.3 is recommended. A modern client cannot ask for old
versions, so mxcheck builds a ClientHello itself to see which ones the server accepts.

A server that keeps commands that came before the handshake, and answers them inside TLS, lets an
attacker inject them (CVE-2011-0411).
"""
