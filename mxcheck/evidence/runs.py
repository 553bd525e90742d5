"""Evidence: what one run or several saw. To merge evidence is to put its runs side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mxcheck.evidence.dns import AskedResolver
from mxcheck.evidence.domain import Domain, Run
from mxcheck.evidence.overrides import Override


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The runs in the order in which they are given; there is at least one."""

    runs: tuple[Run, ...]

    def domains(self) -> Iterator[tuple[Run, Domain]]:
        """Yield each domain with the run that saw it."""
        for run in self.runs:
            for domain in run.domains:
                yield run, domain

    @property
    def observed_at(self) -> datetime:
        """Return when the first of the runs began (UTC)."""
        return min(run.observed_at for run in self.runs)

    @property
    def finished_at(self) -> datetime:
        """Return when the last of the runs ended (UTC)."""
        return max(run.finished_at for run in self.runs)

    @property
    def port(self) -> int:
        """Return the port of the MX hosts."""
        return self.runs[0].port

    @property
    def interrupted(self) -> bool:
        """Return whether one of the runs was interrupted."""
        return any(run.interrupted for run in self.runs)

    @property
    def deadline_passed(self) -> bool:
        """Return whether the deadline of one of the runs came before its end."""
        return any(run.deadline_passed for run in self.runs)

    @property
    def overrides(self) -> tuple[Override, ...]:
        """Return the overrides of the runs, each once."""
        return tuple(dict.fromkeys(one for run in self.runs for one in run.overrides))

    @property
    def resolvers(self) -> tuple[AskedResolver, ...]:
        """Return the resolvers of the runs, each once."""
        return tuple(dict.fromkeys(one for run in self.runs for one in run.resolvers))
