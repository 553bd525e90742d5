"""What the logs of real mail servers tell of the commands that they were sent."""

import re
from collections.abc import Iterable

from tests.promise import broken_by

# "disconnect from unknown[127.0.0.1] ehlo=2 starttls=1 rcpt=1/2 quit=1 commands=5/6": every verb,
# within TLS too, with how often it was obeyed; EXPN, which Postfix lacks, is "unknown".
_SUMMARY = re.compile(r"postfix/([\w-]+)/smtpd\[\d+\]: disconnect from \S+ (.*)")
_HARMLESS = frozenset({"ehlo", "helo", "starttls", "mail", "rcpt", "rset", "noop", "quit"})
_SPOILT_EHLO = "no-ehlo"
"""The service that takes EHLO for an unknown command."""

_COMMAND_TO_EXIM = re.compile(r"^ *\d+ SMTP<< (.*)")
_COMMAND_TO_OPENSMTPD = re.compile(r"^smtp: 0x[0-9a-f]+: <<< (.*)")


def harm_to_postfix(log: Iterable[str]) -> list[str]:
    """The counts of all verbs but the harmless ones."""
    return [
        count
        for line in log
        if (summary := _SUMMARY.search(line))
        for count in summary[2].split()
        if not _is_harmless(count, summary[1])
    ]


def _is_harmless(count: str, service: str) -> bool:
    verb = count.partition("=")[0]
    spoilt = verb == "unknown" and service == _SPOILT_EHLO
    return spoilt or verb in {*_HARMLESS, "commands"}


def harm_to_exim(debug_output: Iterable[str]) -> list[str]:
    """The commands that break the promise, of what `exim -d-all+receive` prints."""
    return broken_by(_said(_COMMAND_TO_EXIM, debug_output))


def harm_to_opensmtpd(trace: Iterable[str]) -> list[str]:
    """The commands that break the promise, of what `smtpd -T smtp` prints."""
    return broken_by(_said(_COMMAND_TO_OPENSMTPD, trace))


def _said(pattern: re.Pattern[str], lines: Iterable[str]) -> list[str]:
    return [match[1] for line in lines if (match := pattern.search(line))]
