"""Examples and exit codes of the commands, for their help texts."""

from collections.abc import Mapping

from mxcheck.model.exit_codes import (
    EXIT_BUG,
    EXIT_FAIL,
    EXIT_INTERRUPTED,
    EXIT_PASS,
    EXIT_UNKNOWN,
    EXIT_USAGE,
)

_ALL = (EXIT_PASS, EXIT_FAIL, EXIT_USAGE, EXIT_UNKNOWN, EXIT_BUG, EXIT_INTERRUPTED)

EXIT_CODES_OF: Mapping[str, tuple[int, ...]] = {
    "check": _ALL,
    "judge": _ALL,
    "config": (EXIT_PASS, EXIT_USAGE),
}

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "mxcheck": (
        "mxcheck check example.com",
        "mxcheck explain relay",
        "mxcheck init --github example.com",
    ),
    "check": (
        "mxcheck check example.com",
        "mxcheck check --domains-file domains.txt --junit-xml mxcheck-junit.xml",
    ),
    "judge": (
        "mxcheck judge evidence.json",
        "mxcheck judge evidence.json --min-cert-days 30 --markdown report.md",
    ),
    "doctor": ("mxcheck doctor", "mxcheck doctor --via ssh://check@gate.example.net"),
    "rules": ("mxcheck rules", "mxcheck rules --json"),
    "explain": ("mxcheck explain relay", "mxcheck explain dane"),
    "init": (
        "mxcheck init example.com example.org",
        "mxcheck init --github --from OWNER/mxcheck@REF example.com",
    ),
    "schema": ("mxcheck schema config > mxcheck.schema.json", "mxcheck schema report"),
    "config": ("mxcheck config", "mxcheck config --config other.toml example.com"),
    "demo": ("mxcheck demo", "mxcheck demo --verbose"),
}
