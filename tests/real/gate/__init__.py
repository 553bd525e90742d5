"""A machine whose port 25 is closed, and a gate through which mail servers are reached."""
