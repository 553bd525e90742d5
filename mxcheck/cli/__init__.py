"""The command line: `check`, `judge`, `explain`, `rules`, `demo`, `init`, `schema`.

main.py parses the arguments, calls the command and returns its exit code. Options are generated
from the table in config/flags.py, so that flag, environment variable and config key have one
definition.

This is the only place that catches every exception: a bug ends with exit code 70, never with 1,
which a pipeline would read as "mail is insecure".
"""
