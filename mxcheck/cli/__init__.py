"""The command line: `check`, `judge`, `explain`, `rules`, `demo`, `init`, `schema`.

main.py runs the program and returns its exit code; program.py parses the arguments and calls the
command. Options are generated from the table in config/flags.py, so that flag, environment variable
and config key have one definition.

This is the only place that catches every exception: a bug ends with exit code 70, never with 1,
which a pipeline would read as "mail is insecure".
"""
