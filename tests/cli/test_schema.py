"""The schemas that `mxcheck schema` prints, held against what they speak of."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator, FormatChecker

from mxcheck.cli import main as cli
from mxcheck.cli.schema import SCHEMAS, UnknownSchemaError, schema_text
from mxcheck.judge.verdict import Verdict
from mxcheck.rules import RULES
from tests.report import verdicts
from tests.report.rendering import render_json
from tests.report.test_golden import BUILDERS

HERE = Path(__file__).parents[1]
README = (HERE.parent / "README.md").read_text(encoding="utf-8")
TESTDATA = sorted((HERE / "config" / "testdata").glob("*.toml"))
GOLDEN = HERE / "golden"
UPDATE = "UPDATE_GOLDEN" in os.environ
CHECK_JSONSCHEMA = str(Path(sys.executable).with_name("check-jsonschema"))

# What the code refuses and no schema can: what a value means, other keys and files, and whether
# TOML had quotes around a date.
CANNOT_TELL = {
    "ca_file_empty",
    "ca_file_missing",
    "canary_beside_none",
    "canary_port",
    "domain_not_a_name",
    "domain_twice",
    "ehlo_name_injects",
    "extension_not_a_keyword",
    "extension_starttls",
    "no_smtp_leaves_nothing",
    "not_toml",
    "relay_control_outside",
    "relay_recipient_inside",
    "relay_recipient_nowhere",
    "relay_sender_inside",
    "resolver_https",
    "resolver_name",
    "timeout_endless",
    "waiver_address",
    "waiver_until_text",
}
EVERYTHING = """\
[policy]
min_tls = "1.3"
min_cert_days = 0
min_cert_lifetime = "33%"
relay = "thorough"
relay_sender = "a@example.net"
relay_recipient = "b@iana.net"
require = ["mta-sts", "dane"]
levels = { "mx-is-alias" = "error", "smtp-slow" = "off" }
select = ["cert", "open-relay"]
ignore = ["mx-null"]
fail_on = "warning"
on_unknown = "pass"
max_greeting_seconds = 2.5
extensions = ["SIZE"]
expect = "no-mail"
senders = ["192.0.2.7", "2001:db8::7"]
dkim_selectors = ["s1"]
blocklists = ["bl.example.net"]

[probe]
port = 2525
timeout = 30
deadline = 120.5
retries = 0
ipv6 = true
resolver = ["192.0.2.53", "https://dns.example.com/dns-query", "tls://192.0.2.53#dns.example.com"]
trust_ad = false
canaries = ["none"]
allow_private = true

[[domain]]
name = "bücher.example"
relay_control = "c@bücher.example"

[[waiver]]
rule = "cert-expiring"
domain = "bücher.example"
mx = "mx1.example.com"
address = "2001:db8::1"
until = 2026-12-31
reason = "OPS-123"
"""


def schema(name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads(schema_text(name))


def config_validator() -> Draft7Validator:
    return Draft7Validator(schema("config"), format_checker=FormatChecker())


def as_json(config: str) -> Any:  # noqa: ANN401 - JSON
    """A TOML text as validators see it: dates are text."""
    return json.loads(json.dumps(tomllib.loads(config), default=str))


def examples() -> list[str]:
    """The config files of the README, and one with every kind of key."""
    return [*re.findall(r"```toml\n(.*?)```", README, re.DOTALL), EVERYTHING]


def check(folder: Path, config: str) -> subprocess.CompletedProcess[str]:
    """Run check-jsonschema on a config file, as a user would."""
    (folder / "schema.json").write_text(schema_text("config"), encoding="utf-8")
    (folder / "mxcheck.toml").write_text(config, encoding="utf-8")
    command = [CHECK_JSONSCHEMA, "--schemafile", "schema.json", "mxcheck.toml"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_has_a_name_that_stays(name: str) -> None:
    made = schema(name)
    draft = Draft7Validator if name == "config" else Draft202012Validator
    assert made["$schema"] == draft.META_SCHEMA["$id"]
    draft.check_schema(made)
    assert made["$id"] == f"urn:mxcheck:schema:{name}:1"


@pytest.mark.parametrize("config", examples())
def test_a_good_config_is_accepted(config: str) -> None:
    config_validator().validate(as_json(config))


@pytest.mark.parametrize("path", TESTDATA, ids=lambda path: path.stem)
def test_a_bad_config_is_refused_as_far_as_a_schema_can(path: Path) -> None:
    if path.stem == "not_toml":
        return
    accepted = config_validator().is_valid(as_json(path.read_text(encoding="utf-8")))
    assert accepted is (path.stem in CANNOT_TELL)


def test_check_jsonschema_accepts_the_good_and_refuses_the_bad(tmp_path: Path) -> None:
    good = check(tmp_path, EVERYTHING)
    assert (good.returncode, good.stderr) == (0, "")
    bad = check(tmp_path, EVERYTHING.replace("2026-12-31", '"soon"').replace('"1.3"', '"1.4"'))
    assert bad.returncode == 1
    assert "$.policy.min_tls: '1.4' is not one of ['1.0', '1.1', '1.2', '1.3']" in bad.stdout
    assert "$.waiver[0].until: 'soon' is not a 'date'" in bad.stdout


def test_every_key_of_the_config_is_described() -> None:
    made = schema("config")
    for table in (made, *made["definitions"].values()):
        assert table["additionalProperties"] is False
        for key, value in table["properties"].items():
            assert value.get("description") or list(value) == ["$ref"], key


def test_keys_that_name_rules_list_them() -> None:
    policy = schema("config")["definitions"]["PolicyTable"]["properties"]
    ids = [rule.id for rule in RULES]
    assert policy["levels"]["propertyNames"]["enum"] == ids
    assert policy["select"]["items"]["enum"][: len(ids)] == ids
    assert "cert" in policy["ignore"]["items"]["enum"]


@pytest.mark.parametrize("build", BUILDERS, ids=lambda build: build.__name__)
def test_reports_are_as_the_schema_says(build: Callable[[], Verdict]) -> None:
    Draft202012Validator(schema("report")).validate(json.loads(render_json(build())))


def test_a_report_without_a_key_is_refused() -> None:
    validator = Draft202012Validator(schema("report"))
    report = json.loads(render_json(verdicts.broken()))
    validator.validate(report | {"added": "later"})
    for key in report:
        assert not validator.is_valid({name: report[name] for name in report if name != key})


@pytest.mark.parametrize("name", ["config", "report"])
def test_a_schema_is_as_kept(name: str) -> None:
    """A key that goes, or a value that is no longer taken, breaks the files and programs of users.

    The list of rules only ever grows, which another test sees to.
    """
    path = GOLDEN / f"{name}.schema.json"
    made = re.sub(r'(?s)"mx-missing",.*?(?=\s+\])', '"RULES"', schema_text(name))
    if UPDATE:
        path.write_text(made, encoding="utf-8")
    assert made == path.read_text(encoding="utf-8")


def test_an_unknown_name_is_refused_with_a_suggestion() -> None:
    with pytest.raises(UnknownSchemaError) as caught:
        schema_text("confg")
    assert str(caught.value) == (
        '"confg" is not one of config, report, evidence; did you mean "config"?'
    )


def leave(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    monkeypatch.setattr(sys, "argv", ["mxcheck", "schema", *arguments])
    with pytest.raises(SystemExit) as left:
        cli.main()
    return left.value.code


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_command_prints_the_schema(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert leave(monkeypatch, name) == 0
    assert json.loads(capsys.readouterr().out) == schema(name)


def test_the_command_refuses_an_unknown_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert leave(monkeypatch, "reprot") == 2
    out, err = capsys.readouterr()
    assert (out, err.strip()) == (
        "",
        '"reprot" is not one of config, report, evidence; did you mean "report"?',
    )
