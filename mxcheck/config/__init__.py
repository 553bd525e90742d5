"""The configuration of a run: flags, environment and config file, with every fault in its place."""
