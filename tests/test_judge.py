from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mxcheck.evidence.dns import Absence, Absent, Answer
from mxcheck.evidence.domain import Domain, Evidence, MxHost
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Greeting, Visit
from mxcheck.judge import (
    Bench,
    conclude_run,
    exit_code_of,
    judge_domain,
    unjudged,
    waiver_notes,
)
from mxcheck.policy import Expect, FailOn, Level, OnUnknown, Policy
from mxcheck.rules import RULES, base
from mxcheck.rules.base import AnyRule, DomainCase, Scope
from mxcheck.verdict import Conclusion, DomainVerdict, Outcome, Result, Subject
from mxcheck.waivers import Waiver
from tests.build import (
    ADDRESS,
    DOMAIN,
    EXTENSIONS,
    HOST,
    OBSERVED_AT,
    domain_of,
    ehlo_reply,
    evidence_of,
    expired_visit,
    healthy_domain,
    healthy_host,
    healthy_visit,
    reply,
    trust,
    unseen,
    visit_until,
)

PASS, FAIL, UNKNOWN = Conclusion.PASS, Conclusion.FAIL, Conclusion.UNKNOWN
TODAY = OBSERVED_AT.date()
ASKED = [rule.id for rule in RULES if rule.level is not Level.OFF]
UNREACHED = visit_until("connection", unseen(Trouble.TIMEOUT, "no answer"))
SLOW = replace(
    healthy_visit(), greeting=Greeting(reply=reply(220, f"{HOST} ESMTP"), greeting_ms=11_000)
)
PLAIN = replace(
    healthy_visit(),
    ehlo=ehlo_reply(*EXTENSIONS),
    starttls=visit_until("ehlo", None).starttls,
    tls=visit_until("ehlo", None).tls,
)
TURNED_AWAY = visit_until("greeting", Greeting(reply=reply(554, "no"), greeting_ms=5))
SERVFAIL = unseen(Trouble.SERVFAIL, "SERVFAIL")


def judge(
    *visits: Visit,
    domain: Domain | None = None,
    waivers: tuple[Waiver, ...] = (),
    **policy: Any,  # noqa: ANN401 - the fields of Policy
) -> DomainVerdict:
    evidence = evidence_of(*visits, domain=domain)
    case = DomainCase(
        evidence=evidence, policy=Policy(**policy), trust=trust(), domain=evidence.domains[0]
    )
    return judge_domain(Bench(case=case, waivers=waivers))


def result_of(verdict: DomainVerdict, rule: str) -> Result:
    (result,) = (result for result in verdict.results if result.rule.id == rule)
    return result


def ids(verdict: DomainVerdict, outcome: Outcome) -> list[str]:
    return [result.rule.id for result in verdict.results if result.outcome is outcome]


def waiver(rule: str, until: date = TODAY, **narrowing: str) -> Waiver:
    return Waiver(rule=rule, until=until, reason="OPS-123", place="mxcheck.toml:9", **narrowing)


def test_a_healthy_domain_passes_every_rule() -> None:
    verdict = judge()
    assert ids(verdict, Outcome.PASS) == ASKED
    assert verdict.conclusion is PASS
    assert {off.rule.level for off in verdict.switched_off} == {Level.OFF}


def test_results_stand_in_the_order_of_the_catalogue_and_then_of_the_hosts() -> None:
    hosts = (healthy_host("mx2.example.com", "203.0.114.26"), healthy_host(preference=20))
    visits = (healthy_visit(), healthy_visit("mx2.example.com", "203.0.114.26"))
    verdict = judge(*visits, domain=domain_of(*hosts))
    order = [rule.id for rule in RULES]
    seen = [result.rule.id for result in verdict.results]
    assert seen == sorted(seen, key=order.index)
    servers = [r.subject.mx for r in verdict.results if r.rule.scope is Scope.ENDPOINT]
    assert servers == ["mx2.example.com", HOST] * (len(servers) // 2)


def test_each_address_is_a_subject_of_its_own() -> None:
    host = replace(healthy_host(), addresses=(ADDRESS, "2a00:1450::25"))
    second = visit_until("connection", unseen(Trouble.REFUSED), address="2a00:1450::25")
    verdict = judge(healthy_visit(), second, domain=domain_of(host))
    outcomes = {
        r.subject.address: r.outcome for r in verdict.results if r.rule.id == "smtp-unreachable"
    }
    assert outcomes == {ADDRESS: Outcome.PASS, "2a00:1450::25": Outcome.FAIL}
    assert verdict.conclusion is FAIL


NO_HOSTS = {
    "nxdomain": (Domain(name=DOMAIN, mx=Absent(absence=Absence.NXDOMAIN)), Expect.MAIL, FAIL),
    "servfail": (Domain(name=DOMAIN, mx=SERVFAIL), Expect.MAIL, UNKNOWN),
    "null": (Domain(name=DOMAIN, mx=Answer(owner=DOMAIN, records=("0 .",))), Expect.MAIL, FAIL),
    "agreed": (
        Domain(name=DOMAIN, mx=Answer(owner=DOMAIN, records=("0 .",))),
        Expect.NO_MAIL,
        PASS,
    ),
}


@pytest.mark.parametrize(("domain", "expect", "conclusion"), NO_HOSTS.values(), ids=NO_HOSTS)
def test_every_rule_answers_for_a_domain_without_hosts(
    domain: Domain, expect: Expect, conclusion: Conclusion
) -> None:
    verdict = judge(domain=domain, expect=expect)
    assert [result.rule.id for result in verdict.results] == ASKED
    assert {result.subject for result in verdict.results} == {Subject()}
    servers = [r for r in verdict.results if r.rule.scope is not Scope.DOMAIN]
    assert {r.outcome for r in servers} == {Outcome.NOT_APPLICABLE}
    assert all(r.message for r in servers)
    assert verdict.conclusion is conclusion


@pytest.mark.parametrize(
    ("host", "failing"),
    [
        (MxHost(name="192.0.2.1", preference=10), "mx-is-address"),
        (
            replace(healthy_host(), ipv4=Absent(absence=Absence.NXDOMAIN), addresses=()),
            "mx-unresolvable",
        ),
    ],
)
def test_every_rule_answers_for_a_host_without_addresses(host: MxHost, failing: str) -> None:
    verdict = judge(domain=domain_of(host))
    assert [result.rule.id for result in verdict.results] == ASKED
    assert ids(verdict, Outcome.FAIL) == [failing]
    assert {r.subject.mx for r in verdict.results if r.rule.scope is not Scope.DOMAIN} == {
        host.name
    }


@pytest.mark.parametrize(
    ("visit", "failing"),
    [
        (UNREACHED, ["smtp-unreachable"]),
        (visit_until("greeting", unseen(Trouble.MALFORMED)), ["smtp-greeting-bad"]),
        (PLAIN, ["starttls-missing"]),
        (visit_until("starttls", reply(454, "no")), ["starttls-refused"]),
        (visit_until("tls", unseen(Trouble.HANDSHAKE)), ["tls-handshake-failed"]),
        (expired_visit(), ["cert-expired", "cert-name-mismatch"]),
        (visit_until("ehlo", reply(354, "go on")), ["smtp-ehlo-refused"]),
    ],
)
def test_each_cause_is_one_failure(visit: Visit, failing: list[str]) -> None:
    verdict = judge(visit)
    assert ids(verdict, Outcome.FAIL) == failing
    assert verdict.conclusion is FAIL


@pytest.mark.parametrize(
    ("levels", "fail_on", "level", "blocks"),
    [
        ({}, FailOn.ERROR, Level.WARNING, False),
        ({}, FailOn.WARNING, Level.WARNING, True),
        ({"smtp-slow": Level.ERROR}, FailOn.ERROR, Level.ERROR, True),
        ({"smtp-slow": Level.ERROR}, FailOn.WARNING, Level.ERROR, True),
    ],
)
def test_the_level_says_whether_a_failure_blocks(
    levels: dict[str, Level],
    fail_on: FailOn,
    level: Level,
    blocks: bool,  # noqa: FBT001 - a table
) -> None:
    verdict = judge(SLOW, levels=levels, fail_on=fail_on)
    result = result_of(verdict, "smtp-slow")
    assert (result.outcome, result.level, result.blocks) == (Outcome.FAIL, level, blocks)
    assert verdict.conclusion is (FAIL if blocks else PASS)


def test_a_failure_may_be_made_a_warning() -> None:
    levels = {"starttls-missing": Level.WARNING}
    assert judge(PLAIN, levels=levels).conclusion is PASS
    assert judge(PLAIN, levels=levels, fail_on=FailOn.WARNING).conclusion is FAIL


def test_an_off_rule_is_not_asked_but_named() -> None:
    verdict = judge(SLOW, levels={"smtp-slow": Level.OFF})
    assert "smtp-slow" not in {result.rule.id for result in verdict.results}
    (off,) = (off for off in verdict.switched_off if off.rule.id == "smtp-slow")
    assert off.subject == Subject(mx=HOST, address=ADDRESS)


@pytest.mark.parametrize(
    ("select", "level"),
    [(("smtp-slow",), Level.ERROR), (("mx-missing", "smtp-slow"), Level.ERROR), (("smtp",), None)],
)
def test_an_off_rule_that_is_selected_by_its_id_is_an_error(
    select: tuple[str, ...], level: Level | None
) -> None:
    verdict = judge(SLOW, select=select, levels={"smtp-slow": Level.OFF})
    levels = {r.rule.id: r.level for r in verdict.results}
    assert levels.get("smtp-slow") is level


@pytest.mark.parametrize(
    ("select", "ignore", "asked"),
    [
        (("open-relay",), (), ["open-relay"]),
        (("relay",), (), ["open-relay", "mx-rejects-domain"]),
        (("relay", "mx-null"), (), ["mx-null", "open-relay", "mx-rejects-domain"]),
        (("relay",), ("open-relay",), ["mx-rejects-domain"]),
        (("open-relay",), ("relay",), []),
        (
            (),
            ("smtp", "tls", "cert", "dns"),
            ["open-relay", "mx-rejects-domain"],
        ),
    ],
)
def test_rules_are_selected_and_ignored_by_id_and_family(
    select: tuple[str, ...], ignore: tuple[str, ...], asked: list[str]
) -> None:
    verdict = judge(select=select, ignore=ignore)
    assert [result.rule.id for result in verdict.results] == asked


def test_what_is_ignored_cannot_fail() -> None:
    assert judge(PLAIN, ignore=("starttls-missing",)).conclusion is PASS
    assert judge(PLAIN, ignore=("tls",)).conclusion is PASS


def test_a_selected_rule_whose_cause_nobody_judges_is_unknown() -> None:
    verdict = judge(UNREACHED, select=("cert-expired", "mx-missing"))
    result = result_of(verdict, "cert-expired")
    assert result.outcome is Outcome.UNKNOWN
    assert "smtp-unreachable, which is not selected" in result.message
    assert "Add smtp-unreachable to the selection" in result.remedy
    assert verdict.conclusion is UNKNOWN


@pytest.mark.parametrize(
    "policy",
    [
        {"select": ("cert-expired", "mx-missing", "smtp-unreachable")},
        {"select": ("cert-expired", "mx-missing", "smtp")},
        {"select": ("cert-expired", "mx-missing"), "ignore": ("smtp-unreachable",)},
        {"select": ("cert-expired", "mx-missing"), "ignore": ("smtp",)},
        {"select": ("cert", "mx-missing"), "levels": {"smtp-unreachable": Level.OFF}},
        {"levels": {"smtp-unreachable": Level.OFF}},
        {"ignore": ("smtp-unreachable",)},
    ],
)
def test_a_cause_that_is_judged_or_accepted_leaves_the_rule_not_applicable(
    policy: dict[str, Any],
) -> None:
    verdict = judge(UNREACHED, **policy)
    assert result_of(verdict, "cert-expired").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("policy", "conclusion"),
    [
        ({}, UNKNOWN),
        ({"on_unknown": OnUnknown.PASS}, PASS),
        ({"levels": {"smtp-greeting-bad": Level.WARNING, "open-relay": Level.WARNING}}, PASS),
        (
            {
                "levels": {"smtp-greeting-bad": Level.WARNING, "open-relay": Level.WARNING},
                "fail_on": FailOn.WARNING,
            },
            PASS,
        ),
    ],
)
def test_what_could_not_be_judged(policy: dict[str, Any], conclusion: Conclusion) -> None:
    verdict = judge(TURNED_AWAY, **policy)
    assert result_of(verdict, "smtp-greeting-bad").outcome is Outcome.UNKNOWN
    assert verdict.conclusion is conclusion


@pytest.mark.parametrize("on_unknown", OnUnknown)
@pytest.mark.parametrize(
    ("visit", "policy"),
    [
        (TURNED_AWAY, {"select": ("smtp-greeting-bad",)}),
        (UNREACHED, {"select": ("cert",), "ignore": ("smtp",)}),
        (healthy_visit(), {"ignore": ("dns", "smtp", "tls", "cert", "relay")}),
        (healthy_visit(), {"levels": {rule.id: Level.OFF for rule in RULES}}),
    ],
)
def test_where_no_rule_was_judged_nothing_passes(
    visit: Visit, policy: dict[str, Any], on_unknown: OnUnknown
) -> None:
    assert judge(visit, on_unknown=on_unknown, **policy).conclusion is UNKNOWN


def test_a_failure_weighs_more_than_an_unknown() -> None:
    hosts = (healthy_host(), healthy_host("mx2.example.com", "203.0.114.26"))
    broken = visit_until(
        "connection", unseen(Trouble.REFUSED), host="mx2.example.com", address="203.0.114.26"
    )
    assert judge(TURNED_AWAY, broken, domain=domain_of(*hosts)).conclusion is FAIL


@pytest.mark.parametrize(
    ("level", "at_most", "weighs"),
    [
        (Level.ERROR, Level.ERROR, Level.ERROR),
        (Level.ERROR, Level.WARNING, Level.WARNING),
        (Level.WARNING, Level.ERROR, Level.WARNING),
        (Level.WARNING, Level.WARNING, Level.WARNING),
    ],
)
def test_the_level_of_a_failure_never_rises_above_at_most(
    level: Level, at_most: Level, weighs: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    milder = base.Fail(message="broken", remedy="repair it", at_most=at_most)

    def check(_seen: Answer, _case: DomainCase) -> base.Fail:
        return milder

    rule: AnyRule = replace(RULES[0], check=check)
    monkeypatch.setattr("mxcheck.judge.RULES", (rule,))
    verdict = judge(levels={rule.id: level})
    assert verdict.results[0].level is weighs
    assert verdict.conclusion is (FAIL if weighs is Level.ERROR else PASS)


@pytest.mark.parametrize(
    ("waivers", "conclusion"),
    [
        ((waiver("starttls-missing"),), PASS),
        ((waiver("starttls-missing", domain=DOMAIN, mx=HOST, address=ADDRESS),), PASS),
        ((waiver("starttls-missing", mx="mx2.example.com"),), FAIL),
        ((waiver("starttls-missing", domain="example.net"),), FAIL),
        ((waiver("starttls-missing", date(2026, 1, 30)),), FAIL),
        ((waiver("starttls-missing", date(2026, 1, 30)), waiver("starttls-missing")), PASS),
        ((waiver("cert-expired"),), FAIL),
    ],
)
def test_a_waiver_covers_a_failure(waivers: tuple[Waiver, ...], conclusion: Conclusion) -> None:
    verdict = judge(PLAIN, waivers=waivers)
    result = result_of(verdict, "starttls-missing")
    assert result.outcome is Outcome.FAIL
    assert (result.waiver is not None) is (conclusion is PASS)
    assert verdict.conclusion is conclusion


def test_a_waiver_covers_an_unknown_and_counts_as_judged() -> None:
    waivers = (waiver("smtp-greeting-bad"),)
    verdict = judge(TURNED_AWAY, waivers=waivers, select=("smtp-greeting-bad",))
    assert result_of(verdict, "smtp-greeting-bad").waiver is waivers[0]
    assert verdict.conclusion is PASS


def test_a_waiver_covers_one_rule_alone() -> None:
    verdict = judge(expired_visit(), waivers=(waiver("cert-expired"),))
    assert result_of(verdict, "cert-expired").waiver
    assert result_of(verdict, "cert-name-mismatch").blocks
    assert verdict.conclusion is FAIL


def test_a_pass_needs_no_waiver() -> None:
    verdict = judge(waivers=(waiver("starttls-missing"),))
    assert result_of(verdict, "starttls-missing").waiver is None


@pytest.mark.parametrize(
    ("waivers", "notes"),
    [
        ((waiver("starttls-missing"),), ()),
        (
            (waiver("starttls-missing", date(2026, 1, 30)),),
            ("mxcheck.toml:9: the waiver of starttls-missing ran out on 2026-01-30",),
        ),
        ((waiver("open-relay"),), ("mxcheck.toml:9: the waiver of open-relay matched nothing",)),
        (
            (waiver("open-relay", date(2026, 1, 1)),),
            ("mxcheck.toml:9: the waiver of open-relay matched nothing",),
        ),
        (
            (waiver("starttls-missing", domain="example.net"),),
            ("mxcheck.toml:9: the waiver of starttls-missing matched nothing",),
        ),
    ],
)
def test_waivers_that_ran_out_or_matched_nothing_are_named(
    waivers: tuple[Waiver, ...], notes: tuple[str, ...]
) -> None:
    assert waiver_notes(waivers, [judge(PLAIN, waivers=waivers)], TODAY) == notes


def concluded(*conclusions: Conclusion) -> list[DomainVerdict]:
    return [replace(judge(), conclusion=conclusion) for conclusion in conclusions]


@pytest.mark.parametrize(
    ("conclusions", "worst", "code"),
    [
        ((PASS,), PASS, 0),
        ((PASS, PASS), PASS, 0),
        ((PASS, FAIL), FAIL, 1),
        ((PASS, UNKNOWN), UNKNOWN, 3),
        ((UNKNOWN, FAIL, PASS), FAIL, 1),
        ((), UNKNOWN, 3),
    ],
)
def test_the_run_comes_to_the_worst_of_its_domains(
    conclusions: tuple[Conclusion, ...], worst: Conclusion, code: int
) -> None:
    verdicts = concluded(*conclusions)
    assert conclude_run(verdicts) is worst
    assert exit_code_of(evidence_of(), verdicts) == code


@pytest.mark.parametrize("conclusion", Conclusion)
def test_an_interrupted_run_leaves_with_130(conclusion: Conclusion) -> None:
    evidence: Evidence = replace(evidence_of(), interrupted=True)
    assert exit_code_of(evidence, concluded(conclusion)) == 130


def test_a_domain_that_a_bug_kept_from_being_judged_is_unknown() -> None:
    case = DomainCase(
        evidence=evidence_of(), policy=Policy(), trust=trust(), domain=healthy_domain()
    )
    assert unjudged(case).conclusion is UNKNOWN
    assert not unjudged(case).results
