"""What rules find in the evidence, shared by several rules."""
