"""MTA-STS (RFC 8461) and TLS-RPT (RFC 8460): TLS that the domain promises over HTTPS.

MTA-STS is for domains without DNSSEC. It has two parts: a TXT record at `_mta-sts.DOMAIN` with an
id, and a policy at `https://mta-sts.DOMAIN/.well-known/mta-sts.txt`. A sender decides like this:

1. Look up the record. If it is missing, or there are several, a policy that was fetched before
   still counts until its max_age has passed.
2. If the id is new, fetch the policy over HTTPS. The certificate must be valid; redirects are not
   followed. If that fails, again an older policy counts.
3. In mode enforce, deliver only to MX hosts that match an `mx` line (`*.` matches one label), with
   TLS and a certificate that is valid for the host. Otherwise mail waits and is returned.
4. In mode testing, deliver anyway, and report. In mode none there is no policy.

The usual accidents: a new MX host that is not in the policy, a changed policy with the old id, a
policy host whose certificate expires because nobody looks at it.

TLS-RPT asks senders for daily reports about TLS failures, sent to the addresses in a TXT record at
`_smtp._tls.DOMAIN`. No mail depends on it, but it is how one learns that mail is waiting elsewhere.
"""
