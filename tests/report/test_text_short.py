"""The text report in short: a line for each domain, each finding once, a list at the end."""

from dataclasses import replace

from mxcheck.evidence.smtp import Connection
from mxcheck.judge.verdict import Conclusion, DomainVerdict, Verdict
from mxcheck.report.text import page
from mxcheck.rules.base import Scope
from mxcheck.rules.subjects import Subject
from tests.build import HOST, domain_of, evidence_of, healthy_host, healthy_visit
from tests.report import verdicts
from tests.report.rendering import render_text
from tests.report.verdicts import AT_MX1, OPEN_RELAY, SLOW, At, verdict_of

HERE = At(AT_MX1)


def several(*domains: DomainVerdict) -> Verdict:
    return replace(verdicts.broken(), domains=domains)


[HEALTHY], [BROKEN], [PARKED] = (
    build().domains for build in (verdicts.healthy, verdicts.broken, verdicts.null_mx)
)
MANY = several(
    replace(HEALTHY, name="alpha.test"), PARKED, BROKEN, replace(HEALTHY, name="beta.test")
)
CLOSING = """\
FAIL example.com: smtp-unreachable, cert-expired, cert-name-mismatch
UNKNOWN bücher.example (xn--bcher-kva.example): nothing could be judged about this domain
"""


def test_domains_that_do_not_pass_are_listed_last_and_alone_if_quiet() -> None:
    summary = page.render_summary(MANY)
    assert summary.startswith(f"{CLOSING}FAIL: 3 failures")
    assert summary.count("\n") == 3
    end = "".join(page.render_text(MANY, verbose=False, width=100)).split("\n\n")[-2:]
    assert end == [CLOSING.rstrip(), summary.removeprefix(CLOSING)]


def test_domains_that_the_same_cause_leaves_open_are_one_line_of_the_list() -> None:
    [closed] = verdicts.closed().domains
    run = several(closed, BROKEN, replace(closed, name="other.example"))
    assert page.render_summary(run).splitlines()[:-1] == [
        "FAIL example.com: smtp-unreachable, cert-expired, cert-name-mismatch",
        "UNKNOWN 2 domains: outbound port 25 looks closed here",
    ]


def test_what_else_is_unknown_is_in_the_list_too() -> None:
    unknown = replace(HERE.unknown(OPEN_RELAY, ""), blocks=True)
    broken = replace(BROKEN, results=(*BROKEN.results, unknown))
    assert "cert-name-mismatch; unknown: open-relay\n" in page.render_summary(several(broken))


def test_the_report_begins_with_a_line_for_each_domain_the_worst_first() -> None:
    lines = render_text(MANY).splitlines()
    assert lines[1:7] == [
        "",
        "FAIL     example.com             DNSSEC unknown · no MTA-STS, TLS-RPT or DANE",
        "UNKNOWN  bücher.example (xn--bcher-kva.example)  DNSSEC unknown",
        "         no MTA-STS, TLS-RPT or DANE",
        "PASS     alpha.test              DNSSEC · MTA-STS enforce · TLS-RPT · DANE 3 1 1",
        "PASS     beta.test               DNSSEC · MTA-STS enforce · TLS-RPT · DANE 3 1 1",
    ]
    assert lines[7:9] == ["", "FAIL  example.com  DNSSEC unknown · no MTA-STS, TLS-RPT or DANE"]


def test_a_domain_that_passed_has_one_line() -> None:
    text = render_text(MANY)
    assert text.count("alpha.test") == text.count("beta.test") == 1
    alone = render_text(verdicts.healthy()).splitlines()
    assert sum("example.com" in line for line in alone) == 1


def test_verbose_shows_everything_of_a_domain_that_passed() -> None:
    text = render_text(MANY, verbose=True)
    assert text.count("alpha.test") > 1
    for result in HEALTHY.results:
        assert text.count(f"\n  pass     {result.rule.id}") >= 2


def test_a_warning_of_a_domain_that_passed_is_told_without_its_hosts() -> None:
    warned = replace(HEALTHY, results=(HERE.failed(SLOW, "it is slow", "Look."),))
    text = render_text(several(warned, warned))
    assert text.count("it is slow") == 2
    assert "reachable in" not in text


def at(address: str) -> At:
    return At(Subject(kind=Scope.ENDPOINT, parts=(HOST, address)))


def dual_stack(*connect_ms: float) -> Verdict:
    addresses = tuple(f"192.0.2.{number}" for number in range(1, len(connect_ms) + 1))
    host = replace(healthy_host(), addresses=addresses)
    visits = (
        replace(healthy_visit(HOST, address), connection=Connection(connect_ms=ms))
        for address, ms in zip(addresses, connect_ms, strict=True)
    )
    results = [
        at(address).failed(OPEN_RELAY, f"{HOST} [{address}]:25 relays", f"Close {address}.")
        for address in addresses
    ]
    evidence = evidence_of(*visits, domain=domain_of(host))
    return verdict_of(evidence, results, Conclusion.FAIL, 1)


def test_addresses_of_which_the_same_is_to_be_said_are_told_once() -> None:
    lines = render_text(dual_stack(12, 9)).splitlines()
    assert lines[3:5] == [
        f"  MX 10  {HOST} [192.0.2.1] [192.0.2.2]",
        "         reachable in 9 to 12 ms · Postfix · STARTTLS TLSv1.3",
    ]
    begin = lines.index(f"  FAIL     open-relay  {HOST} [192.0.2.1] [192.0.2.2]")
    assert lines[begin + 1 : begin + 3] == [
        f"           {HOST}:25 relays",
        "           → Close 192.0.2.1 and 192.0.2.2.",
    ]


def test_verbose_tells_each_of_them() -> None:
    text = render_text(dual_stack(12, 9), verbose=True)
    assert f"{HOST} [192.0.2.1]:25 relays" in text
    assert f"{HOST} [192.0.2.2]:25 relays" in text


def test_many_addresses_are_all_listed() -> None:
    text = render_text(dual_stack(*[12] * 16))
    heading = text[text.index("  FAIL     open-relay") :].split(":25 relays")[0]
    assert all(f"[192.0.2.{number}]" in heading for number in range(1, 17))
    assert "reachable in 12 ms" in text
    assert max(map(len, text.splitlines())) <= 80
