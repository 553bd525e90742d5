"""`--cert-file`: a chain before it is deployed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mxcheck.demo.building import SMTP_PORT, tlsa_record
from mxcheck.demo.certificates import Authority, Issued, rsa_key, self_signed
from mxcheck.demo.world import demo_world
from mxcheck.model.endpoint import HostPort
from mxcheck.rules.facts.egress import EGRESS_REMEDY
from tests.overrides.world import HEALTHY, MX1, MX2, MX2_ADDRESS, Asked, Checked, Given, authority
from tests.probe.harness import ROOT

NOW = datetime.now(UTC)
HERE = f"{MX2} [{MX2_ADDRESS}]"
UNTRUSTED_ROOT = Authority.root(NOW, "Unknown Root CA")
# What looks at the certificate, beside the family.
OTHERS = {
    ("caa-forbids-issuer", MX2),
    ("dane-mismatch", HERE),
    ("dane-pin-fragile", MX2),
    ("mta-sts-mx-unauthenticated", HERE),
}


async def deploy(
    folder: Path, issued: Issued, *, records: str = "", **flags: tuple[str, ...]
) -> Checked:
    """Judge a chain for the second MX host, whose TLSA records `records` may replace."""
    (folder / "new.pem").write_bytes(issued.key_pem + issued.chain_pem)
    (folder / "records").write_text(records)
    given = {"cert_file": (f"{MX2}=new.pem",), **flags}
    if records:
        given["zone_file"] = ("records",)
    return await Given(folder=folder, flags=given).check()


def without_tlsa() -> str:
    """A whole zone, all that the healthy domain has but TLSA records."""
    return f"""\
$ORIGIN {HEALTHY}.
@ SOA ns hostmaster 1 3600 600 86400 60
@ MX 10 mx1
@ MX 20 mx2
mx1 A 192.0.2.10
mx2 A 192.0.2.11
_mta-sts TXT "v=STSv1; id=1;"
mta-sts A 192.0.2.12
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@{HEALTHY}"
"""


async def test_it_changes_what_is_said_of_the_certificate_and_nothing_else(tmp_path: Path) -> None:
    # The given certificate has the dates of those that the world shows, also around midnight.
    now = datetime.now(UTC)
    issued = replace(authority(), now=now).issue(names=(MX2,))
    (tmp_path / "new.pem").write_bytes(issued.chain_pem)
    flags = {"cert_file": (f"{MX2.upper()}.=new.pem",)}
    async with demo_world(now) as world:
        before = await Given(folder=tmp_path).check(world)
        after = await Given(folder=tmp_path, flags=flags).check(world)
    of_certificate = {asked for asked in after.answers if asked[0].startswith("cert-")}
    at_mx2 = {asked for asked in of_certificate if asked[1] == HERE}
    assert after.marked() == at_mx2 | OTHERS
    # A record that does not match cannot break at a renewal.
    assert after.differing(before) == {("dane-mismatch", HERE), ("dane-pin-fragile", MX2)}
    assert after.results["dane-mismatch", HERE].overrides == (
        f"--cert-file {MX2.upper()}.=new.pem",
    )


async def test_the_message_says_what_breaks_and_the_remedy_what_to_do_first(tmp_path: Path) -> None:
    issued = authority().issue(names=(MX2,))
    checked = await deploy(tmp_path, issued)
    result = checked.results["dane-mismatch", HERE]
    record = tlsa_record(MX2, issued).split(" TLSA ")[1]
    assert result.message.startswith(f"deploying this certificate breaks DANE for {MX2}: ")
    assert f"its own record would be {record}" in result.message
    assert result.remedy == (
        f"First publish `_25._tcp.{MX2}. 60 IN TLSA {record}` beside what is published, wait one"
        " TTL of 60 s at least (better two), and then deploy; or keep the key when you renew"
        " (certbot: `--reuse-key`)."
    )


async def test_with_the_record_that_was_advised_it_passes(tmp_path: Path) -> None:
    issued = authority().issue(names=(MX2,))
    checked = await deploy(tmp_path, issued, records=tlsa_record(MX2, issued))
    assert (checked.exit_code, checked.failed()) == (0, set())
    result = checked.results["dane-mismatch", HERE]
    assert result.message.startswith(f"{HERE}:25 will present what the TLSA record 3 1 1")
    assert result.overrides == ("--zone-file records", f"--cert-file {MX2}=new.pem")
    assert checked.verdict.notes[-1] == (
        f"the certificate of {MX2} is judged with the given TLSA records at _25._tcp.{MX2}: deploy"
        " it one TTL after these are published, or senders still go by the live ones (RFC 7671 8.1)"
    )


def dated(begins: timedelta, ends: timedelta) -> Issued:
    return authority().issue(names=(MX2,), not_before=begins, not_after=ends)


EXPIRED = dated(timedelta(days=-93), timedelta(days=-3))


def below_an_expired_intermediate() -> Issued:
    long_ago = replace(ROOT, now=NOW - timedelta(days=365 * 6))
    middle = replace(long_ago.issue_intermediate("Old Issuing CA"), now=NOW)
    return middle.issue(names=(MX2,))


@pytest.mark.parametrize(
    ("issued", "failed"),
    [
        (authority().issue(names=(MX2,)), set()),
        (authority().issue(names=(MX1,)), {"cert-name-mismatch"}),
        (authority().issue(names=(), common_name=MX2), {"cert-name-mismatch"}),
        (EXPIRED, {"cert-expired"}),
        (dated(timedelta(days=2), timedelta(days=92)), {"cert-not-yet-valid"}),
        (dated(timedelta(days=-85), timedelta(days=5, hours=1)), {"cert-expiring"}),
        (UNTRUSTED_ROOT.issue_intermediate().issue(names=(MX2,)), {"cert-chain-incomplete"}),
        (self_signed(NOW, names=(MX2,)), {"cert-untrusted"}),
        (below_an_expired_intermediate(), {"cert-untrusted"}),
        (authority().issue(names=(MX2,)).without_intermediates(), {"cert-chain-incomplete"}),
        (authority().issue(names=(MX2,), key=rsa_key(1024)), {"cert-key-weak"}),
    ],
)
async def test_every_fault_is_found_before_it_is_deployed(
    issued: Issued, failed: set[str], tmp_path: Path
) -> None:
    checked = await deploy(tmp_path, issued, records=without_tlsa())
    # Under the enforced policy a fault of the certificate turns senders away.
    refused = failed - {"cert-expiring", "cert-key-weak"}
    assert checked.failed() == failed | ({"mta-sts-mx-unauthenticated"} if refused else set())
    at_mx1 = [name for rule, name in failing(checked) if name.startswith(MX1)]
    assert at_mx1 == []


def failing(checked: Checked) -> set[Asked]:
    return {asked for asked, result in checked.results.items() if result.outcome == "fail"}


async def test_the_chain_is_judged_where_the_server_cannot_be_reached(tmp_path: Path) -> None:
    nowhere = (f"{MX2}:25:127.0.0.1:1",)
    gone = f"{MX2} [127.0.0.1]"
    good = await deploy(tmp_path, authority().issue(names=(MX2,)), connect_to=nowhere)
    assert good.failed() == {"smtp-unreachable", "dane-mismatch"}
    assert good.results["cert-untrusted", gone].outcome == "pass"
    assert good.results["tls13-missing", gone].outcome == "not-applicable"
    # Nothing was seen of STARTTLS: that senders accept the server cannot be said.
    held = good.results["mta-sts-mx-unauthenticated", gone]
    assert held.outcome == "not-applicable"
    bad = await deploy(tmp_path, EXPIRED, connect_to=nowhere)
    assert bad.results["cert-expired", gone].outcome == "fail"
    assert bad.results["mta-sts-mx-unauthenticated", gone].outcome == "fail"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("every.pem",), 0),
        ((f"{MX1}=every.pem", f"{MX2}=every.pem"), 0),
        ((f"{MX1}=every.pem",), 3),
    ],
)
async def test_without_port_25_every_host_needs_a_chain(
    given: tuple[str, ...], code: int, tmp_path: Path
) -> None:
    """As docs/pre-release.md tells of `--select cert,dane`."""
    every = authority().issue(names=(MX1, MX2))
    (tmp_path / "every.pem").write_bytes(every.chain_pem)
    (tmp_path / "records").write_text(f"{tlsa_record(MX1, every)}\n{tlsa_record(MX2, every)}\n")
    checked = await without_port_25(tmp_path, cert_file=given, select=("cert", "dane"))
    assert (checked.exit_code, checked.failed()) == (code, set())


CANARY = ("192.0.2.200", SMTP_PORT)


@pytest.mark.parametrize("shut_in", [True, False])
async def test_the_remedy_for_a_host_without_a_chain_helps(
    *, shut_in: bool, tmp_path: Path
) -> None:
    (tmp_path / "new.pem").write_bytes(authority().issue(names=(MX1,)).chain_pem)
    (tmp_path / "records").write_text(f"other.{HEALTHY}. A 192.0.2.99\n")
    checked = await without_port_25(
        tmp_path,
        canaries=(CANARY,) if shut_in else (),
        cert_file=(f"{MX1}=new.pem",),
        select=("cert", "dane", "tls"),
    )
    at_mx2 = {rule: one for (rule, name), one in checked.results.items() if name == HERE}
    blind = {rule: one for rule, one in at_mx2.items() if one.outcome == "unknown"}
    assert "dane-mismatch" in blind
    for rule, result in blind.items():
        assert ("outbound port 25 looks closed here" in result.message) is shut_in
        if rule.startswith("cert-") or rule == "dane-mismatch":
            assert result.remedy == (
                f"Give the chain of {MX2} too, as it is if it stays (`--cert-file {MX2}=PEM`), or"
                f" run the check where port 25 of {MX2} can be reached."
            )
        elif shut_in:
            assert result.remedy == EGRESS_REMEDY
        else:
            assert result.remedy == "Add smtp-unreachable to the selection to see the cause judged."


async def without_port_25(
    folder: Path, *, canaries: tuple[HostPort, ...] = (), **flags: tuple[str, ...]
) -> Checked:
    """A check of the domain with `records` in its zone, where no MX host can be reached."""
    async with demo_world(datetime.now(UTC)) as world:
        smtp = {end for end in (*world.routes, *canaries) if end[1] == SMTP_PORT}
        shut = replace(world, routes={**world.routes, **dict.fromkeys(smtp, ("127.0.0.1", 9))})
        given = {"zone_file": ("records",), **flags}
        return await Given(folder=folder, flags=given, canaries=canaries).check(shut)


async def test_without_starttls_dane_fails_whatever_is_deployed(tmp_path: Path) -> None:
    issued = authority().issue(names=(MX2,))
    records = f"{MX2}. A 192.0.2.50\n{tlsa_record(MX2, issued)}"
    checked = await deploy(tmp_path, issued, records=records)
    assert checked.failed() == {
        "starttls-missing",
        "dane-mismatch",
        "mta-sts-mx-unauthenticated",
        "mx-rejects-domain",  # it is the server of another domain
    }
    result = checked.results["dane-mismatch", f"{MX2} [192.0.2.50]"]
    assert "promise TLS, but at" in result.message
    assert checked.results["cert-untrusted", f"{MX2} [192.0.2.50]"].outcome == "pass"


async def test_one_file_for_every_host_and_one_for_a_host(tmp_path: Path) -> None:
    every, own = authority().issue(names=(MX1, MX2)), authority().issue(names=(MX1,))
    (tmp_path / "every.pem").write_bytes(every.chain_pem)
    (tmp_path / "own.pem").write_bytes(own.chain_pem)
    flags = {"cert_file": ("every.pem", f"{MX2}=own.pem"), "select": ("cert",)}
    checked = await Given(folder=tmp_path, flags=flags).check()
    assert checked.results["cert-name-mismatch", HERE].overrides == (f"--cert-file {MX2}=own.pem",)
    assert checked.failed() == {"cert-name-mismatch"}
    assert checked.results["cert-name-mismatch", HERE].outcome == "fail"
    at_mx1 = checked.results["cert-name-mismatch", f"{MX1} [192.0.2.10]"]
    assert (at_mx1.outcome, at_mx1.overrides) == ("pass", ("--cert-file every.pem",))


async def test_the_host_is_the_one_that_the_mx_record_names(tmp_path: Path) -> None:
    """What it is an alias of has no certificate of its own."""
    issued = authority().issue(names=(f"alias.{HEALTHY}",))
    (tmp_path / "new.pem").write_bytes(issued.chain_pem)
    (tmp_path / "records").write_text(f"alias.{HEALTHY}. CNAME {MX2}.\n")
    for host, code in ((f"alias.{HEALTHY}", 0), (MX2, 2)):
        flags = {
            "mx": (f"{HEALTHY}=10 alias.{HEALTHY}",),
            "zone_file": ("records",),
            "cert_file": (f"{host}=new.pem",),
            "select": ("cert-name-mismatch",),
        }
        checked = await Given(folder=tmp_path, flags=flags).check()
        assert checked.exit_code == code, checked.verdict.notes


@pytest.mark.parametrize(
    ("select", "code"), [(("tls", "smtp", "mx-missing"), 2), (("cert-name-mismatch", "dns"), 0)]
)
async def test_a_chain_at_which_no_rule_looks_was_given_in_error(
    select: tuple[str, ...], code: int, tmp_path: Path
) -> None:
    checked = await deploy(tmp_path, authority().issue(names=(MX2,)), select=select)
    assert checked.exit_code == code
    [note] = checked.verdict.notes
    assert ("no rule looked at a certificate" in note) is bool(code)
