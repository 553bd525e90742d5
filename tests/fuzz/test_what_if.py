"""Overrides: any text of theirs is one, or is refused in one line that names the flag."""

import tempfile
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from mxcheck.config.errors import ConfigError
from mxcheck.config.load import load_config
from mxcheck.evidence.overrides import OverrideKind
from mxcheck.probe.overrides import ConnectTo, Overrides
from tests.build import healthy_chain
from tests.fuzz.der import mutants, pem

FILES = {
    "zone": b"@ IN MX 10 mx1\n",
    "a=b": b"@ IN MX 10 mx1\n",
    "policy": b"version: STSv1\nmode: none\nmax_age: 1\n",
    "binary": b"\xff\0",
}
WORDS = st.sampled_from(
    [
        *("example.com", "mx1", ".", "..", "*", "=", ":", " ", "25", "0", "65536", "10", "99999"),
        *("192.0.2.1", "[2001:db8::1]", "[fe80::1%lo]", "[", "]", "é", "_25._tcp", "\\", "$"),
        *FILES,
        *("/", "/dev/null", "../", "x" * 300, "https://u:p@h/"),
    ]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=6).map("".join) | st.text(max_size=20)


def load(key: str, *texts: str, **more: bytes) -> Overrides | str:
    """The overrides, or the lines with which they are refused."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in {**FILES, **more}.items():
            (folder / file).write_bytes(content)
        flags = {"domains": ("example.com",), key: texts}
        try:
            return load_config(flags, {}, folder, None).probe.overrides
        except ConfigError as error:
            return "\n".join(error.lines)


@given(st.sampled_from(OverrideKind), st.lists(TEXTS, min_size=1, max_size=2))
@example(OverrideKind.CERT_FILE, ["mx1=" + "x" * 300])
@example(OverrideKind.ZONE_FILE, ["\0"])
def test_any_text_is_an_override_or_refused(kind: OverrideKind, texts: list[str]) -> None:
    read = load(kind.replace("-", "_"), *texts)
    if isinstance(read, Overrides):
        wanted = [text for text in map(str.strip, texts) if text]
        assert [override.given for override in read.named] == wanted
        assert all(override.kind is kind for override in read.named)
        return
    for line in read.split("\n"):
        assert line.startswith(f"--{kind}: ")
        assert len(line) < 700
        assert line.isprintable()


HOSTS = st.from_regex(r"[a-z]{1,5}(\.[a-z]{1,5}){1,2}", fullmatch=True)
PORTS = st.integers(1, 65535)


@given(HOSTS | st.just(""), PORTS | st.just(0), st.ip_addresses(), PORTS | st.just(0))
def test_where_connections_go_is_read_as_it_was_written(
    host: str, port: int, address: object, to_port: int
) -> None:
    shown = f"[{address}]" if ":" in str(address) else str(address)
    text = f"{host}:{port or ''}:{shown}:{to_port or ''}"
    read = load("connect_to", text)
    assert isinstance(read, Overrides)
    end = ConnectTo(
        host=host,
        port=port,
        address=str(address),
        to_port=to_port,
        override=f"--connect-to {text}",
    )
    assert read.connect_to == (end,)


@given(st.lists(st.tuples(HOSTS, st.integers(0, 65535), HOSTS), min_size=1, max_size=4))
def test_mx_records_are_read_as_they_were_written(records: list[tuple[str, int, str]]) -> None:
    read = load("mx", *(f"{domain}={number} {host}" for domain, number, host in records))
    assert isinstance(read, Overrides)
    found = [
        (record_set.name, record)
        for zone in read.zones
        for record_set in zone.zone.record_sets
        for record in record_set.records
    ]
    assert sorted(found) == sorted((name, f"{number} {host}") for name, number, host in records)


@given(mutants(healthy_chain()), st.binary(max_size=20))
def test_any_file_is_a_chain_or_refused(certificate: bytes, noise: bytes) -> None:
    read = load("cert_file", "chain", chain=noise + b"\n" + pem(certificate))
    if isinstance(read, str):
        assert "\n" not in read
        return
    chain = read.chain_of("mx1.example.com")
    assert chain
    assert chain.chain == (certificate,)
