"""The only layer that touches the network, the resolver and the clock."""
