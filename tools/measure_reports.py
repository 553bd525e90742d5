"""Measure the reports that people read: `python -m tools.measure_reports [COLUMNS] [--show]`.

Judges the evidence of 50 domains of which 30 fail, each with two dual-stack MX hosts; nothing is
contacted. Prints the lines and the characters of the text report at COLUMNS (80) and with
--verbose, of --quiet, of --markdown and of --github-summary; with --show the text report itself.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache

from mxcheck.app import Judging
from mxcheck.config.load import Config
from mxcheck.evidence.dns import Absence, Absent, Answer, TlsaLookup
from mxcheck.evidence.domain import Domain, MxHost, Run
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.runs import Evidence
from mxcheck.evidence.smtp import Visit
from mxcheck.judge.verdict import Verdict
from mxcheck.model.policy import Policy
from mxcheck.model.targets import Target
from mxcheck.probe.settings import ProbeSettings
from mxcheck.report import REPORTS
from mxcheck.report.text.page import render_summary, render_text
from mxcheck.wire.tlsa import recommended_record
from tests.build import (
    EXTENSIONS,
    OK,
    authority,
    domain_of,
    ehlo_reply,
    evidence_of,
    healthy_chain,
    healthy_visit,
    root,
    tls_rpt,
    tlsa_lookup,
    txt,
    visit_until,
)
from tests.policies import mta_sts, policy_answer, policy_fetch, sts_policy

DOMAINS, PASSING = 50, 20
Fault = Callable[[Visit], Visit]


def main(arguments: Sequence[str]) -> None:
    """Measure, and print a line for each report."""
    columns = next((int(one) for one in arguments if one.isdigit()), 80)
    verdict = fleet_verdict()
    text = "".join(render_text(verdict, verbose=False, width=columns))
    if "--show" in arguments:
        sys.stdout.write(text)
        return
    show(f"text, {columns} columns", text)
    show("text, --verbose", "".join(render_text(verdict, verbose=True, width=columns)))
    show("text, --quiet", render_summary(verdict))
    show("--markdown", "".join(REPORTS["markdown"](verdict)))
    show("--github-summary", "".join(REPORTS["github-summary"](verdict)))


def show(title: str, text: str) -> None:
    """Print how long a report is."""
    sys.stdout.write(f"{title:<20} {len(text.splitlines()):6} lines {len(text):8} characters\n")


def fleet_verdict() -> Verdict:
    """Return the verdict on all the domains."""
    built = [fleet_domain(number) for number in range(DOMAINS)]
    visits = tuple(visit for _, seen in built for visit in seen)
    domains = tuple(domain for domain, _ in built)
    run = replace(evidence_of(*visits), domains=domains)
    return judge(run)


def judge(run: Run) -> Verdict:
    """Judge a run under the policy that holds if nothing is configured."""
    targets = tuple(Target(domain=one.name, policy=Policy()) for one in run.domains)
    config = Config(
        policy=Policy(), targets=targets, probe=ProbeSettings(), ca_pem=root().certificate_pem
    )
    return Judging(config).judge(Evidence(runs=(run,)))


def fleet_domain(number: int) -> tuple[Domain, tuple[Visit, ...]]:
    """Return a domain, and the visits to its MX hosts; the last ones of the fleet pass."""
    name = f"d{number + 1:02}.example"
    hosts = tuple(fleet_host(name, number, mx) for mx in (1, 2))
    fault = FAULTS[number % len(FAULTS)] if number < DOMAINS - PASSING else as_it_is
    domain = domain_of(*hosts, name=name)
    if is_signed(number):
        domain = with_promises(domain)
    return domain, tuple(fleet_visits(name, hosts, fault))


def is_signed(number: int) -> bool:
    """Return whether a domain has all that protects mail; every fourth has."""
    return number % 4 == 0


def with_promises(domain: Domain) -> Domain:
    """Return a domain with DNSSEC, TLS-RPT and an MTA-STS policy that is enforced."""
    if not isinstance(domain.mx, Answer):
        return domain
    answer = policy_answer(
        sts_policy(mx=f"*.{domain.name}"), chain=healthy_chain(f"mta-sts.{domain.name}")
    )
    reports = txt(f"v=TLSRPTv1; rua=mailto:tls@{domain.name}", owner=f"_smtp._tls.{domain.name}")
    return replace(
        domain,
        mx=replace(domain.mx, authenticated_data=True),
        mta_sts=mta_sts(policy_fetch(answer)),
        records=tls_rpt(reports),
    )


def fleet_host(domain: str, number: int, mx: int) -> MxHost:
    """Return a dual-stack MX host, with a TLSA record if its zone is signed."""
    name, secure = f"mx{mx}.{domain}", is_signed(number)
    addresses = f"203.0.{113 + mx}.{number + 1}", f"2a00:1450:{mx}::{number + 1:x}"
    ipv4, ipv6 = (
        Answer(owner=name, records=(address,), ttl=300, authenticated_data=secure)
        for address in addresses
    )
    return MxHost(
        name=name,
        preference=10 * mx,
        ipv4=ipv4,
        ipv6=ipv6,
        tlsa=(tlsa_at(name) if secure else tlsa_lookup(Absent(absence=Absence.NXDOMAIN), name),),
        addresses=addresses,
    )


def tlsa_at(host: str) -> TlsaLookup:
    """Return the TLSA record of a host, for its healthy certificate."""
    record = str(recommended_record(healthy_chain(host)[0]))
    answer = Answer(owner=host, records=(record,), ttl=300, authenticated_data=True)
    return tlsa_lookup(answer, host)


def fleet_visits(domain: str, hosts: Sequence[MxHost], fault: Fault) -> Iterator[Visit]:
    """Yield a visit to each address; the first host has the fault, at both of its addresses."""
    for host in hosts:
        for address in host.addresses:
            visit = healthy_visit(host.name, address, domain)
            yield fault(visit) if host is hosts[0] else visit


def as_it_is(visit: Visit) -> Visit:
    """Return a visit on which nothing was amiss."""
    return visit


def expired(visit: Visit) -> Visit:
    """Return a visit to a server whose certificate expired, and names another host."""
    return with_chain(visit, expired_chain())


@cache
def expired_chain() -> tuple[bytes, ...]:
    """Return the chain of a certificate that expired three days ago."""
    return authority().issue(names=("mail.example.com",), not_after=timedelta(days=-3)).der_chain


def misnamed(visit: Visit) -> Visit:
    """Return a visit to a server whose certificate names another host."""
    return with_chain(visit, healthy_chain("mail.example.com"))


def with_chain(visit: Visit, chain: tuple[bytes, ...]) -> Visit:
    """Return the visit to a server that sent this chain."""
    if isinstance(visit.tls, Unseen):
        return visit
    return replace(visit, tls=replace(visit.tls, chain=chain))


def relaying(visit: Visit) -> Visit:
    """Return a visit to a server that takes mail from anybody for anybody."""
    return replace(visit, relay=tuple(replace(one, rcpt=OK) for one in visit.relay))


def without_tls(visit: Visit) -> Visit:
    """Return a visit to a server that does not offer STARTTLS."""
    seen = replace(visit, ehlo=ehlo_reply(*EXTENSIONS, host=visit.host), hellos=(), chain_hellos=())
    return replace(
        seen, starttls=NOT_ASKED, tls=NOT_ASKED, ehlo_after_tls=NOT_ASKED, large_hellos=()
    )


def unreachable(visit: Visit) -> Visit:
    """Return a visit that reached nobody."""
    refused = Unseen(trouble=Trouble.REFUSED, detail="connection refused")
    return at(visit, visit_until("connection", refused, tries=3, hellos=(), transcript=()))


def at(visit: Visit, seen: Visit) -> Visit:
    """Return what was seen as a visit to the place of another one."""
    return replace(seen, host=visit.host, address=visit.address)


FAULTS: tuple[Fault, ...] = (expired, relaying, without_tls, unreachable, misnamed)


if __name__ == "__main__":
    main(sys.argv[1:])
