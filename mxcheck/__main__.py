"""`python -m mxcheck`."""

from mxcheck.cli.main import main

main()
