"""Check the mail side of a domain, and fail the pipeline if senders would lose mail.

A run has four stages, and each is a package:

1. config reads flags, environment and mxcheck.toml, and says which domains to check by which
   policy.
2. probe asks the network: DNS, SMTP, TLS, HTTPS. What it sees, it records as evidence.
3. judge asks every rule about the evidence, and applies levels and waivers. That gives a verdict.
4. report turns the verdict into text, for people and for programs.

Only probe touches the network and the clock. Everything after it is a function of the evidence, so
a run can be saved and judged again offline, and a rule is tested without a socket. An attempt that
shows nothing is recorded as such, with the reason; so a host that cannot be reached never looks
like a pass. app.py joins the stages, and reads from top to bottom.

No mail is ever sent: the relay test ends with RCPT TO.
"""

__version__ = "0.1.0"
