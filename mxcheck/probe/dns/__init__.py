"""Lookups: MX, addresses, TLSA, TXT and PTR records, and whether the answers are authentic.

Answers come from resolvers, and a resolver is believed about DNSSEC only under two conditions: it
validates (`. SOA` comes back with the AD bit), and the way to it is protected, as on this machine
or over TLS or HTTPS. SERVFAIL does not say what is wrong. So the same question is asked again with
checking disabled: if that is answered, the data exists and its signatures are bad.

Records that are about to be published can be put over the live ones (overrides.py); such an answer
is as secure as the zone around it.
"""

from dns import _features

# For a client of its own for DNS over HTTPS dnspython would import httpx2 and h2, a tenth of what a
# run needs to start; nameservers.py imports httpx2 if there is such a resolver.
_features.force("doh", enabled=False)
