"""Relay: is mail for strangers refused, and mail for the domain taken."""
