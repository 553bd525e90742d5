"""TLS: is STARTTLS offered, does the handshake complete, and at which version."""
