"""What to do about a failure, shared by several rules."""
