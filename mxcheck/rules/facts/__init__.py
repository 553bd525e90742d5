"""Finders: how rules get their facts from the evidence, shared by several rules.

A finder returns the fact, or says why there is none: `NotApplicable` with the rule that owns the
cause, or `Unseen` if the probe could not look. So a closed port is reported once, by the rule about
reaching the port, and not again by each rule about TLS. The order of causes is: MX records,
addresses, the connection, greeting, EHLO, STARTTLS, handshake, certificate (stages.py).
"""
