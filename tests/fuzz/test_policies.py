"""MTA-STS and TLS-RPT: what is written by the grammar is read, all else refused."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from mxcheck.wire.malformed import Malformed
from mxcheck.wire.mta_sts import (
    LONGEST_MAX_AGE,
    MAX_POLICY,
    Mode,
    StsPolicy,
    StsRecord,
    matches_mx,
    parse_sts_policy,
    parse_sts_records,
)
from mxcheck.wire.tls_rpt import TlsRptRecord, parse_tls_rpt_records
from mxcheck.wire.version_record import Discarded

LABELS = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9-]{0,8}[A-Za-z0-9])?", fullmatch=True)
HOSTS = st.lists(LABELS, min_size=1, max_size=4).map(".".join)
PATTERNS = HOSTS | HOSTS.map(lambda host: f"*.{host}")
KNOWN = frozenset({"version", "mode", "mx", "max_age", "id", "rua"})
NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}", fullmatch=True).filter(
    lambda name: name not in KNOWN
)
BLANKS = st.text(" \t", max_size=3)


@st.composite
def policies(draw: st.DrawFn) -> tuple[StsPolicy, bytes]:
    """A policy, and a file that holds it, with what the grammar leaves free (RFC 8461 3.2)."""
    mode = draw(st.sampled_from(Mode))
    patterns = draw(st.lists(PATTERNS, min_size=0 if mode is Mode.NONE else 1, max_size=4))
    policy = StsPolicy(
        mode=mode,
        max_age=draw(st.integers(0, LONGEST_MAX_AGE)),
        mx_patterns=tuple(pattern.lower() for pattern in patterns),
    )
    once = [("version", "STSv1"), ("mode", mode.value), ("max_age", str(policy.max_age))]
    others = draw(st.lists(st.tuples(NAMES, st.text("azé %:;", min_size=1)), max_size=2))
    others = [(name, value) for name, value in others if value.strip(" \t")]
    fields = draw(st.permutations([*once, *others]))
    locations = sorted(draw(st.lists(st.integers(0, len(fields)), min_size=len(patterns))))
    for location, pattern in reversed(list(zip(locations, patterns, strict=False))):
        fields.insert(location, ("mx", pattern))
    # Of doublets the first counts.
    others_of_it = [*once, ("version", "STSv2"), ("mode", "none"), ("mode", "x"), ("max_age", "7")]
    again = draw(st.lists(st.sampled_from(others_of_it), max_size=3))
    lines = [f"{name}:{draw(BLANKS)}{value}{draw(BLANKS)}" for name, value in [*fields, *again]]
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return policy, (end.join(lines) + draw(st.sampled_from(["", end]))).encode()


@given(policies())
def test_a_policy_is_read_as_it_was_written(case: tuple[StsPolicy, bytes]) -> None:
    policy, body = case
    assert parse_sts_policy(body) == policy


def assert_short(parsed: object) -> None:
    """One line, however long what is wrong."""
    if isinstance(parsed, Malformed | Discarded):
        assert parsed.reason.isprintable()
        assert len(parsed.reason) < 1000


def values_of(name: str, body: bytes) -> list[str]:
    """What the lines of a policy say that begin with a name, in lower case."""
    lines = re.findall(rb"^%b:[ \t]*(.*?)[ \t]*\r?$" % name.encode(), body, re.MULTILINE)
    return [line.decode().lower() for line in lines]


NOISE = st.sampled_from([b"", b"\n", b"\r", b"\0", b":", b" ", b"mx: a b\n", b"\xff", b"9", b"*."])


@given(policies(), st.integers(0, 200), st.integers(0, 5), NOISE | st.binary(max_size=5))
@example((StsPolicy(mode=Mode.NONE, max_age=1, mx_patterns=()), b"a" * 100_000), 0, 0, b"")
@example((StsPolicy(mode=Mode.NONE, max_age=1, mx_patterns=()), b"\xff" * 5000), 0, 0, b"")
def test_a_policy_in_which_something_is_changed(
    case: tuple[StsPolicy, bytes], location: int, length: int, noise: bytes
) -> None:
    _, body = case
    changed = body[:location] + noise + body[location + length :]
    parsed = parse_sts_policy(changed)
    assert_short(parsed)
    if isinstance(parsed, StsPolicy):
        assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", changed)
        assert values_of("version", changed)[0] == "stsv1"
        assert values_of("mode", changed)[0] == parsed.mode
        assert int(values_of("max_age", changed)[0]) == parsed.max_age <= LONGEST_MAX_AGE
        assert tuple(values_of("mx", changed)) == parsed.mx_patterns
        assert all(re.fullmatch(r"(\*\.)?[a-z0-9.-]+", one) for one in parsed.mx_patterns)
        assert parsed.mx_patterns or parsed.mode is Mode.NONE
        assert all(b":" in line for line in changed.removesuffix(b"\n").split(b"\n"))


@given(policies(), st.data())
def test_no_policy_lacks_a_field_that_it_must_have(
    case: tuple[StsPolicy, bytes], data: st.DataObject
) -> None:
    policy, body = case
    needed = [b"version", b"mode", b"max_age", *([b"mx"] if policy.mode is not Mode.NONE else [])]
    name = data.draw(st.sampled_from(needed))
    lines = body.splitlines(keepends=True)
    without = b"".join(line for line in lines if line.partition(b":")[0] != name)
    assert isinstance(parse_sts_policy(without), Malformed)
    assert isinstance(parse_sts_policy(body.replace(name, b"X-" + name)), Malformed)


@given(st.integers(0, 10**12), st.sampled_from(["", "0", "000", "-", "+", "1_", "1 "]))
def test_max_age_is_digits_up_to_a_year(seconds: int, before: str) -> None:
    value = f"{before}{seconds}"
    parsed = parse_sts_policy(f"version: STSv1\nmode: none\nmax_age: {value}\n".encode())
    fits = re.fullmatch("[0-9]{1,10}", value) and int(value) <= 31_557_600
    assert isinstance(parsed, StsPolicy) == bool(fits)


@given(policies(), st.integers(MAX_POLICY - 3, MAX_POLICY + 3))
def test_a_policy_is_read_up_to_its_longest(case: tuple[StsPolicy, bytes], size: int) -> None:
    policy, body = case
    more = body.removesuffix(b"\n").removesuffix(b"\r") + b"\nmore: "
    padded = more + b"x" * (size - len(more))
    assert (parse_sts_policy(padded) == policy) == (size <= MAX_POLICY)


def matches_slowly(pattern: str, host: str) -> bool:
    """RFC 8461 4.1, label by label."""
    wanted, labels = pattern.lower().split("."), host.lower().split(".")
    if len(wanted) != len(labels):
        return False
    return all(
        want == label or (want == "*" and number == 0 and label)
        for number, (want, label) in enumerate(zip(wanted, labels, strict=True))
    )


@given(PATTERNS, st.lists(st.sampled_from(["a", "mx", "MX", "b"]) | LABELS, max_size=3), st.data())
def test_a_pattern_matches_label_by_label(
    pattern: str, labels: list[str], data: st.DataObject
) -> None:
    tail = pattern.split(".")[data.draw(st.integers(0, pattern.count(".") + 1)) :]
    host = ".".join([*labels, *tail])
    assert matches_mx(pattern, host) == matches_slowly(pattern, host)
    assert matches_mx(pattern, f"{host}.") == matches_mx(pattern.upper(), host)


@st.composite
def records(draw: st.DrawFn, version: str, own: tuple[tuple[str, str], ...]) -> str:
    """A record with these fields, and with what the grammar leaves free (RFC 8461 3.1)."""
    values = st.text("azAZ09:/@!", min_size=1, max_size=9)
    others = draw(st.lists(st.tuples(NAMES, values), max_size=3))
    fields = draw(st.permutations([*own, *others]))
    parts = [f"{draw(BLANKS)}{name}={value}{draw(BLANKS)}" for name, value in fields]
    text = ";".join([f"{version}{draw(BLANKS)}", *parts])
    return text.rstrip(" \t") + draw(st.sampled_from(["", ";", "; "]))


IDS = st.from_regex(r"[A-Za-z0-9]{1,32}", fullmatch=True)
URIS = st.sampled_from(
    ["mailto:a@example.com", "https://example.com/x?y=%2C", "MAILTO:a@b.c?subject=x"]
)


@given(IDS.flatmap(lambda i: st.tuples(st.just(i), records("v=STSv1", (("id", i),)))))
def test_a_record_is_read_as_it_was_written(case: tuple[str, str]) -> None:
    policy_id, text = case
    assert parse_sts_records(["v=spf1 -all", text]) == StsRecord(id=policy_id)
    assert isinstance(parse_sts_records([text, text]), Malformed)


@given(
    st.lists(URIS, min_size=1, max_size=3).flatmap(
        lambda rua: st.tuples(st.just(rua), records("v=TLSRPTv1", (("rua", ", ".join(rua)),)))
    )
)
def test_a_tls_rpt_record_is_read_as_it_was_written(case: tuple[list[str], str]) -> None:
    rua, text = case
    assert parse_tls_rpt_records(["v=STSv1; id=1", text]) == TlsRptRecord(rua=tuple(rua))


# RFC 8461 3.1 and RFC 8460 3; the value of a field of its own is checked elsewhere.
EXTENSION = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}=[!-:<>-~]+"
ABNF_OF = {
    name: re.compile(rf"{version}[ \t]*(;[ \t]*({name}=[ -:<-~\t]+|{EXTENSION})[ \t]*)*;?[ \t]*")
    for name, version in {"id": "v=STSv1", "rua": "v=TLSRPTv1"}.items()
}


def field_of(name: str, texts: list[str]) -> list[str]:
    """The values of a field in the one text that is such a record."""
    (record,) = [text for text in texts if ABNF_OF[name].fullmatch(text)]
    return [value.strip(" \t") for value in re.findall(rf";[ \t]*{name}=([^;]*)", record)]


FRAGMENTS = st.lists(
    st.sampled_from(
        ["v=STSv1", "v=TLSRPTv1", ";", "=", " ", "id", "rua", "mailto:", "a@b", "1", ","]
    )
    | st.text(max_size=4),
    max_size=12,
).map("".join)
WHOLE = records("v=STSv1", (("id", "20260131T1"),)) | records(
    "v=TLSRPTv1", (("rua", "mailto:a@example.com,https://example.com/x"),)
)


@st.composite
def nearly_records(draw: st.DrawFn) -> str:
    """A record in which something is changed."""
    text, location = draw(WHOLE), draw(st.integers(0, 40))
    noise = draw(
        st.sampled_from([";", "=", " ", ",", "!", "é", '"', "<", "%", "\0", "\t", "id=", "v"])
    )
    return text[:location] + noise + text[location + draw(st.integers(0, 3)) :]


@given(st.lists(FRAGMENTS | nearly_records() | WHOLE, max_size=3))
@example(["v=STSv1; id=1; id=é"])
@example([f"v=STSv1; {'a' * 100_000}", f"v=TLSRPTv1; rua={'a' * 100_000}"])
def test_a_record_that_is_read_follows_the_grammar(texts: list[str]) -> None:
    sts, tls_rpt = parse_sts_records(texts), parse_tls_rpt_records(texts)
    if isinstance(sts, StsRecord):
        assert sts.id == field_of("id", texts)[0]
        assert re.fullmatch("[A-Za-z0-9]{1,32}", sts.id)
    if isinstance(tls_rpt, TlsRptRecord):
        assert ",".join(field_of("rua", texts)).replace(" ", "").replace("\t", "") == ",".join(
            tls_rpt.rua
        )
        assert not set('"<>^`{|}\\ ') & set("".join(tls_rpt.rua))
        for uri in tls_rpt.rua:
            assert re.fullmatch(r"(mailto:[^@!\s]+@[^@!\s]+|https://[^!\s]+)", uri, re.IGNORECASE)
    for parse in (parse_sts_records, parse_tls_rpt_records):
        assert_short(parse(texts))
        assert parse(texts) == parse([*texts, "v=spf1 -all"])
    if not any(re.search(r"sts|id\s*=", text, re.IGNORECASE) for text in texts):
        assert sts is None
    if not any(text.startswith("v=STSv1") for text in texts):
        assert sts is None or isinstance(sts, Discarded)
