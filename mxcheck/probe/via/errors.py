"""The error of a way out that cannot be opened."""


class WayOutError(Exception):
    """The way out cannot be opened: nothing was probed. The message says why, and what to do."""
