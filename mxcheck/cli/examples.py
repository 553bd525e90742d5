"""Examples and exit codes of the commands, for their help texts."""

from collections.abc import Mapping

from mxcheck.model.exit_codes import (
    EXIT_BUG,
    EXIT_INTERRUPTED,
    EXIT_PASS,
    EXIT_UNKNOWN,
    EXIT_USAGE,
    MEANINGS,
)

EXIT_CODES_OF: Mapping[str, Mapping[int, str]] = {
    "check": MEANINGS,
    "probe": {
        EXIT_PASS: "Everything was asked, whatever the answers say.",
        EXIT_USAGE: MEANINGS[EXIT_USAGE],
        EXIT_UNKNOWN: "A deadline or a closed way out kept it from that; the rest is saved.",
        EXIT_BUG: MEANINGS[EXIT_BUG],
        EXIT_INTERRUPTED: MEANINGS[EXIT_INTERRUPTED],
    },
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
    "probe": (
        "mxcheck probe --domains-file domains.txt --save-evidence evidence.json",
        "mxcheck probe --domains-file names --shard 2/4 --save-evidence shard-2.json",
    ),
    "judge": (
        "mxcheck judge evidence.json",
        "mxcheck judge shard-*.json --junit-xml mxcheck-junit.xml",
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
