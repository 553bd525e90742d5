"""Visits to MX hosts: the SMTP dialogue on port 25 (RFC 5321).

One connection shows almost everything: greeting, EHLO, STARTTLS, certificate, EHLO inside TLS,
relay test, QUIT. visit.py conducts it, session.py opens and upgrades it, dialogue.py sends commands
and reads whole replies. notebook.py keeps what was seen so far, so that a visit that is cut off
shows what it had.

- The handshake accepts any certificate and any version: what is weak has to be seen to be reported.
- Temporary failures are tried again, as a sender would: greylisting (450, 451), 421, 454, resets.
- The relay test asks with MAIL and RCPT for an outside recipient, and for the domain's own
  postmaster as a control. It ends there; DATA is never sent.
- Further connections ask what the first cannot show: the oldest TLS version that is accepted, and
  whether commands sent before the handshake are answered after it (further_connections.py).
"""
