from dataclasses import replace

from mxcheck.judge.headlines import Headline, closing_list, headlines
from mxcheck.judge.severity import Label
from mxcheck.judge.verdict import Conclusion, Result, Verdict
from mxcheck.rules.base import Cause
from tests.report import verdicts
from tests.report.verdicts import AT_MX1, AT_MX2, EXPIRED, MISNAMED, OPEN_RELAY, SLOW, At

HERE, THERE = At(AT_MX1), At(AT_MX2)
PASS, FAIL, UNKNOWN = Conclusion.PASS, Conclusion.FAIL, Conclusion.UNKNOWN


def run_of(*groups: tuple[str, Conclusion, tuple[Result, ...]]) -> Verdict:
    verdict = verdicts.healthy()
    [domain] = verdict.domains
    domains = [
        replace(domain, name=name, conclusion=conclusion, results=results)
        for name, conclusion, results in groups
    ]
    return replace(verdict, domains=domains)


def test_the_worst_come_first_and_equals_as_they_were_given() -> None:
    found = headlines(
        run_of(
            ("passed", PASS, (HERE.passed(EXPIRED, ""),)),
            ("warned", PASS, (HERE.failed(SLOW, "", ""),)),
            ("unknown", UNKNOWN, (HERE.unknown(EXPIRED, ""),)),
            ("failed", FAIL, (HERE.failed(SLOW, "", ""), HERE.failed(EXPIRED, "", ""))),
            ("open", PASS, (HERE.unknown(SLOW, ""),)),
            ("unseen", UNKNOWN, ()),
            ("failed too", FAIL, (HERE.failed(EXPIRED, "", ""),)),
        )
    )
    assert [one.name for one in found] == [
        *("failed", "failed too", "unknown", "unseen", "warned", "open", "passed"),
    ]
    assert [one.number for one in found] == [3, 6, 2, 5, 1, 4, 0]


def headline(*results: Result, conclusion: Conclusion = FAIL) -> Headline:
    [found] = headlines(run_of(("example.com", conclusion, results)))
    return found


def test_a_rule_is_named_once_below_each_label() -> None:
    found = headline(
        HERE.failed(EXPIRED, "", ""),
        HERE.failed(MISNAMED, "", ""),
        THERE.failed(EXPIRED, "", ""),
        HERE.unknown(OPEN_RELAY, ""),
        HERE.failed(SLOW, "", ""),
        THERE.passed(OPEN_RELAY, ""),
    )
    assert found.rules == {
        Label.FAIL: ("cert-expired", "cert-name-mismatch"),
        Label.UNKNOWN: ("open-relay",),
        Label.WARNING: ("smtp-slow",),
    }
    assert list(found.rules) == [Label.FAIL, Label.UNKNOWN, Label.WARNING]
    assert not found.is_all_told


def test_of_a_domain_without_findings_all_is_told() -> None:
    assert headline(HERE.passed(EXPIRED, ""), conclusion=PASS).is_all_told
    assert not headline(HERE.failed(SLOW, "", ""), conclusion=PASS).is_all_told


def test_what_a_cause_of_the_run_leaves_open_is_told_for_all_domains_together() -> None:
    caused = replace(HERE.unknown(EXPIRED, ""), cause=Cause.CLOSED_PORT)
    found = headlines(
        run_of(
            ("a", UNKNOWN, (caused,)),
            ("b", UNKNOWN, (caused, HERE.unknown(OPEN_RELAY, ""))),
            ("c", PASS, (HERE.passed(EXPIRED, ""),)),
            ("d", FAIL, (caused, HERE.failed(OPEN_RELAY, "", ""))),
            ("e", UNKNOWN, (caused,)),
        )
    )
    assert [one.causes for one in found if one.name in "abde"] == [(Cause.CLOSED_PORT,)] * 4
    told = [[one.name for one in several] for several in closing_list(found)]
    assert told == [["d"], ["b"], ["a", "e"]]
    assert found[-2].is_all_told


def test_a_domain_that_no_result_explains_says_why_it_is_unknown() -> None:
    found = headline(conclusion=UNKNOWN)
    assert found.why == "nothing could be judged about this domain"
    assert not found.is_all_told
