"""Posture: what a domain says in DNS about the mail that it sends.

Whoever likes can write any address into the From field. Four records tell receivers what is real:

- SPF (RFC 7208) lists the addresses that may send for the domain of the envelope sender.
- DKIM (RFC 6376) is a signature by the domain; its key is at `SELECTOR._domainkey.DOMAIN`. DNS
  cannot list selectors, so the ones in use are configured (`dkim_selectors`).
- DMARC (RFC 9989) joins both to the domain in From: mail passes if SPF or DKIM passes for that
  domain, or for one of the same organization. The policy at `_dmarc.DOMAIN` asks receivers what to
  do with the rest (`p=none`, `quarantine` or `reject`), and where to send daily reports.
- BIMI shows a logo beside mail of a domain whose DMARC policy is enforced.

Nothing here touches the servers of the domain: the rules read DNS alone, and for BIMI two files.
"""
