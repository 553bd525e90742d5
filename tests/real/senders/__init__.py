"""What real senders make of servers that are odd at the handshake, beside what mxcheck says."""
