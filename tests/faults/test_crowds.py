"""Many domains whose servers are slow, before one that is healthy, with the default settings."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import replace

from mxcheck.app import Checking
from mxcheck.config.load import Config
from mxcheck.config.output import Screen
from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.demo.smtp_script import Act
from mxcheck.demo.smtp_server import ScriptedSmtp
from mxcheck.judge.verdict import Conclusion, DomainVerdict, Verdict
from mxcheck.model.policy import Policy
from mxcheck.model.targets import Target
from mxcheck.probe.settings import SMTP_PORT, ProbeSettings
from tests.faults.timeless import run_timeless
from tests.probe.harness import ADDRESS, DOMAIN, HEALTHY, ROOT, Scripts, mx_zone, plain
from tests.saving import as_evidence

DEFAULTS = ProbeSettings(
    ehlo_name="probe.example.net", canaries=(), ca_pem=ROOT.certificate_pem, resolvers=()
)
SILENT = replace(HEALTHY, greeting=Act.SILENCE)
REFUSING = replace(HEALTHY, greeting=b"450 4.3.2 come back later\r\n")


def addresses(number: int) -> list[str]:
    return [f"203.0.{115 + n // 250}.{1 + n % 250}" for n in range(number)]


def verdict_on(names: Sequence[str], dns: ScriptedDns, servers: dict[str, Scripts]) -> Verdict:
    """Return the verdict on these domains, and on the healthy one behind them."""

    async def run() -> Verdict:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(dns)
            routes = {}
            for address, script in {ADDRESS: HEALTHY, **servers}.items():
                assert script
                listed = script if isinstance(script, Sequence) else (script,)
                server = await stack.enter_async_context(ScriptedSmtp(*listed))
                routes[address, SMTP_PORT] = server.address
            settings = replace(DEFAULTS, routes=routes, resolvers=(plain(dns.address),))
            work = Checking(
                Config(
                    policy=Policy(),
                    targets=tuple(Target(domain=n, policy=Policy()) for n in (*names, DOMAIN)),
                    probe=settings,
                    ca_pem=ROOT.certificate_pem,
                    screen=Screen(quiet=True),
                )
            )
            await work.probe.gather_in_loop()
            return work.judge(as_evidence(work.probe.seen()))

    return run_timeless(run())


def the_healthy(verdict: Verdict) -> DomainVerdict:
    (seen,) = (one for one in verdict.domains if one.domain.name == DOMAIN)
    return seen


def ensure_judged(verdict: Verdict) -> None:
    healthy = the_healthy(verdict)
    unjudged = [f"{one.rule.id}: {one.message}" for one in healthy.results if one.blocks]
    assert not unjudged
    assert healthy.conclusion is Conclusion.PASS


def test_silent_name_servers_take_the_verdict_from_no_healthy_domain() -> None:
    names = [f"d{number}.example" for number in range(150)]
    silent = {
        name: Fault.SILENCE
        for one in names
        for name in (one, f"_mta-sts.{one}", f"_smtp._tls.{one}")
    }
    verdict = verdict_on(names, ScriptedDns(mx_zone(ADDRESS), faults=silent), {})
    ensure_judged(verdict)
    others = {one.conclusion for one in verdict.domains if one.domain.name != DOMAIN}
    assert others == {Conclusion.UNKNOWN}


def test_servers_that_never_greet_take_the_verdict_from_no_healthy_domain() -> None:
    ends = addresses(300)
    names = [f"d{number}.example" for number in range(300)]
    zone = mx_zone(ADDRESS) + "".join(
        mx_zone(end, domain=name, host=f"mx.{name}") for name, end in zip(names, ends, strict=True)
    )
    verdict = verdict_on(names, ScriptedDns(zone), dict.fromkeys(ends, SILENT))
    ensure_judged(verdict)


def test_servers_that_put_us_off_leave_their_places_while_they_are_waited_for() -> None:
    ends = addresses(120)
    names = [f"d{number}.example" for number in range(120)]
    zone = mx_zone(ADDRESS) + "".join(
        mx_zone(end, domain=name, host=f"mx.{name}") for name, end in zip(names, ends, strict=True)
    )
    verdict = verdict_on(
        names, ScriptedDns(zone), dict.fromkeys(ends, (REFUSING, REFUSING, SILENT))
    )
    ensure_judged(verdict)


def test_silent_lookups_for_policies_let_those_for_servers_go_first() -> None:
    names = [f"d{number}.example" for number in range(400)]
    silent = {
        name: Fault.SILENCE for one in names for name in (f"_mta-sts.{one}", f"_smtp._tls.{one}")
    }
    zone = mx_zone(ADDRESS) + "".join(f"{name}. MX 0 .\n" for name in names)
    ensure_judged(verdict_on(names, ScriptedDns(zone, faults=silent), {}))
