"""The file of saved evidence: read from where it is, and refused by file and place."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mxcheck.config.errors import ConfigError
from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.evidence.tls import OwnHello, ServerHello, ShownTls
from mxcheck.saved import reading as evidence_file
from mxcheck.saved.coherence import oddities
from mxcheck.saved.reading import read_evidence
from mxcheck.wire.mx import mx_hosts
from tests.build import ADDRESS, DOMAIN, HOST, evidence_of, healthy_chain, healthy_visit
from tests.policies import POLICY_ADDRESS, POLICY_ADDRESS6, serving, sts_domain, sts_policy
from tests.saving import as_evidence, from_document, saved_text, to_document
from tests.whole import whole_evidence

EVIDENCE = evidence_of(domain=sts_domain(serving(sts_policy(), sts_policy())))
TEXT = saved_text(EVIDENCE)
FIRST = ("evidence", "domains", 0)
POLICY = (*FIRST, "mta_sts", "policy")
LEFT_OUT = {"answers": [], "left_out": [POLICY_ADDRESS, POLICY_ADDRESS6]}


def answer_with(hosts: int) -> Answer:
    return Answer(owner=DOMAIN, records=tuple(f"{n} mx{n}.example.com" for n in range(hosts)))


def refusal(folder: Path, data: bytes) -> str:
    (folder / "e.json").write_bytes(data)
    with pytest.raises(ConfigError) as caught:
        read_evidence("e.json", folder, None)
    [line] = caught.value.lines
    return line


def changed(*path: str | int, change: Callable[[Any], Any]) -> bytes:
    """The evidence with something else at one place."""
    document: Any = to_document(TEXT)
    *way, last = path
    around = document
    for part in way:
        around = around[part]
    around[last] = change(around[last])
    return from_document(document).encode()


def test_a_file_is_read_from_its_folder_and_stdin_from_where_it_comes(tmp_path: Path) -> None:
    (tmp_path / "e.json").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert read_evidence("e.json", tmp_path, None) == as_evidence(EVIDENCE)
    assert read_evidence(str(tmp_path / "e.json"), Path("/nowhere"), None) == as_evidence(EVIDENCE)
    assert read_evidence("-", tmp_path, io.BytesIO(TEXT.encode())) == as_evidence(EVIDENCE)


@pytest.mark.parametrize(
    ("name", "stdin", "message"),
    [
        ("no.json", None, "no.json: cannot be read: No such file or directory"),
        (".", None, ".: cannot be read: Is a directory"),
        ("a\0b", None, "a\0b: cannot be read: embedded null byte"),
        ("https://a:b@h/e.json", None, "https://***@h/e.json: cannot be read: No such file"),
        ("-", None, "stdin: is closed"),
        ("-", b"", "stdin: is empty: it contains no run"),
        ("-", b"\xff", "stdin: line 1: is not UTF-8, at byte 0"),
    ],
)
def test_what_cannot_be_read_is_named(
    name: str, stdin: bytes | None, message: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as caught:
        read_evidence(name, tmp_path, None if stdin is None else io.BytesIO(stdin))
    [line] = caught.value.lines
    assert line.startswith(message)


def test_more_than_anybody_gathers_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_file, "MAX_LINE", 100)
    told = "line 1: is larger than 100 bytes, or the file is"
    assert refusal(tmp_path, TEXT.encode()) == f"e.json: {told}"
    endless = io.BytesIO(b" " * 1000)
    with pytest.raises(ConfigError, match=f"stdin: {told}"):
        read_evidence("-", tmp_path, endless)
    assert endless.tell() == 101


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"schema_version": "1", "evidence": {}}', 'line 1: schema_version: "1" is not "2"'),
        (b'{"schema_version": "1", "verdict": "pass"}', 'line 1: schema_version: "1" is not "2"'),
        (b"{\n", "line 1: this is one JSON document"),
        (b"[" * 100_000, "line 1: a line of saved evidence begins with"),
        (
            changed(*FIRST, "mx", "ttl", change=str),
            "line 3: domain.mx.ttl: input should be a valid integer",
        ),
        (
            changed("evidence", change=lambda all_of_it: all_of_it | {"hosts": []}),
            "line 4: end.hosts: unknown key; was this saved by a later mxcheck?",
        ),
        (
            changed("evidence", "domains", change=lambda domains: domains * 2),
            f'evidence.domains[1].name: "{DOMAIN}" is there twice',
        ),
        (
            changed(*FIRST, "name", change=str.upper),
            'evidence.domains[0].name: "EXAMPLE.COM" is not a domain name in A-labels',
        ),
        (
            changed(*FIRST, "name", change=lambda _: "no\nname"),
            'evidence.domains[0].name: "no\\nname" is not a domain name in A-labels',
        ),
        (
            changed(*FIRST, "mx", "records", 0, change=lambda record: record.split()[1]),
            f'evidence.domains[0].mx.records[0]: "{HOST}" is not an MX record',
        ),
        (
            changed(*FIRST, "mta_sts", "record", "records", 0, change=lambda _: '"v=STSv1'),
            r'evidence.domains[0].mta_sts.record.records[0]: "\"v=STSv1" is not a TXT record',
        ),
        (
            changed(
                *FIRST, "records", 0, "lookup", "records", change=lambda texts: [*texts, "v" * 256]
            ),
            'evidence.domains[0].records[0].lookup.records[1]: "vvvv',
        ),
        (
            changed(*FIRST, "hosts", change=lambda hosts: hosts * 2),
            f'evidence.domains[0].hosts[1].name: "{HOST}" is there twice',
        ),
        (
            changed(*FIRST, "hosts", 0, "addresses", change=lambda addresses: addresses * 2),
            f'evidence.domains[0].hosts[0].addresses[1]: "{ADDRESS}" is there twice',
        ),
        (
            changed(*FIRST, "hosts", change=lambda _: []),
            f'evidence.domains[0].hosts: "{HOST}" is missing, where its MX answer leads',
        ),
        (
            changed(*FIRST, "hosts", 0, "name", change=lambda _: "mx.else.example"),
            'evidence.domains[0].hosts[0]: 10 "mx.else.example" is not where its MX answer',
        ),
        (
            changed(*FIRST, "hosts", 0, "preference", change=lambda _: 20),
            f'evidence.domains[0].hosts[0]: 20 "{HOST}" is not where its MX answer',
        ),
        (
            changed(*FIRST, "mx", change=lambda _: {"absence": "nxdomain"}),
            f'evidence.domains[0].hosts[0]: 10 "{HOST}" is not where its MX answer',
        ),
        (
            changed(*FIRST, "mx", change=lambda _: {"absence": "nodata"}),
            f'evidence.domains[0].hosts[0]: 10 "{HOST}" is not where its MX answer',
        ),
        (
            changed(*FIRST, "mx", change=lambda _: {"trouble": "timeout", "detail": "silence"}),
            f'evidence.domains[0].hosts[0]: 10 "{HOST}" is not where its MX answer',
        ),
        (
            changed(*FIRST, "mx", "records", change=lambda _: []),
            "evidence.domains[0].mx.records: an answer has a record",
        ),
        (
            changed(*FIRST, "hosts", 0, "ipv4", "records", 0, change=lambda _: "::1"),
            'evidence.domains[0].hosts[0].ipv4.records[0]: "::1" is not an A record',
        ),
        (
            changed(*FIRST, "hosts", 0, "addresses", change=lambda _: []),
            f'evidence.domains[0].hosts[0].addresses: "{ADDRESS}" is missing, and not among',
        ),
        (
            changed(
                *FIRST,
                *("hosts", 0),
                change=lambda host: host | {"addresses": [], "left_out": [ADDRESS]},
            ),
            "evidence.domains[0].hosts[0].left_out: of several addresses one at least is taken up",
        ),
        (
            changed(*FIRST, "hosts", 0, "left_out", change=lambda _: [ADDRESS]),
            f'evidence.domains[0].hosts[0].addresses: "{ADDRESS}" comes from no lookup, or twice',
        ),
        (
            changed(*FIRST, "hosts", 0, "chain", change=lambda _: {"chain": [], "overrides": []}),
            "evidence.domains[0].hosts[0].chain.chain: a chain holds a certificate",
        ),
        (
            changed(
                *(*FIRST, "hosts", 0, "chain"),
                change=lambda _: {"chain": ["MIIB"], "overrides": ["--cert-file x"]},
            ),
            "evidence.domains[0].hosts[0].chain.overrides: a chain comes from an override",
        ),
        (
            changed(*POLICY, "answers", change=lambda answers: answers[:1]),
            f'evidence.domains[0].mta_sts.policy.answers: "{POLICY_ADDRESS6}" is missing, and not',
        ),
        (
            changed(*POLICY, "answers", change=lambda _: []),
            f'evidence.domains[0].mta_sts.policy.answers: "{POLICY_ADDRESS}" is missing, and not',
        ),
        (
            changed(*POLICY, "answers", change=lambda answers: [*answers, answers[1]]),
            f'evidence.domains[0].mta_sts.policy.answers[2].address: "{POLICY_ADDRESS6}" is there',
        ),
        (
            changed(*POLICY, "answers", 1, "address", change=lambda _: "2001:db8::99"),
            'evidence.domains[0].mta_sts.policy.answers: "2001:db8::99" comes from no lookup',
        ),
        (
            changed(*POLICY, "left_out", change=lambda _: [POLICY_ADDRESS6]),
            f'evidence.domains[0].mta_sts.policy.answers: "{POLICY_ADDRESS6}" comes from no lookup',
        ),
        (
            changed(*POLICY, change=lambda seen: seen | LEFT_OUT),
            "evidence.domains[0].mta_sts.policy.left_out: of several addresses one at least is",
        ),
        (
            changed(*POLICY, "ipv4", "records", 0, change=lambda _: "::1"),
            'evidence.domains[0].mta_sts.policy.ipv4.records[0]: "::1" is not an A record',
        ),
        (
            changed(
                *(*FIRST, "mta_sts"),
                change=lambda seen: seen | {"remembered": seen["policy"] | {"answers": []}},
            ),
            f'evidence.domains[0].mta_sts.remembered.answers: "{POLICY_ADDRESS}" is missing, and',
        ),
        (
            changed("evidence", "visits", change=lambda _: []),
            f'evidence.visits: "{HOST}" [{ADDRESS}] is missing',
        ),
        (
            changed("evidence", "visits", change=lambda visits: visits * 2),
            f'evidence.visits[1]: "{HOST}" [{ADDRESS}] is there twice',
        ),
        (
            changed("evidence", "visits", 0, "address", change=lambda _: "203.0.114.99"),
            f'evidence.visits[0]: "{HOST}" [203.0.114.99] is not an address of an MX host',
        ),
        (
            changed("evidence", "visits", 0, "port", change=lambda _: 2525),
            "evidence.visits[0].port: 2525 is not the port of the run, 25",
        ),
    ],
)
def test_what_is_no_evidence_is_refused_with_its_place(
    data: bytes, message: str, tmp_path: Path
) -> None:
    assert refusal(tmp_path, data).startswith(f"e.json: {message}")


def test_everything_that_a_run_writes_is_read() -> None:
    assert list(oddities(as_evidence(whole_evidence()))) == []


def test_every_chain_of_a_further_connection_is_among_those_shown() -> None:
    """Rules about certificates look there, and would judge the chain of the visit alone."""
    answer = ServerHello(version="TLSv1.2", cipher="", chain=healthy_chain("other.example.com"))
    hello = OwnHello(offered="TLSv1.2", sent=True, answer=answer)
    shown = ShownTls(
        connection="", server_name=HOST, offered="TLSv1.2", version="TLSv1.2", chain=answer.chain
    )
    visit = replace(healthy_visit(), chain_hellos=(hello,), shown=(shown,))
    assert list(oddities(as_evidence(evidence_of(visit)))) == []
    cut = evidence_of(replace(visit, shown=()))
    message = f'evidence.visits[0].shown: a chain that was presented for "{HOST}" is missing'
    assert list(oddities(as_evidence(cut))) == [message]


@pytest.mark.parametrize(
    ("mx", "looked_at", "wanted"),
    [
        (Absent(absence=Absence.NODATA), 1, 1),
        (Absent(absence=Absence.NODATA), 0, 1),
        (Answer(owner=DOMAIN, records=("0 .",)), 0, 0),
        (answer_with(16), 16, 16),
        (answer_with(16), 15, 16),
        (answer_with(20), 16, 16),
        (answer_with(20), 15, 16),
    ],
)
def test_the_hosts_are_those_that_the_answer_leads_to(
    mx: Lookup, looked_at: int, wanted: int
) -> None:
    hosts = [MxHost(name=name, preference=number) for name, number in mx_hosts(DOMAIN, mx).items()]
    domain = Domain(name=DOMAIN, mx=mx, hosts=tuple(hosts[:looked_at]))
    odd = list(oddities(as_evidence(replace(EVIDENCE, domains=(domain,), visits=()))))
    assert bool(odd) is (looked_at != wanted)
