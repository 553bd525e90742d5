"""Certificates: dates, names, chain, trust, keys (RFC 5280, RFC 9525).

A mail server presents a certificate after STARTTLS. Most senders encrypt to any certificate, even
an expired one: that protects against listening, not against somebody in the middle. Senders verify
if the domain asks for it:

- MTA-STS in mode enforce: the certificate must contain the MX host's name, be valid today, and lead
  to a public root.
- DANE: the certificate must match a TLSA record. With usage 3 names, dates and roots do not count;
  with usage 2 the chain must lead to the anchor, and dates and names count.
- Some senders verify for chosen domains by their own configuration.

So each message says whether the domain has made such a promise. The MX host is what the MX record
names, not the domain; a wildcard covers one label. The chain is verified as OpenSSL verifies what
the server sent: a missing intermediate is not fetched, although browsers do that, which is why such
a server looks fine in a browser.
"""
