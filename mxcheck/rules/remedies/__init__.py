"""Remedies: what to do about a failure, shared by several rules.

A remedy names the setting of the MTA that was recognised in the server's own words, or of the
common ones if none was. The settings are data of the rule, so that its documentation lists the same
ones. A remedy is a sentence that the person on call can follow, and that is safe: no remedy advises
to require TLS of every sender, because that would refuse mail (RFC 3207 4).
"""
