import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from mxcheck.judge.verdict import Conclusion, Result, Verdict
from mxcheck.model.location import Location
from mxcheck.report.escape import for_workflow_data, for_workflow_property, utf16_units
from mxcheck.report.github_annotations import COMMAND_LIMIT, SHOWN_OF_EACH
from tests.build import evidence_of
from tests.report import verdicts
from tests.report.rendering import render_github_annotations
from tests.report.runner import Command, run_line
from tests.report.verdicts import AT_MX1, EXPIRED, MISNAMED, MX1, OPEN_RELAY, SLOW, At, verdict_of

HERE = At(AT_MX1)


def commands(verdict: Verdict) -> list[Command]:
    return [run_line(line) for line in render_github_annotations(verdict).splitlines()]


def commands_for(*results: Result) -> list[Command]:
    return commands(verdict_of(evidence_of(), results, Conclusion.FAIL, 1))


def failures(count: int) -> list[Result]:
    return [HERE.failed(EXPIRED, f"old {number}", "") for number in range(count)]


def test_addresses_of_which_the_same_is_to_be_said_share_an_annotation() -> None:
    addresses = ("192.0.2.1", "2001:db8::1")
    [found] = commands_for(
        *(
            At(replace(AT_MX1, parts=(MX1, one))).failed(EXPIRED, f"{MX1} [{one}]:25 is old", "")
            for one in addresses
        )
    )
    assert found.properties["title"] == f"example.com: cert-expired {MX1} [192.0.2.1] [2001:db8::1]"
    assert found.data.startswith(f"{MX1}:25 is old\n")


def titles(found: Sequence[Command]) -> list[str]:
    return [f"{one.name} {one.properties['title']}" for one in found]


def test_the_worst_come_first_and_what_passed_is_not_said() -> None:
    assert titles(commands(verdicts.broken())) == [
        "error example.com: smtp-unreachable mx2.example.com [2001:db8::25]",
        "error example.com: cert-expired mx1.example.com [192.0.2.1]",
        "error example.com: cert-name-mismatch mx1.example.com [192.0.2.1]",
        "warning example.com: smtp-slow mx1.example.com [192.0.2.1]",
        "warning example.com: tls13-missing mx1.example.com [192.0.2.1]",
        "notice mxcheck",
        "notice example.com: open-relay mx1.example.com [192.0.2.1]",
    ]
    assert commands(verdicts.healthy()) == []


def test_failures_come_before_what_is_unknown() -> None:
    found = commands_for(HERE.unknown(OPEN_RELAY, "no answer"), HERE.failed(EXPIRED, "old", ""))
    assert [(one.name, one.data.split("\n")[0]) for one in found] == [
        ("error", "old"),
        ("error", "no answer"),
    ]


def test_an_unknown_that_does_not_block_is_a_warning() -> None:
    [found] = commands_for(replace(HERE.unknown(EXPIRED, "no answer"), blocks=False))
    assert found.name == "warning"


def test_a_note_of_the_run_is_a_warning() -> None:
    [found] = commands(replace(verdicts.healthy(), notes=("a note",)))
    assert (found.name, found.data) == ("warning", "a note")


def test_a_cause_of_many_results_is_one_annotation() -> None:
    [found] = commands(verdicts.closed())
    assert (found.name, found.data) == ("error", verdicts.CLOSED)
    assert found.properties["title"] == "mxcheck: outbound port 25 looks closed here"
    [beside] = commands(replace(verdicts.closed(), exit_code=0))
    assert beside.name == "warning"


def test_a_message_has_its_remedy_and_where_to_read_on() -> None:
    [found] = commands_for(HERE.failed(EXPIRED, "it expired", "renew it"))
    assert found.data.split("\n") == [
        "it expired",
        "What to do: renew it",
        "Why, and how to repair it on each MTA: mxcheck explain cert-expired",
    ]


def test_a_failure_without_words_has_the_title_of_its_rule() -> None:
    [found] = commands_for(HERE.failed(EXPIRED, "", ""))
    assert found.data.startswith("the title of cert-expired\n")


def test_each_points_to_the_line_of_its_domain_or_of_the_run() -> None:
    verdict = verdicts.broken()
    [domain] = verdict.domains
    pinned = replace(domain, location=Location(path="conf/mx,check:1.toml", line=7))
    found = commands(
        replace(verdict, domains=(pinned,), location=Location(path="a%2C.toml", line=2))
    )
    locations = {(one.properties["file"], one.properties["line"]) for one in found}
    assert locations == {("conf/mx,check:1.toml", "7"), ("a%2C.toml", "2")}


@pytest.mark.parametrize("count", [SHOWN_OF_EACH, SHOWN_OF_EACH + 1, 35])
@pytest.mark.parametrize("kind", ["error", "warning", "notice"])
def test_of_each_type_no_more_than_github_shows(kind: str, count: int) -> None:
    several = {
        "error": verdict_of(evidence_of(), failures(count), Conclusion.FAIL, 1),
        "warning": replace(verdicts.healthy(), notes=("a note",) * count),
        "notice": replace(verdicts.healthy(), waiver_notes=("a note",) * count),
    }
    found = commands(several[kind])
    assert [one.name for one in found] == [kind] * SHOWN_OF_EACH
    left = count - SHOWN_OF_EACH + 1
    last = f"{left} more {kind}s"
    assert (found[-1].properties["title"] == last) is (count > SHOWN_OF_EACH)


def test_the_last_one_says_what_the_others_are_and_where_they_stand() -> None:
    *_, last = commands_for(
        *failures(9), HERE.failed(MISNAMED, "", ""), HERE.failed(OPEN_RELAY, "", "")
    )
    assert last.properties["title"] == "2 more errors"
    where, *others = last.data.split("\n")
    assert "--github-summary" in where
    assert "--markdown" in where
    assert others == [
        "example.com: cert-name-mismatch mx1.example.com [192.0.2.1]",
        "example.com: open-relay mx1.example.com [192.0.2.1]",
    ]


@pytest.mark.parametrize("character", ["x", "%", "\x1b", "\n", "😀", "é"])
def test_a_command_stays_within_the_limit(character: str) -> None:
    words = character * 10_000
    here = At(replace(AT_MX1, parts=(words, AT_MX1.parts[1])))
    verdict = verdict_of(evidence_of(), [here.failed(EXPIRED, words, words)], Conclusion.FAIL, 1)
    [domain] = verdict.domains
    located = replace(domain, location=Location(path=words, line=10**9))
    [line] = render_github_annotations(replace(verdict, domains=(located,))).splitlines()
    assert utf16_units(line) <= COMMAND_LIMIT
    found = run_line(line)
    assert found.data.endswith("…")
    # No escape was cut in two.
    assert not re.search(r"%[0-9A-F]", found.data)


def test_many_that_are_left_out_fit_too() -> None:
    assert (
        utf16_units(
            render_github_annotations(
                verdict_of(evidence_of(), failures(5000), Conclusion.FAIL, 1)
            ).splitlines()[-1]
        )
        <= COMMAND_LIMIT
    )


def test_a_domain_that_was_not_judged_is_an_error() -> None:
    verdict = verdicts.healthy()
    [domain] = verdict.domains
    unjudged = replace(domain, results=(), switched_off=(), conclusion=Conclusion.UNKNOWN)
    [found] = commands(replace(verdict, domains=(domain, unjudged)))
    assert (found.name, found.data) == ("error", "the run broke off before this domain was judged")


def test_a_domain_about_which_nothing_was_judged_is_an_error() -> None:
    [found] = commands(verdicts.null_mx())
    assert (found.name, found.data) == ("error", "nothing could be judged about this domain")


def test_a_waived_failure_says_until_when_and_why() -> None:
    *_, found = commands(verdicts.broken())
    assert found.data.startswith("waived until 2026-12-31: a test server, OPS-123\n")
    late = replace(verdicts.broken(), waiver_notes=("a note",) * 12)
    assert "open-relay" in commands(late)[-1].data


@pytest.mark.parametrize(
    ("words", "data", "property_"),
    [
        ("100% sure: a, b", "100%25 sure: a, b", "100%25 sure%3A a%2C b"),
        ("a%0A::error::b", "a%250A::error::b", "a%250A%3A%3Aerror%3A%3Ab"),
        ("a\r\nb", r"a\r\nb", r"a\r\nb"),
        ("a\u2028b\x1b[31m", r"a\u2028b\x1b[31m", r"a\u2028b\x1b[31m"),
        ("##[error]x", r"#\#[error]x", r"#\#[error]x"),
    ],
)
def test_words_in_data_and_in_properties(words: str, data: str, property_: str) -> None:
    assert for_workflow_data([words], 100) == data
    assert for_workflow_data([words, words], 100) == f"{data}%0A{data}"
    assert for_workflow_property(words, 100) == property_


def test_the_cut_is_made_between_characters() -> None:
    assert for_workflow_data(["a%b%"], 8) == "a%25b%25"
    assert for_workflow_data(["a%b%"], 7) == "a%25b…"
    assert for_workflow_data(["a%b%"], 4) == "a…"
    assert for_workflow_data(["😀😀"], 3) == "😀…"
    assert for_workflow_data([], 3) == ""


def test_the_slow_are_warnings_unless_they_block() -> None:
    blocking = replace(HERE.failed(SLOW, "slow", ""), blocks=True)
    [found] = commands_for(blocking)
    assert found.name == "error"
