"""What a check saves of what it saw: all of it, however it ended, and nothing that is secret."""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from mxcheck import app
from mxcheck.config.load import Config, load_config
from mxcheck.demo.certificates import Authority
from mxcheck.evidence.domain import Run
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.run import ProbeRun
from tests.build import DOMAIN, evidence_of, expired_visit
from tests.report.rendering import render_evidence
from tests.report.verdicts import hostile
from tests.saved.demo import EVERYTHING, Demo
from tests.saving import loaded_run


def config_in(folder: Path, *resolvers: str, environ: dict[str, str] | None = None) -> Config:
    flags = {
        "domains": (DOMAIN,),
        "save_evidence": (str(folder / "deep" / "e.json"),),
        "json": (str(folder / "report.json"),),
        "canaries": ("none",),
        "quiet": ("true",),
        "retries": ("0",),
        "resolver": resolvers or ("127.0.0.1:1",),
    }
    return load_config(flags, environ or {}, folder, None)


def saved_in(folder: Path) -> Run:
    return loaded_run((folder / "deep" / "e.json").read_text())


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Run]:
    """The evidence that the probe comes back with; a test puts its own in place of it."""
    evidence = [evidence_of()]
    monkeypatch.setattr(ProbeRun, "gather", lambda _: evidence[0])
    monkeypatch.setattr(ProbeRun, "seen", lambda _: evidence[0])
    return evidence


@pytest.mark.parametrize("interrupted", [False, True])
def test_a_failing_and_an_interrupted_run_save_theirs(
    *, interrupted: bool, seen: list[Run], tmp_path: Path
) -> None:
    seen[0] = replace(evidence_of(expired_visit()), interrupted=interrupted)
    assert app.check(config_in(tmp_path)) == (130 if interrupted else 1)
    assert saved_in(tmp_path) == seen[0]


@pytest.mark.parametrize("broken", [ZeroDivisionError, KeyboardInterrupt])
def test_what_was_gathered_before_a_bug_or_an_interrupt_is_saved(
    broken: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: object) -> NoReturn:
        raise broken

    monkeypatch.setattr(ProbeRun, "gather", crash)
    with pytest.raises(broken):
        app.check(config_in(tmp_path))
    evidence = saved_in(tmp_path)
    assert [domain.name for domain in evidence.domains] == [DOMAIN]
    assert evidence.interrupted is (broken is KeyboardInterrupt)


@pytest.mark.usefixtures("seen")
def test_the_variable_stands_for_the_flag(tmp_path: Path) -> None:
    config = load_config(
        {"domains": (DOMAIN,), "quiet": ("true",)},
        {"MXCHECK_SAVE_EVIDENCE": str(tmp_path / "deep" / "e.json")},
        tmp_path,
        None,
    )
    app.check(config)
    assert saved_in(tmp_path) == evidence_of()


def test_evidence_on_stdout_holds_no_command_for_a_ci_system() -> None:
    verdict = hostile("##[error]\n::error::x\u202e")
    text = render_evidence(verdict)
    assert "##" not in text
    assert text.isascii()
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]
    assert loaded_run(text) == verdict.evidence.runs[0]


class TestSecrets:
    """Nothing that lets anybody in is in the evidence, in a report or in a message."""

    def everything_written(self, folder: Path) -> str:
        return "".join(path.read_text() for path in folder.rglob("*.json"))

    @pytest.mark.parametrize("key", ["?key=s3cret", "?s3cret"])
    def test_the_query_of_a_resolver(
        self, key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        config = config_in(tmp_path, f"https://127.0.0.1:1/dns-query{key}")
        assert app.check(replace(config, screen=replace(config.screen, quiet=False))) == 3
        resolver = saved_in(tmp_path).resolvers[0]
        assert resolver.name == "https://127.0.0.1:1/dns-query?…"
        mx = saved_in(tmp_path).domains[0].mx
        assert isinstance(mx, Unseen)
        assert mx.trouble is Trouble.RESOLVER
        written = self.everything_written(tmp_path)
        assert "dns-query" in written
        output = capsys.readouterr()
        assert "s3cret" not in written + output.out + output.err

    def test_the_environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HTTPS_PROXY", "ALL_PROXY", "GITHUB_TOKEN", "MXCHECK_TOKEN"):
            monkeypatch.setenv(name, "http://user:s3cret@192.0.2.1:3128")
        app.check(config_in(tmp_path, "https://127.0.0.1:1/dns-query"))
        assert "s3cret" not in self.everything_written(tmp_path)

    def test_a_private_key_beside_a_certificate(self, world: Demo, tmp_path: Path) -> None:
        issued = Authority.root(datetime.now(UTC)).issue(names=("mx1.healthy.example",))
        both = issued.key_pem + issued.chain_pem
        (tmp_path / "both.pem").write_bytes(both)
        flags = {"domains": (DOMAIN,), "cert_file": ("mx1.healthy.example=both.pem",)}
        overrides = load_config(flags, {}, tmp_path, None).probe.overrides
        config = world.config(tmp_path, EVERYTHING)
        app.check(replace(config, probe=replace(config.probe, overrides=overrides)))
        evidence = loaded_run((tmp_path / "evidence.json").read_text())
        chains = [host.chain for domain in evidence.domains for host in domain.hosts]
        assert issued.der_chain in [chain.chain for chain in chains if chain]
        written = self.everything_written(tmp_path)
        assert "PRIVATE KEY" not in written
        key = "".join(issued.key_pem.decode().splitlines()[1:-1])
        for form in (key, key.translate(str.maketrans("+/", "-_"))):
            assert form[10:60] not in written
        assert base64.b64decode(key).hex()[20:80] not in written
