"""What was seen, never what it means: frozen values that probes write and rules read."""
