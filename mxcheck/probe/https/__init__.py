"""The MTA-STS policy: one verified HTTPS request to `mta-sts.DOMAIN` (RFC 8461 3.3).

The policy counts only if senders would accept it: a certificate for that host that leads to a
public root, status 200, no redirect, at most 64 KiB, within a minute. A policy that was cut off or
came compressed does not count. TLS reports are not sent from here; only their record is looked up.
"""
