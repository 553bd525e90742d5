"""Relaying: mail for outsiders is refused, mail for the domain is accepted.

A server that accepts mail from anybody to anybody is an open relay. Spammers find it within hours,
and blocklists follow (RFC 2505, RFC 5321 7.9). The test asks like a spammer, with MAIL FROM and
RCPT TO for a recipient at another domain, and ends before DATA.

Accepting that recipient shows relaying. A refusal is not yet proof of the contrary: a server that
refuses this client for its address or its reputation refuses everything, and may relay for others.
So a refusal counts if its words are about relaying, or if the server accepts the control recipient
`postmaster@DOMAIN` on the same connection. Otherwise the answer is unknown, with the server's
words.

The thorough test adds old ways to address a relay, such as `user%outside@DOMAIN`. A domain that
accepts every mailbox accepts those too; they count only if a random mailbox is refused.
"""
