"""The exit codes, which pipelines rely on."""

EXIT_PASS = 0
EXIT_FAIL = 1
EXIT_USAGE = 2
EXIT_UNKNOWN = 3
EXIT_BUG = 70
EXIT_INTERRUPTED = 130

MEANINGS = {
    EXIT_PASS: "Everything required passed or was waived.",
    EXIT_FAIL: "At least one failure at or above --fail-on.",
    EXIT_USAGE: "A bad flag or configuration, or nothing to check: named on stderr.",
    EXIT_UNKNOWN: "No failure, but an error-level rule could not be judged, or none was judged.",
    EXIT_BUG: "A bug in mxcheck: the traceback is on stderr.",
    EXIT_INTERRUPTED: "Interrupted: what was gathered is still reported.",
}
"""What each exit code says, in a sentence."""
