"""The visitors of a run: one for each address of an MX host that is to be visited."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mxcheck.evidence.domain import Domain
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import NOT_ASKED, Unseen
from mxcheck.evidence.smtp import Visit
from mxcheck.model.endpoint import Endpoint
from mxcheck.model.targets import Target
from mxcheck.probe.off_limits import off_limits
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.smtp.egress_watch import EgressWatch
from mxcheck.probe.smtp.further_connections import SecondLook
from mxcheck.probe.smtp.notebook import PENDING, Notebook
from mxcheck.probe.smtp.outside_senders import OutsideSenders
from mxcheck.probe.smtp.questions import Questions, base_domains
from mxcheck.probe.smtp.relay import RelayTest
from mxcheck.probe.smtp.session import Plan
from mxcheck.probe.smtp.visit import HostState, Retries, Visitor
from mxcheck.probe.tcp import Dialer


@dataclass(slots=True, kw_only=True)
class VisitorMaker:
    """Makes visitors under the settings of a run; those to one MX host share its state."""

    settings: ProbeSettings
    dialer: Dialer
    ehlo_name: str
    random_mailbox: str
    senders: OutsideSenders
    watch: EgressWatch
    hosts: dict[str, HostState] = field(default_factory=dict)

    def open_notebook(self, host: str, address: str, targets: Sequence[Target]) -> Notebook:
        """Return the notebook of an endpoint, which says already if it must not be visited."""
        at = self.settings.endpoint(host, address)
        notebook = Notebook(Visit(host=at.host, address=at.address, port=at.port))
        notebook.note(connection=self._why_not(host, address, targets) or PENDING)
        notebook.watch = self.watch.saw
        return notebook

    def visitor(self, notebook: Notebook, targets: Sequence[Target]) -> Visitor:
        """Return who visits the endpoint of a notebook, on behalf of targets."""
        settings, host = self.settings, notebook.visit.host
        return Visitor(
            plan=self._plan(notebook.visit),
            relay=RelayTest.of(targets, self.random_mailbox, self.senders, notebook, settings),
            time_budget=Retries(retries=settings.retries, delay=settings.retry_delay),
            notebook=notebook,
            host=self.hosts.setdefault(host, HostState(seconds=settings.host_timeout)),
            max_connections=settings.max_connections,
        )

    def _plan(self, visit: Visit) -> Plan:
        settings = self.settings
        return Plan(
            endpoint=Endpoint(host=visit.host, address=visit.address, port=visit.port),
            dialer=self.dialer,
            greeting_timeout=settings.greeting_timeout,
            timeout=settings.timeout,
            ehlo_name=self.ehlo_name,
        )

    def _why_not(self, host: str, address: str, targets: Sequence[Target]) -> Unseen | None:
        if not any(Item.VISIT in target.wanted for target in targets):
            return NOT_ASKED
        asked = Endpoint(host=host, address=address, port=self.settings.port)
        return off_limits(asked, self.settings)


def second_look(
    visitor: Visitor, targets: Sequence[Target], domains: Iterable[Domain]
) -> SecondLook:
    """Return what asks an endpoint again; `domains` are those of the targets that it serves."""
    bases = base_domains(domains, visitor.plan.endpoint.host)
    return SecondLook(visitor=visitor, questions=Questions.of(targets, bases))
