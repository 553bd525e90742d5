import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.wire.malformed import Malformed
from mxcheck.wire.mta_sts import Mode, StsPolicy, matches_mx, parse_sts_policy

LINES = ("version: STSv1", "mode: enforce", "mx: mx1.example.com", "max_age: 604800")
POLICY = StsPolicy(mode=Mode.ENFORCE, max_age=604800, mx_patterns=("mx1.example.com",))


def body(*lines: str, end: str = "\n") -> bytes:
    return "".join(line + end for line in lines).encode()


def changed(old: str, new: str) -> bytes:
    """The policy, with another line in place of the one that begins so."""
    return body(*(new if line.startswith(old) else line for line in LINES))


@pytest.mark.parametrize(
    "text",
    [
        body(*LINES),
        body(*LINES, end="\r\n"),
        body(*LINES).rstrip(b"\n"),
        body(*LINES, end="\r\n").rstrip(b"\r\n"),
        body(*reversed(LINES)),
        body(*(f"{line} \t" for line in LINES)),
        body(*(line.replace(": ", ":") for line in LINES)),
        body(*(line.replace(": ", ":\t  ") for line in LINES)),
        body(*LINES, "note: déjà vu: 1", "X-n.o_te: 2"),
        body(*LINES, "mode: none", "max_age: many", "version: STSv2"),
        body(*LINES, "MX: -", "Mode: none"),
        changed("mx", "mx: MX1.Example.COM"),
    ],
)
def test_a_policy(text: bytes) -> None:
    assert parse_sts_policy(text) == POLICY


@pytest.mark.parametrize("mode", Mode)
def test_every_mode(mode: Mode) -> None:
    policy = parse_sts_policy(changed("mode", f"mode: {mode}"))
    assert isinstance(policy, StsPolicy)
    assert policy.mode is mode


@pytest.mark.parametrize("max_age", [0, 1, 86400, 31557600])
def test_every_max_age(max_age: int) -> None:
    policy = parse_sts_policy(changed("max_age", f"max_age: {max_age:010}"))
    assert isinstance(policy, StsPolicy)
    assert policy.max_age == max_age


def test_several_mx_lines_in_their_order() -> None:
    policy = parse_sts_policy(body(*LINES, "mx: *.example.net", "mx: xn--bcher-kva.example"))
    assert isinstance(policy, StsPolicy)
    wanted = ("mx1.example.com", "*.example.net", "xn--bcher-kva.example")
    assert policy.mx_patterns == wanted


def test_mode_none_needs_no_mx() -> None:
    policy = parse_sts_policy(body("version: STSv1", "mode: none", "max_age: 86400"))
    assert policy == StsPolicy(mode=Mode.NONE, max_age=86400, mx_patterns=())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "it is empty"),
        (b"\n", "line 1: wanted a field, got an empty line"),
        (body(*LINES, ""), "line 5: wanted a field, got an empty line"),
        (body(*LINES, " \t"), "line 5: wanted a field, got an empty line"),
        (body("", *LINES), "line 1: wanted a field, got an empty line"),
        (b"\xef\xbb\xbf" + body(*LINES), "line 1: wanted a field, got a byte order mark"),
        (body(*LINES).decode().encode("utf-16"), "line 1: wanted UTF-8, got b'\\xff\\xfe"),
        (body(*LINES) + b"note: caf\xe9\n", "line 5: wanted UTF-8"),
        (body(*LINES) + b"note: a\x00b\n", "line 5: wanted a value without control characters"),
        (body(*LINES) + b"note: a\tb\n", "line 5: wanted a value without control characters"),
        (body(*LINES, end="\r"), "line 1: wanted a value without control characters"),
        (body(*LINES, end="\r\r\n"), "line 1: wanted a value without control characters"),
        (body("<!DOCTYPE html>", *LINES), "line 1: wanted `name: value`, got '<!DOCTYPE html>'"),
        (body("# our policy", *LINES), "line 1: wanted `name: value`, got '# our policy'"),
        (body(*LINES, "note"), "line 5: wanted `name: value`, got 'note'"),
        (body(*LINES, "note:"), "line 5: wanted `name: value`, got 'note:'"),
        (body(*LINES, "note : 1"), "line 5: wanted `name: value`, got 'note : 1'"),
        (body(*LINES, " note: 1"), "line 5: wanted `name: value`, got ' note: 1'"),
        (body(*LINES, "_note: 1"), "line 5: wanted `name: value`"),
        (body(*LINES, 33 * "n" + ": 1"), "line 5: wanted `name: value`"),
        (body(*LINES[1:]), "it has no version field"),
        (body(*LINES[:1], *LINES[2:]), "it has no mode field"),
        (body(*LINES[:2], *LINES[3:]), "it has no mx field, which mode enforce requires"),
        (body(*LINES[:3]), "it has no max_age field"),
        (changed("mode", "Mode: enforce"), "no mode field; line 2 does not spell it in lower case"),
        (changed("mx", "MX: mx1.example.com"), "it has no mx field"),
        (changed("version", "version: STSv2"), "line 1: wanted `version: STSv1`, got 'STSv2'"),
        (changed("version", "version: stsv1"), "line 1: wanted `version: STSv1`, got 'stsv1'"),
        (changed("mode", "mode: Enforce"), "line 2: wanted `mode: enforce`"),
        (changed("mode", "mode: report"), "or `none`, got 'report'"),
        (changed("max_age", "max_age: 31557601"), "line 4: wanted `max_age:` and seconds"),
        (changed("max_age", "max_age: 99999999999"), "up to 31557600, got '99999999999'"),
        (changed("max_age", "max_age: -1"), "in digits alone"),
        (changed("max_age", "max_age: 1w"), "got '1w'"),
        (changed("max_age", "max_age: 604,800"), "got '604,800'"),
        (changed("max_age", "max_age: 6048\u0660"), "in digits alone"),
        (changed("mx", "mx: mx1.example.com."), "line 3: wanted a host name without a dot at its"),
        (changed("mx", "mx: *"), "line 3: wanted a host name (`mx: mx1.example.com`), or `*.`"),
        (changed("mx", "mx: *."), "line 3"),
        (changed("mx", "mx: .example.com"), "got 'mx: .example.com'"),
        (changed("mx", "mx: mx*.example.com"), "line 3: wanted a host name"),
        (changed("mx", "mx: *.*.example.com"), "line 3: wanted a host name"),
        (changed("mx", "mx: a..example.com"), "line 3: wanted a host name"),
        (changed("mx", "mx: mx_1.example.com"), "line 3: wanted a host name"),
        (changed("mx", "mx: -mx1.example.com"), "line 3: wanted a host name"),
        (changed("mx", "mx: " + 64 * "x" + ".example.com"), "line 3: wanted a host name"),
        (changed("mx", "mx: " + 127 * "x." + "com"), "line 3: wanted a host name"),
        (changed("mx", "mx: [192.0.2.1]"), "line 3: wanted a host name"),
        (changed("mx", "mx: mx1.example.com, mx2.example.com"), "each host on an mx line of its"),
        (changed("mx", "mx: mx1.example.com mx2.example.com"), "each host on an mx line of its"),
        (changed("mx", "mx: bücher.example"), "wanted the A-labels (xn--…)"),
        (body(*LINES, "mx: *"), "line 5"),
    ],
)
def test_a_malformed_policy_names_the_line_and_what_was_wanted(text: bytes, reason: str) -> None:
    answer = parse_sts_policy(text)
    assert isinstance(answer, Malformed)
    assert reason in answer.reason


def test_a_line_of_white_space_takes_no_time_and_a_reason_is_not_endless() -> None:
    answer = parse_sts_policy(body(*LINES) + b"mx: " + 60_000 * b" \t" + b"x\x01" + 60_000 * b"y")
    assert isinstance(answer, Malformed)
    assert len(answer.reason) < 300


@pytest.mark.parametrize(
    ("pattern", "host"),
    [
        ("mx1.example.com", "mx1.example.com"),
        ("MX1.example.com", "mx1.Example.com."),
        ("*.example.com", "mx1.example.com"),
        ("*.com", "example.com"),
        ("localhost", "localhost"),
    ],
)
def test_patterns_that_match(pattern: str, host: str) -> None:
    assert matches_mx(pattern, host)


@pytest.mark.parametrize(
    ("pattern", "host"),
    [
        ("mx1.example.com", "mx2.example.com"),
        ("example.com", "mx1.example.com"),
        ("*.example.com", "example.com"),
        ("*.example.com", "foo.bar.example.com"),
        ("*.example.com", "*.example.com.evil.example"),
        ("*.example.com", "xexample.com"),
        ("*.com", "com"),
    ],
)
def test_patterns_that_do_not(pattern: str, host: str) -> None:
    assert not matches_mx(pattern, host)


@given(st.binary(max_size=300))
def test_any_body_is_taken(text: bytes) -> None:
    parse_sts_policy(text)


@given(st.lists(st.text(max_size=40), max_size=6), st.permutations(LINES))
def test_whatever_lines_a_policy_holds_it_is_taken(more: list[str], lines: list[str]) -> None:
    answer = parse_sts_policy("\n".join([*lines, *more]).encode("utf-8", "surrogatepass"))
    assert isinstance(answer, StsPolicy | Malformed)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_pattern_and_host_are_compared(pattern: str, host: str) -> None:
    assert matches_mx(pattern, host) in {True, False}
