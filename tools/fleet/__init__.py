"""A fleet of mail servers on loopback, and a bare client to compare mxcheck with."""
