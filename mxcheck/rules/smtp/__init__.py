"""SMTP: does each address answer on port 25, and greet, as RFC 5321 asks."""
