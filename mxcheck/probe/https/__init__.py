"""HTTPS requests: the MTA-STS policy of a domain."""
