from collections.abc import Callable
from dataclasses import replace

import pytest

from mxcheck.judge.verdict import Conclusion, Verdict
from mxcheck.rules.base import Scope
from mxcheck.rules.subjects import Subject
from tests.build import domain_of, evidence_of, healthy_host
from tests.report import verdicts
from tests.report.pages import PARSERS, Page, github
from tests.report.rendering import render_markdown
from tests.report.verdicts import AT_MX1, EXPIRED, MX1, At, verdict_of


def page(verdict: Verdict) -> Page:
    return github(render_markdown(verdict))


def lines(verdict: Verdict) -> list[str]:
    return [line for line in page(verdict).text.splitlines() if line.strip()]


def cells(verdict: Verdict) -> list[str]:
    """The cells of the table of addresses, below its head."""
    head = ["MX", "host", "address", "reachable in", "STARTTLS", "certificate", "relay"]
    found = lines(verdict)
    start = found.index("MX")
    assert found[start : start + len(head)] == head
    return found[start + len(head) :]


def test_it_begins_with_the_conclusion_and_the_counts() -> None:
    title, counts = lines(verdicts.broken())[:2]
    assert title == "mxcheck: FAIL"
    assert counts == (
        "3 failures, 1 warning, 1 unknown, 1 waived, 3 passed;"
        " exit code 1: something required failed"
    )


def test_a_row_for_each_address() -> None:
    found = cells(verdicts.broken())
    assert found[:7] == [
        "10",
        "mx1.example.com",
        "192.0.2.1",
        "12 ms · Postfix",
        "TLSv1.3",
        "expired 3 days ago · FAILS cert-expired, cert-name-mismatch",
        "OPEN RELAY",
    ]
    assert found[7:11] == ["20", "mx2.example.com", "2001:db8::25", "NOT reachable (timeout)"]


def test_what_has_no_address_and_what_is_left_out_has_a_row_too() -> None:
    bare = replace(healthy_host(MX1), addresses=(), left_out=("192.0.2.7", "192.0.2.8"))
    verdict = verdict_of(evidence_of(domain=domain_of(bare)), (), Conclusion.UNKNOWN, 3)
    found = cells(verdict)
    assert found[2] == "no address was checked"
    assert found[5] == "not checked, because there are too many: 192.0.2.7, 192.0.2.8"


def test_without_hosts_it_says_why() -> None:
    found = lines(verdicts.null_mx())
    assert "bücher.example (xn--bcher-kva.example): UNKNOWN" in found
    assert "no MX host to check: a null MX, the domain takes no mail" in found
    assert found.count("nothing could be judged about this domain") == 2  # in the table too


def test_the_findings_stand_in_the_order_of_their_weight() -> None:
    found = lines(verdicts.broken())
    labels = ("FAIL ", "WARNING ", "unknown ", "WAIVED ")
    assert [line.split()[1] for line in found if line.startswith(labels)] == [
        "smtp-unreachable",
        "cert-expired",
        "cert-name-mismatch",
        "smtp-slow",
        "tls13-missing",
        "open-relay",
    ]


def test_a_finding_has_message_and_remedy() -> None:
    found = lines(verdicts.broken())
    at = found.index("FAIL cert-expired mx1.example.com 192.0.2.1")
    assert found[at + 1].startswith("the certificate of mx1.example.com expired on 2026-01-28")
    assert found[at + 2] == "→ Renew it (for example with certbot) and reload the MTA."


def test_what_is_waived_has_until_when_and_why() -> None:
    found = lines(verdicts.broken())
    at = found.index("WAIVED open-relay mx1.example.com 192.0.2.1")
    assert found[at + 1 : at + 4] == [
        "RCPT for an outside domain was accepted",
        "waived until 2026-12-31: a test server, OPS-123",
        "→ Close it.",
    ]


def test_the_first_table_has_a_row_for_each_domain_the_worst_first() -> None:
    passed, broken = verdicts.healthy(), verdicts.broken()
    [healthy] = passed.domains
    found = lines(replace(broken, domains=(replace(healthy, name="a.example"), *broken.domains)))
    start = found.index("domain")
    assert found[start : start + 9] == [
        *("domain", "has", "why"),
        *("FAIL", "example.com", "DNSSEC unknown · no MTA-STS, TLS-RPT or DANE"),
        "smtp-unreachable, cert-expired, cert-name-mismatch",
        *("PASS", "a.example"),
    ]
    assert found[start + 9] == "DNSSEC · MTA-STS enforce · TLS-RPT · DANE 3 1 1"


def test_only_failures_are_open() -> None:
    before, warnings, passes = render_markdown(verdicts.broken()).split("<details>")
    assert before.count("\n- **") == 1 + 3  # the waiver that matched nothing
    assert warnings.startswith("<summary>1 warning, 1 unknown, 1 waived</summary>")
    assert "`smtp-slow`" in warnings
    found = [line for line in github(f"<details>{passes}").text.splitlines() if line.strip()]
    assert found[0] == "example.com: 3 passed, 1 not applicable, 1 switched off"
    assert "STARTTLS is announced" in found
    assert "off" in found


def test_a_domain_that_passed_has_its_row_and_a_fold() -> None:
    before, _, folded = render_markdown(verdicts.healthy()).partition("<details>")
    assert "## " not in before
    assert folded.startswith("<summary>example<wbr>.com: 7 passed, 1 switched off</summary>")
    assert "| 10 | `mx1.example.com` | `192.0.2.1` | 12 ms · Postfix | TLSv1.3 |" in folded


def at_host(host: str) -> str:
    results = [At(Subject(kind=Scope.ENDPOINT, parts=(host, "::1"))).failed(EXPIRED, "x", "y")]
    domain = domain_of(healthy_host(host, "192.0.2.1"))
    return render_markdown(verdict_of(evidence_of(domain=domain), results, Conclusion.FAIL, 1))


@pytest.mark.parametrize("parse", PARSERS)
def test_names_and_addresses_are_whole(parse: Callable[[str], Page]) -> None:
    found = parse(at_host(MX1))
    code = [found.runs[number] for number in sorted(found.in_code)]
    assert code[:6] == ["example.com", "example.com", MX1, "192.0.2.1", "cert-expired", MX1]
    assert "::1" in code


@pytest.mark.parametrize("parse", PARSERS)
@pytest.mark.parametrize("host", ["mx`1`.example.com", "a` | **b** | `c", "</code>", "\n\n# x", ""])
def test_a_name_cannot_end_its_code(parse: Callable[[str], Page], host: str) -> None:
    found = parse(at_host(host))
    assert found.tags == parse(at_host("harmless")).tags
    assert repr(host)[1:-1] in found.text


def test_findings_that_differ_in_the_address_alone_are_one() -> None:
    first, second = (
        At(Subject(kind=Scope.ENDPOINT, parts=(MX1, one))).failed(
            EXPIRED, f"the certificate of {MX1} [{one}]:25 has expired", "Renew it."
        )
        for one in ("192.0.2.1", "2001:db8::1")
    )
    found = lines(verdict_of(evidence_of(), [first, second], Conclusion.FAIL, 1))
    at = found.index(f"FAIL cert-expired {MX1} 192.0.2.1 2001:db8::1")
    assert found[at + 1] == f"the certificate of {MX1}:25 has expired"


def test_notes_and_remedies_of_the_whole_run_stand_once() -> None:
    text = page(verdicts.closed()).text
    assert f"NOTE {verdicts.CLOSED}" in text
    assert text.count("self-hosted") == 1


def test_a_cause_links_to_its_page_if_the_address_is_known() -> None:
    docs = "https://github.com/acme/mxcheck/blob/v1/"
    text = render_markdown(replace(verdicts.closed(), docs=docs))
    link = f"{docs}docs/ci.md#port-25"
    assert f"[What to do if outbound port 25 looks closed here]({link})" in text
    assert "](http" not in render_markdown(verdicts.closed())


def test_a_domain_that_was_not_judged_says_so() -> None:
    verdict = verdicts.healthy()
    [domain] = verdict.domains
    unjudged = replace(domain, results=(), switched_off=(), conclusion=Conclusion.UNKNOWN)
    text = page(replace(verdict, domains=(unjudged,))).text
    assert "the run broke off before this domain was judged" in text


def test_a_run_without_domains_is_a_page_too() -> None:
    assert "0 domains" in page(replace(verdicts.healthy(), domains=())).text


@pytest.mark.parametrize("parse", PARSERS)
def test_a_message_cannot_leave_its_place(parse: Callable[[str], Page]) -> None:
    words = "x</details>|\n\n# [a](https://evil.example) @user"
    here = At(AT_MX1)
    results = [here.failed(EXPIRED, words, words), here.passed(EXPIRED, words)]
    found = parse(render_markdown(verdict_of(evidence_of(), results, Conclusion.FAIL, 1)))
    assert "a" not in found.tags
    assert (found.tags.count("h1"), found.tags.count("h2"), found.tags.count("td")) == (1, 1, 19)
    assert found.text.count(r"x</details>|\n\n# [a](https://evil.example) @user") == 3
