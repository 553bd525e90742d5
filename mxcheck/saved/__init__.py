"""Saved evidence: writing it, reading it, and refusing what does not fit together."""
