"""The commands, a module each: its Typer function, and the work behind it.

Heavy modules are imported by the work, not at the top: `mxcheck --version` starts at once.
"""
