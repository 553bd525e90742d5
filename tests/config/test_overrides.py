from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxcheck.config.errors import ConfigError
from mxcheck.config.load import load_config
from mxcheck.demo.certificates import Authority
from mxcheck.model.endpoint import Endpoint
from mxcheck.probe.overrides import Overrides, OverrideZone

POLICY = b"version: STSv1\n"
ZONE = "$TTL 60\n@ IN MX 10 mx1\nmx1 IN A 192.0.2.1\n"


def read(folder: Path, **flags: tuple[str, ...]) -> Overrides:
    return load_config(flags | {"domains": ("example.com",)}, {}, folder, None).probe.overrides


def refusal(folder: Path, **flags: tuple[str, ...]) -> str:
    with pytest.raises(ConfigError) as refused:
        read(folder, **flags)
    return "\n".join(refused.value.lines)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("mx1.example.com:25:192.0.2.1:2525", ("mx1.example.com", 25, "192.0.2.1", 2525)),
        ("MX1.example.com.:25:[2001:DB8::1]:25", ("mx1.example.com", 25, "2001:db8::1", 25)),
        (":25:192.0.2.1:2525", ("", 25, "192.0.2.1", 2525)),
        ("::192.0.2.1:", ("", 0, "192.0.2.1", 0)),
    ],
)
def test_connect_to(text: str, want: tuple[str, int, str, int], tmp_path: Path) -> None:
    (end,) = read(tmp_path, connect_to=(text,)).connect_to
    assert (end.host, end.port, end.address, end.to_port) == want
    assert end.override == f"--connect-to {text}"


@pytest.mark.parametrize(
    "text",
    ["mx1.example.com", "a:25:b:25", "a:25:192.0.2.1", "a:0:192.0.2.1:1", "a:1:1.2.3.4:99999"],
)
def test_a_bad_connect_to_is_named(text: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, connect_to=(text,)).startswith(f'--connect-to: "{text}" ')


def test_an_end_for_the_host_itself_goes_before_one_for_any(tmp_path: Path) -> None:
    overrides = read(tmp_path, connect_to=(":25:192.0.2.1:26", "mx1.example.com:25:192.0.2.2:27"))
    assert [end.address for end in overrides.ends_of("mx1.example.com", 25)] == ["192.0.2.2"]
    assert [end.address for end in overrides.ends_of("mx2.example.com", 25)] == ["192.0.2.1"]
    assert overrides.ends_of("mx2.example.com", 443) == ()
    for address, port in (("192.0.2.2", 27), ("192.0.2.9", 25)):
        asked = Endpoint(host="mx1.example.com", address=address, port=25)
        assert overrides.led(asked) == replace(asked, port=port)


def test_the_port_that_is_named_goes_before_any(tmp_path: Path) -> None:
    overrides = read(
        tmp_path, connect_to=("::192.0.2.1:", ":25:192.0.2.2:26", "a.example::192.0.2.3:")
    )
    for host, port, address in (
        ("a.example", 25, "192.0.2.3"),
        ("b.example", 25, "192.0.2.2"),
        ("b.example", 443, "192.0.2.1"),
    ):
        assert [end.address for end in overrides.ends_of(host, port)] == [address]


def test_several_addresses_of_one_host_are_all_meant(tmp_path: Path) -> None:
    ends = ("a.example:25:192.0.2.1:26", "a.example:25:[2001:db8::1]:26")
    overrides = read(tmp_path, connect_to=(*ends, ends[0]))
    found = overrides.ends_of("a.example", 25)
    assert [end.address for end in found] == ["192.0.2.1", "2001:db8::1"]


@pytest.mark.parametrize("port", ["27", ""])
def test_one_address_is_one_server(port: str, tmp_path: Path) -> None:
    ends = ("a.example:25:192.0.2.1:26", f"a.example:25:192.0.2.1:{port}")
    assert refusal(tmp_path, connect_to=ends) == (
        "--connect-to: 192.0.2.1 is given with two ports for the same host: try one after the other"
    )


def test_mx_records_of_a_domain_make_one_set(tmp_path: Path) -> None:
    given = ("Example.com=10 MX1.example.com.", "example.com = 20 mx2.example.com")
    (zone,) = read(tmp_path, mx=(*given,)).zones
    (mx,) = zone.zone.record_sets
    assert (mx.name, mx.rdtype) == ("example.com", "MX")
    assert mx.records == ("10 mx1.example.com", "20 mx2.example.com")
    assert zone.overrides == tuple(f"--mx {text}" for text in given)


def test_a_null_mx_may_be_given(tmp_path: Path) -> None:
    (zone,) = read(tmp_path, mx=("example.com=0 .",)).zones
    assert zone.zone.record_sets[0].records == ("0 .",)


@pytest.mark.parametrize("text", ["example.com", "example.com=mx1", "=10 mx1", "a.example=99999 m"])
def test_a_bad_mx_is_named(text: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, mx=(text,)).startswith(f'--mx: "{text}" ')


def addresses_of(given: OverrideZone) -> dict[str, tuple[str, ...]]:
    return {one.name: one.records for one in given.zone.record_sets if one.rdtype == "A"}


@pytest.mark.parametrize(
    "name",
    [
        "example.com.zone",
        "example.com",
        "example.com.",
        "db.example.com",
        "example.com!inside.zone",
    ],
)
def test_a_zone_file_may_be_named_after_its_zone(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(ZONE)
    (zone,) = read(tmp_path, zone_file=(name,)).zones
    assert addresses_of(zone) == {"mx1.example.com": ("192.0.2.1",)}
    assert zone.overrides == (f"--zone-file {name}",)


def test_a_zone_file_may_be_told_its_origin(tmp_path: Path) -> None:
    (tmp_path / "records").write_text(ZONE)
    (zone,) = read(tmp_path, zone_file=("example.net=records",)).zones
    assert addresses_of(zone) == {"mx1.example.net": ("192.0.2.1",)}


def test_flags_win_over_zone_files(tmp_path: Path) -> None:
    (tmp_path / "example.com.zone").write_text(ZONE)
    zones = read(
        tmp_path, zone_file=("example.com.zone",), mx=("example.com=5 other.example",)
    ).zones
    assert zones[-1].overrides == ("--mx example.com=5 other.example",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"mx1 IN A 192.0.2\n", "is not a zone file: near line"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"$INCLUDE other\n", "$INCLUDE"),
    ],
)
def test_a_bad_zone_file_is_named(content: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "example.com.zone").write_bytes(content)
    message = refusal(tmp_path, zone_file=("example.com.zone",))
    assert message.startswith('--zone-file: "example.com.zone" ')
    assert words in message


SOA = "@ 60 SOA ns hostmaster 1 2 3 4 5\n"


@pytest.mark.parametrize(
    "names", [("example.com", "sub.example.com"), ("sub.example.com", "example.com")]
)
@pytest.mark.parametrize("delegated", [True, False])
def test_a_zone_that_the_file_above_does_not_delegate_is_refused(
    names: tuple[str, str], *, delegated: bool, tmp_path: Path
) -> None:
    (tmp_path / "example.com").write_text(SOA + "sub 60 NS ns.example.net.\n" * delegated)
    (tmp_path / "sub.example.com").write_text(SOA)
    if delegated:
        assert len(read(tmp_path, zone_file=names).zones) == 2
        return
    assert refusal(tmp_path, zone_file=names) == (
        "--zone-file: --zone-file sub.example.com is the zone sub.example.com, which the file of"
        " the zone example.com does not delegate: NS records of sub.example.com are wanted there"
    )


def test_of_a_chain_nothing_but_certificates_is_kept(tmp_path: Path) -> None:
    issued = (
        Authority.root(datetime.now(UTC)).issue_intermediate().issue(names=("mx1.example.com",))
    )
    (tmp_path / "all.pem").write_bytes(issued.key_pem + issued.chain_pem)
    overrides = read(tmp_path, cert_file=("MX1.example.com=all.pem",))
    given = overrides.chain_of("mx1.example.com")
    assert given is not None
    assert given.chain == issued.der_chain
    assert given.overrides == ("--cert-file MX1.example.com=all.pem",)
    assert overrides.chain_of("mx2.example.com") is None
    for_any = read(tmp_path, cert_file=("all.pem",)).chain_of("mx2.example.com")
    assert for_any is not None


@pytest.fixture
def pem(tmp_path: Path) -> str:
    """The name of a file with a good chain."""
    issued = Authority.root(datetime.now(UTC)).issue(names=("mx1.example.com",))
    (tmp_path / "good.pem").write_bytes(issued.chain_pem)
    return "good.pem"


@pytest.fixture
def policy(tmp_path: Path) -> str:
    """The name of a file with a policy."""
    (tmp_path / "mta-sts.txt").write_bytes(POLICY)
    return "mta-sts.txt"


@pytest.mark.parametrize(
    ("key", "texts", "about"),
    [
        ("cert_file", ("MX1.example.com={}", "mx1.example.com.={}"), "mx1.example.com"),
        ("cert_file", ("{}", "./{}"), "all the others"),
        ("mta_sts_policy", ("Example.com={}", "example.com={}"), "example.com"),
    ],
)
def test_two_for_the_same_are_refused(
    key: str, texts: tuple[str, ...], about: str, pem: str, policy: str, tmp_path: Path
) -> None:
    name = pem if key == "cert_file" else policy
    flag = key.replace("_", "-")
    wanted = f"--{flag}: two are given for {about}: try one after the other"
    given = tuple(text.format(name) for text in texts)
    assert refusal(tmp_path, **{key: given}) == wanted


def test_of_a_policy_no_more_is_kept_than_tells_that_it_is_too_long(tmp_path: Path) -> None:
    (tmp_path / "mta-sts.txt").write_bytes(POLICY + b"x" * 100_000)
    policy = read(tmp_path, mta_sts_policy=("mta-sts.txt",)).policy_of("example.com")
    assert policy is not None
    assert len(policy.body) == 64 * 1024 + 1


@pytest.mark.parametrize("name", ["Bücher.example", "xn--bcher-kva.example."])
def test_names_in_every_form(name: str, pem: str, policy: str, tmp_path: Path) -> None:
    overrides = read(
        tmp_path,
        connect_to=(f"{name}:25:192.0.2.1:25",),
        mx=(f"{name}=10 MX.{name}",),
        cert_file=(f"{name}={pem}",),
        mta_sts_policy=(f"{name}={policy}",),
    )
    ascii_name = "xn--bcher-kva.example"
    assert overrides.ends_of(ascii_name, 25)
    assert overrides.chain_of(ascii_name)
    assert overrides.policy_of(ascii_name)
    (mx,) = overrides.zones[0].zone.record_sets
    assert (mx.name, mx.records) == (ascii_name, (f"10 mx.{ascii_name}",))


def test_a_policy_for_one_domain_or_for_any(tmp_path: Path) -> None:
    (tmp_path / "mta-sts.txt").write_bytes(POLICY)
    given = read(tmp_path, mta_sts_policy=("example.com=mta-sts.txt",))
    policy = given.policy_of("example.com")
    assert policy is not None
    assert (policy.body, policy.path) == (POLICY, "mta-sts.txt")
    assert given.policy_of("example.net") is None


@pytest.mark.parametrize("key", ["zone_file", "cert_file", "mta_sts_policy"])
def test_a_file_that_cannot_be_read_is_named(key: str, tmp_path: Path) -> None:
    message = refusal(tmp_path, **{key: ("nowhere",)})
    assert message == (
        f'--{key.replace("_", "-")}: "nowhere" cannot be read: No such file or directory'
    )


@pytest.mark.parametrize("key", ["zone_file", "cert_file", "mta_sts_policy"])
def test_a_name_without_a_file_is_refused(key: str, tmp_path: Path) -> None:
    message = refusal(tmp_path, **{key: ("a.example=",)})
    assert message == (
        f'--{key.replace("_", "-")}: "a.example=" names no file: is the variable set?'
    )


def test_a_file_without_a_certificate_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("nothing")
    message = refusal(tmp_path, cert_file=("x.pem",))
    assert message == '--cert-file: "x.pem" contains no PEM certificate that can be read'


def test_the_config_file_and_the_environment_name_them_too(tmp_path: Path) -> None:
    (tmp_path / "mxcheck.toml").write_text('[probe]\nmx = ["example.com=10 a.example"]\n')
    flags = {"domains": ("example.com",)}
    from_file = load_config(flags, {}, tmp_path, None).probe.overrides
    assert [str(one.name) for one in from_file.named] == ["--mx example.com=10 a.example"]
    environ = {"MXCHECK_MX": "example.com=10 b.example\nexample.com=20 c.example"}
    from_environment = load_config(flags, environ, tmp_path, None).probe.overrides
    assert len(from_environment.named) == 2


def test_a_fault_in_the_config_file_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "mxcheck.toml").write_text('[probe]\n\nmx = ["example.com"]\n')
    with pytest.raises(ConfigError) as refused:
        load_config({"domains": ("example.com",)}, {}, tmp_path, None)
    assert refused.value.lines[0].startswith('mxcheck.toml:3: probe.mx: "example.com" is not')
