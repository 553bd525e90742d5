"""A mail server in another namespace, and a box on the way that sees each frame."""
