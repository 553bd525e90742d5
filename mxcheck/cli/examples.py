"""Examples and exit codes of the commands, for their help texts."""

from collections.abc import Mapping

from mxcheck.model.exit_codes import EXIT_PASS, EXIT_UNKNOWN, EXIT_USAGE, MEANINGS

EXIT_CODES_OF: Mapping[str, Mapping[int, str]] = {
    "check": MEANINGS,
    "judge": MEANINGS,
    "config": {
        EXIT_PASS: "The configuration holds.",
        EXIT_USAGE: "A bad flag or configuration: named on stderr.",
    },
    "doctor": {
        EXIT_PASS: "Nothing that was looked at keeps a check from its results.",
        EXIT_USAGE: "A bad flag or configuration: named on stderr.",
        EXIT_UNKNOWN: "Checks from here leave results unknown, for the reasons shown.",
    },
}
"""What each exit code of a command says."""

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
