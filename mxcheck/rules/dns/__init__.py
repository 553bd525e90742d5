"""DNS: how senders find the MX hosts of a domain (RFC 5321 5.1).

A sender looks up the MX records of the domain and tries the hosts in the order of their preference,
the lowest first. If there are none, the address of the domain itself is used. A single `0 .`, the
null MX, says that the domain accepts no mail at all (RFC 7505). Then it looks up A and AAAA records
of each host.

Mail is lost if the lookups lead nowhere: the domain does not exist, an MX names an IP address or an
alias, a host has no address or only a private one. A lookup that fails is different from an answer
without records: senders try again, and return the mail after days.

DNSSEC signs these answers. A signed zone with wrong or expired signatures is worse than an unsigned
one: resolvers that validate answer SERVFAIL, and the domain does not exist for their users.

Reverse DNS maps the address back to a name. For an MX host it matters less than for a sender, but
most servers do both.
"""
