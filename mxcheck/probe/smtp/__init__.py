"""The SMTP dialogue: visits to MX hosts, the relay test and further connections."""
