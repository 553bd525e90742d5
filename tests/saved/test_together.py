"""Several files of evidence are judged as one, unless they contradict each other."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mxcheck.evidence.domain import Run
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.overrides import Override, OverrideKind
from mxcheck.evidence.smtp import CanaryCall, Connection, Visit
from mxcheck.saved.together import clashes
from tests.build import (
    ADDRESS,
    DOMAIN,
    HOST,
    canary,
    evidence_of,
    expired_visit,
    healthy_visit,
    reply,
    root,
    unseen,
    visit_until,
)
from tests.saved.command import Judged, judge
from tests.saved.sharded import name_for, shard_of
from tests.saving import saved_text

OTHER = "other.example"
FIRST, SECOND, THIRD = (name_for(number, 3) for number in (1, 2, 3))
SHARDS = tuple(shard_of(number, 3, FIRST, SECOND, THIRD) for number in (1, 2, 3))
MX = Override(kind=OverrideKind.MX, given=f"{DOMAIN}=10 {FIRST}")


def about_other(visit: Visit | None = None) -> Run:
    """A run about another domain, whose MX host is the same."""
    run = evidence_of(visit or healthy_visit())
    return replace(run, domains=(replace(run.domains[0], name=OTHER),))


@pytest.mark.parametrize(
    ("runs", "message"),
    [
        (SHARDS, ""),
        ((evidence_of(), about_other()), ""),
        ((evidence_of(), *SHARDS[1:]), f'b: "{DOMAIN}" is in a too: name one of them'),
        (
            (SHARDS[0], shard_of(2, 4, FIRST)),
            "b: shard 2/4 is not of the same run as a, shard 1/3: their counts differ",
        ),
        (
            (SHARDS[0], SHARDS[1], SHARDS[0]),
            "c: shard 1/3 is in a too: name one of them",
        ),
        (
            (SHARDS[0], replace(SHARDS[1], port=2525)),
            "b: shard 2/3 was gathered with another port or other overrides than a, shard 1/3",
        ),
        (
            (SHARDS[0], replace(SHARDS[1], overrides=(MX,))),
            "b: shard 2/3 was gathered with another port or other overrides than a, shard 1/3",
        ),
        (
            (SHARDS[0], replace(SHARDS[1], domains=())),
            (
                f'b: shard 2/3 does not hold "{DOMAIN}", which a, shard 1/3 holds: the shards of a'
                " run look up the same domains"
            ),
        ),
        (
            (replace(SHARDS[0], domains=()), SHARDS[1]),
            (
                f'a, shard 1/3 does not hold "{DOMAIN}", which b: shard 2/3 holds: the shards of a'
                " run look up the same domains"
            ),
        ),
        ((evidence_of(), evidence_of()), f'b: "{DOMAIN}" is in a too: name one of them'),
    ],
)
def test_what_cannot_be_judged_together_is_named(runs: tuple[Run, ...], message: str) -> None:
    lines = list(clashes(list(zip("abc", runs, strict=False))))
    assert lines[:1] == ([message] if message else [])


def of_host(stage: str, seen: object) -> Visit:
    return replace(healthy_visit(), **{stage: seen})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("visit", "stage"),
    [
        (healthy_visit(), ""),
        (replace(healthy_visit(), transcript=()), ""),
        (of_host("connection", Connection(connect_ms=999)), ""),
        (visit_until("connection", unseen(Trouble.BUDGET)), ""),
        (visit_until("connection", unseen(Trouble.NO_ROUTE)), ""),
        (replace(healthy_visit(), relay=()), ""),
        (visit_until("connection", unseen(Trouble.REFUSED)), "connection"),
        (of_host("ehlo", reply(250, "other.example", "SIZE")), "ehlo"),
        (of_host("starttls", reply(454, "not now")), "starttls"),
        (expired_visit(), "tls"),
        (of_host("ehlo_after_tls", reply(250, HOST)), "ehlo_after_tls"),
    ],
)
def test_an_address_that_differs_is_named_times_and_transcripts_aside(
    visit: Visit, stage: str
) -> None:
    lines = list(clashes([("a", evidence_of()), ("b", about_other(visit))]))
    wanted = (
        f'b: "{HOST}" [{ADDRESS}] differs from what a saw there ({stage}): judge each by itself'
    )
    assert lines == ([wanted] if stage else [])


@pytest.fixture
def judge_all(tmp_path: Path) -> Callable[..., Judged]:
    """Return what judges runs, each in a file of its own."""
    (tmp_path / "ca.pem").write_bytes(root().certificate_pem)

    def judged(*runs: Run) -> Judged:
        names = [f"{number}.json" for number, _ in enumerate(runs, 1)]
        for name, run in zip(names, runs, strict=True):
            (tmp_path / name).write_text(saved_text(run))
        return judge(tmp_path, *names, "--ca-file=ca.pem", "--select=smtp,tls,cert")

    return judged


def test_runs_about_different_domains_are_judged_as_one(judge_all: Callable[..., Judged]) -> None:
    judged = judge_all(evidence_of(), about_other())
    assert judged.exit_code == 0, judged.stdout
    assert [domain["domain"] for domain in judged.report["domains"]] == [DOMAIN, OTHER]
    assert [run["shard"] for run in judged.report["runs"]] == [None, None]


def test_all_shards_pass(judge_all: Callable[..., Judged]) -> None:
    judged = judge_all(*SHARDS)
    assert judged.exit_code == 0, judged.stdout
    assert [run["shard"] for run in judged.report["runs"]] == ["1/3", "2/3", "3/3"]


def test_a_missing_shard_is_named_and_what_it_was_to_visit_unknown(
    judge_all: Callable[..., Judged],
) -> None:
    judged = judge_all(SHARDS[0], SHARDS[2])
    assert judged.exit_code == 3
    assert any("these are missing: 2/3" in note for note in judged.report["notes"])
    [domain] = judged.report["domains"]
    unreached = {
        one["subject"]["mx"]: one["outcome"]
        for one in domain["results"]
        if one["rule"] == "smtp-unreachable"
    }
    assert unreached == {FIRST: "pass", SECOND: "unknown", THIRD: "pass"}


def test_a_missing_shard_that_had_nothing_to_visit_is_named_too(
    judge_all: Callable[..., Judged],
) -> None:
    judged = judge_all(shard_of(1, 3, FIRST, THIRD), shard_of(3, 3, FIRST, THIRD))
    assert (judged.exit_code, judged.report["verdict"]) == (3, "unknown")
    assert judged.report["counts"]["fail"] == 0
    assert "these are missing: 2/3" in " ".join(judged.stdout.split())


def test_a_failure_counts_for_more_than_a_missing_shard(judge_all: Callable[..., Judged]) -> None:
    [visit] = SHARDS[0].visits
    failed = replace(SHARDS[0], visits=(replace(visit, tls=expired_visit().tls),))
    assert judge_all(failed, SHARDS[1]).exit_code == 1


def test_hosts_that_only_another_shard_was_led_to_leave_the_domain_unknown(
    judge_all: Callable[..., Judged],
) -> None:
    judged = judge_all(shard_of(1, 3, FIRST), *SHARDS[1:])
    assert judged.exit_code == 3
    [domain] = judged.report["domains"]
    assert domain["verdict"] == "unknown"
    named = f"{SECOND} (shard 2/3), {THIRD} (shard 2/3)"
    assert any(named in note for note in judged.report["notes"]), judged.report["notes"]
    assert {one["outcome"] for one in domain["results"]} <= {"pass", "not-applicable"}


def test_a_doubled_shard_is_bad_usage(judge_all: Callable[..., Judged]) -> None:
    judged = judge_all(SHARDS[0], SHARDS[1], SHARDS[0])
    assert judged.exit_code == 2
    assert judged.stderr == "3.json: shard 1/3 is in 1.json too: name one of them\n"


def test_a_way_out_that_is_closed_is_that_of_one_shard(judge_all: Callable[..., Judged]) -> None:
    """The dead host of the other shard is a failure: its machine reached others."""
    shards = [
        replace(run, visits=tuple(map(dead, run.visits)), canaries=calls)
        for run, calls in ((SHARDS[0], silent()), (SHARDS[1], ()))
    ]
    judged = judge_all(*shards, SHARDS[2])
    [domain] = judged.report["domains"]
    outcomes = {
        one["subject"]["mx"]: one["outcome"]
        for one in domain["results"]
        if one["rule"] == "smtp-unreachable"
    }
    assert outcomes == {FIRST: "unknown", SECOND: "fail", THIRD: "pass"}


def dead(visit: Visit) -> Visit:
    """The same address, where nobody answers."""
    seen = visit_until("connection", unseen(Trouble.TIMEOUT))
    return replace(seen, host=visit.host, address=visit.address)


def silent() -> tuple[CanaryCall, ...]:
    """Control hosts that did not answer either."""
    return (canary(unseen(Trouble.TIMEOUT)),)


def test_shards_of_a_file_are_judged_too_and_saved_again(tmp_path: Path) -> None:
    (tmp_path / "all.json").write_text("".join(map(saved_text, SHARDS)))
    judged = judge(tmp_path, "all.json", "--save-evidence=again.json", "--ignore=dane")
    again = judge(tmp_path, "again.json", "--ignore=dane")
    assert again.report == judged.report
    assert [run["shard"] for run in again.report["runs"]] == ["1/3", "2/3", "3/3"]


def test_an_impossible_shard_is_refused(tmp_path: Path) -> None:
    text = saved_text(SHARDS[0]).replace('"number":1', '"number":4')
    (tmp_path / "odd.json").write_text(text)
    judged = judge(tmp_path, "odd.json")
    assert judged.exit_code == 2
    assert judged.stderr.startswith("odd.json: line 1: run.shard: 4/3 is not I/N")


def test_a_visit_of_another_shard_is_refused(tmp_path: Path) -> None:
    odd = replace(SHARDS[0], visits=SHARDS[0].visits + SHARDS[1].visits)
    (tmp_path / "odd.json").write_text(saved_text(odd))
    judged = judge(tmp_path, "odd.json")
    assert judged.exit_code == 2
    assert "is not an address of an MX host that shard 1/3 visits" in judged.stderr


def test_stdin_can_be_read_once(tmp_path: Path) -> None:
    judged = judge(tmp_path, "-", "-", stdin=saved_text(SHARDS[0]).encode())
    assert (judged.exit_code, judged.stderr) == (2, "-: stdin can be read once\n")
