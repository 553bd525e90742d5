"""Output: report files, the screen, standard streams, and signals while they are written.

A report is written completely or not at all: first to a file beside the target, then renamed.
SIGINT and SIGTERM wait until the reports are written; the exit code is then the one in the reports.
A pipe that nobody reads ends with a sentence, not with a traceback.
"""
