"""Saved evidence that was changed: refused in words, or judged and reported as any other."""

import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mxcheck.app import Judging
from mxcheck.config.errors import ConfigError
from mxcheck.config.load import Config
from mxcheck.evidence.dns import Answer
from mxcheck.evidence.domain import Domain, Run
from mxcheck.evidence.tls import TlsSession
from mxcheck.judge.verdict import Verdict
from mxcheck.model.policy import Level, Policy
from mxcheck.model.targets import Target
from mxcheck.probe.settings import ProbeSettings
from mxcheck.report import REPORTS
from mxcheck.rules import RULES
from mxcheck.saved.errors import EvidenceError
from mxcheck.saved.reading import read_evidence
from mxcheck.wire.certificate_fields import subject_public_key_info
from mxcheck.wire.tlsa import TlsaRecord, recommended_record
from tests.build import root
from tests.fuzz.evidence import WHOLE, documents
from tests.fuzz.test_certificates import HEALTHY, MUTANTS
from tests.fuzz.test_dns import TLSA
from tests.report.rendering import render_text
from tests.saving import as_evidence, loaded_run, saved_text
from tests.whole import whole_evidence
from tests.whole_posture import SELECTORS

EVERY_RULE = Policy(
    dkim_selectors=SELECTORS,
    levels={rule.id: Level.ERROR for rule in RULES if rule.level is Level.OFF},
)


# These want keys and signatures that only the openssl command makes, or a name in the DNS.
NEVER_FAILING = {
    *("cert-signature-weak", "dane-insecure", "mta-sts-mx-unauthenticated"),
    *("mx-is-alias", "mx-not-public", "dane-pin-fragile"),
    *("mta-sts-cert-expiring", "tls-large-hello-fails"),
}


def load(text: str) -> Run | str:
    """The evidence, or why it is refused."""
    try:
        return loaded_run(text)
    except EvidenceError as error:
        return str(error)


def said(value: Any, path: str = "") -> Iterator[tuple[str, object]]:  # noqa: ANN401 - JSON
    """Yield every value of a document, with its path; moments may differ in their time zone."""
    if isinstance(value, dict):
        yield path, tuple(value) if not value else ()
        for key, item in value.items():
            yield from said(item, f"{path}.{key}")
    elif isinstance(value, list):
        yield path, len(value)
        for number, item in enumerate(value):
            yield from said(item, f"{path}[{number}]")
    elif not path.endswith("_at"):
        yield path, value.rstrip("=") if isinstance(value, str) else value


def lines_of(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def assert_read_again(text: str) -> None:
    read = load(text)
    if isinstance(read, str):
        assert read
        assert len(read) < 700
        assert read.isprintable()
        return
    again = saved_text(read)
    assert loaded_run(again) == read
    if r"\ud800" not in text:  # which is written as what it looks like
        # What is passed over in silence would be judged as not seen.
        assert set(said(lines_of(text))) <= set(said(lines_of(again)))


@given(documents())
@example(WHOLE)
@example(WHOLE.replace('"preference":10', '"preference":"10"'))
@example(WHOLE.replace('"domain"', '"domain_"'))
@example(WHOLE.replace('"schema_version"', '"more": 1, "schema_version"'))
@example(re.sub(r'("observed_at":)"[^"]*"', r'\1"0001-01-01T00:00:00+14:00"', WHOLE))
@example('{"schema_version": "1", "evidence": ' + "9" * 5000 + "}")
@example('{"schema_version": "1", "schema_version": "2", "evidence": {}}')
@example('{"schema_version": "1", "' + "k" * 10_000 + '": 1, "evidence": {}}')
def test_changed_evidence_is_refused_or_read(text: str) -> None:
    assert_read_again(text)


@given(st.integers(0, len(WHOLE)), st.integers(0, 50), st.text(max_size=4))
def test_damaged_evidence_is_refused_or_read(location: int, length: int, noise: str) -> None:
    assert_read_again(WHOLE[:location] + noise + WHOLE[location + length :])


@cache
def a_config() -> Config:
    return Config(
        policy=EVERY_RULE, targets=(), probe=ProbeSettings(), ca_pem=root().certificate_pem
    )


def judge(evidence: Run) -> Verdict:
    """What `mxcheck judge` makes of it, with every rule asked."""
    targets = tuple(Target(domain=one.name, policy=EVERY_RULE) for one in evidence.domains)
    config = replace(a_config(), targets=targets)
    return Judging(config, today=date(2026, 2, 1)).judge(as_evidence(evidence))


def read_file(text: str) -> Run | None:
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "evidence.json").write_text(text, encoding="utf-8")
        try:
            return read_evidence("evidence.json", Path(name), None).runs[0]
        except ConfigError:
            return None


@settings(max_examples=max(10, settings().max_examples // 3))
@given(documents())
def test_changed_evidence_is_judged_and_reported(text: str) -> None:
    evidence = read_file(text)
    if evidence is None:
        return
    verdict = judge(evidence)
    for render in REPORTS.values():
        render(verdict)
    render_text(verdict, verbose=True)
    json.loads("".join(REPORTS["json"](verdict)))


@settings(max_examples=max(10, settings().max_examples // 2))
@given(st.lists(MUTANTS | st.sampled_from(HEALTHY), min_size=1, max_size=3), TLSA)
def test_any_chain_is_judged_and_reported(chain: list[bytes], record: TlsaRecord) -> None:
    names = {"dane.example", "sts.example", "healthy.example"}
    whole = whole_evidence()
    visits = [one for one in whole.visits if one.host.removeprefix("mx.") in names]
    tls = [one.tls for one in visits if isinstance(one.tls, TlsSession)]
    domains = [one for one in whole.domains if one.name in names]
    records = (str(record), *(str(recommended_record(one)) for one in chain if has_key(one)))
    evidence = replace(
        whole,
        domains=tuple(with_tlsa(domain, records) for domain in domains),
        visits=tuple(
            replace(visit, tls=replace(session, chain=tuple(chain)))
            for visit, session in zip(visits, tls, strict=True)
        ),
    )
    verdict = judge(evidence)
    for render in REPORTS.values():
        render(verdict)


def has_key(certificate: bytes) -> bool:
    try:
        subject_public_key_info(certificate)
    except ValueError:
        return False
    return True


def with_tlsa(domain: Domain, records: tuple[str, ...]) -> Domain:
    """The domain with these TLSA records at its MX host."""
    (host,) = domain.hosts
    lookup = Answer(owner="t", records=records, authenticated_data=True)
    return replace(domain, hosts=(replace(host, tlsa=(replace(host.tlsa[0], lookup=lookup),)),))


def test_the_whole_is_judged_by_every_rule_with_every_outcome() -> None:
    verdict = judge(whole_evidence())
    results = [result for domain in verdict.domains for result in domain.results]
    assert {result.outcome for result in results} == {"pass", "fail", "unknown", "not-applicable"}
    failing = {result.rule.id for result in results if result.outcome == "fail"}
    assert {rule.id for rule in RULES} - failing <= NEVER_FAILING
