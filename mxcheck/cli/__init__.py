"""The command line: commands, options, and the files that `mxcheck init` writes."""
