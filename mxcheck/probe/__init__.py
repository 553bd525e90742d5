"""The probe: the only package that uses the network, the resolver and the clock.

For each domain it looks up MX hosts and their addresses, visits each address once, fetches the
MTA-STS policy, and looks up TLSA records and reverse names, as far as the selected rules read them
(run.py). It records what it sees and draws no conclusions.

A probe must not harm anybody, and nobody must be able to harm it:

- It never sends mail, a password, or a command that looks up mailboxes.
- It opens few connections to a host, two at a time at most, and goes away after 421.
- Everything is bounded: time per step, per host and per run, bytes per reply, lines, redirects.
- It connects to public addresses only, unless the user allows others.

If no address of a family can be reached, control hosts are asked as well: a firewall on this side
must not look like a dead server.
"""
