"""The Python that runs mxcheck; one that is too old cannot even be installed into."""

from collections.abc import Iterator

from mxcheck.evidence.surroundings import Surroundings
from mxcheck.judge.doctor.finding import Finding, Weight


def check_python(seen: Surroundings) -> Iterator[Finding]:
    """Name the versions, which people are asked for when something is odd."""
    versions = f"{seen.python}, with {seen.openssl}"
    yield Finding(about="Python", weight=Weight.GOOD, seen=versions)
