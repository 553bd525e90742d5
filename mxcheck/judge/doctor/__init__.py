"""The judging half of `mxcheck doctor`: what the surroundings mean for checks, and what to do.

Each check is a function in a module of its own, from what was seen to findings; CHECKS lists them
in the order in which they are shown.
"""

from collections.abc import Callable, Iterator

from mxcheck.evidence.surroundings import Surroundings
from mxcheck.judge.doctor.ehlo_name import check_ehlo_name
from mxcheck.judge.doctor.finding import Finding, Weight
from mxcheck.judge.doctor.port import check_port
from mxcheck.judge.doctor.python import check_python
from mxcheck.judge.doctor.resolver import check_resolver
from mxcheck.judge.doctor.routes import check_routes
from mxcheck.judge.doctor.way import check_way
from mxcheck.model.exit_codes import EXIT_PASS, EXIT_UNKNOWN

CHECKS: tuple[Callable[[Surroundings], Iterator[Finding]], ...] = (
    check_python,
    check_resolver,
    check_routes,
    check_way,
    check_port,
    check_ehlo_name,
)


def diagnose(seen: Surroundings) -> list[Finding]:
    """Return the findings of all checks."""
    return [finding for check in CHECKS for finding in check(seen)]


def exit_code_of(findings: list[Finding]) -> int:
    """Return 3 if something would leave every check unknown, or nearly; else 0."""
    blocked = any(finding.weight is Weight.OBSTACLE for finding in findings)
    return EXIT_UNKNOWN if blocked else EXIT_PASS
