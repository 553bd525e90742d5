"""Check the mail side of a domain and stop the pipeline where senders would lose mail."""

__version__ = "0.1.0"
