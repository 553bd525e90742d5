"""`python -m mxcheck`."""

from mxcheck.cli import main

main()
