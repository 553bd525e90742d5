"""DANE for SMTP (RFC 7672, RFC 6698): certificates that are pinned in signed DNS.

A sender that uses DANE decides in this order:

1. Is the MX answer signed, and valid? If not, DANE is not used for the domain.
2. For each MX host: are its address records signed? If not, DANE is not used for that host. If the
   name is an alias, the records below its target are looked up first (RFC 7672 2.2.3).
3. Look up `_25._tcp.HOST` TLSA. If the lookup fails in a signed zone, the sender does not deliver
   to this host: an attacker may have suppressed the records.
4. Are there signed TLSA records? Then the host must offer STARTTLS; without it nothing is
   delivered.
5. Is a record usable? Usages 2 and 3 are; 0 and 1 are not used for mail. If none is usable, TLS is
   required but no certificate is checked. Of several digests only the strongest counts.
6. Usage 3 must match the server's own certificate or key. Usage 2 must match an issuer that the
   server sent, and names and dates count. If nothing matches, mail waits in the queue and is
   returned.

The usual accident is a renewal: the certificate is new and the record is old. `3 1 1` pins the key,
so it survives a renewal that keeps the key; otherwise the new record must be published first, and
the old one removed when it has expired from caches.

DANE needs DNSSEC, and a resolver that validates it. If mxcheck cannot trust its resolver to do so,
the answer about records is unknown.
"""
