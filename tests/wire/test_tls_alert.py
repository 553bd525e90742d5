import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.evidence.tls import Alert
from mxcheck.probe.smtp.starttls import describe_tls
from mxcheck.wire.tls_alert import ALERTS, make_alert, parse_last_alert, parse_openssl_alert


def record(level: int, description: int, version: int = 1) -> bytes:
    return bytes((21, 3, version, 0, 2, level, description))


@pytest.mark.parametrize("number", ALERTS)
def test_every_alert_is_named_in_the_bytes(number: int) -> None:
    assert parse_last_alert(record(2, number)) == Alert(level="fatal", description=ALERTS[number])


def openssl_words(number: int) -> ssl.SSLError | None:
    """How the local OpenSSL takes an alert that a server sends in answer to its ClientHello."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing)
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    incoming.write(record(2, number))
    try:
        tls.do_handshake()
    except ssl.SSLError as error:
        return error
    return None


# Those that OpenSSL has words for; for the others, and where Python has not learned them, the
# bytes are read.
SPOKEN_OF = sorted(ALERTS.keys() - {0, 117, 121})


@pytest.mark.parametrize("number", SPOKEN_OF)
def test_every_alert_is_named_as_openssl_tells_of_it(number: int) -> None:
    error = openssl_words(number)
    assert error is not None
    assert describe_tls(error) == f"the server sent the alert {ALERTS[number]}"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", "handshake_failure"),
        ("TLSV1_ALERT_USER_CANCELLED", "user_canceled"),
        ("TLSV1_UNRECOGNIZED_NAME", "unrecognized_name"),
        ("[SSL] tlsv1 alert no application protocol (_ssl.c:1006)", "no_application_protocol"),
        ("TLSV13_ALERT_CERTIFICATE_REQUIRED", "certificate_required"),
        ("WRONG_VERSION_NUMBER", ""),
        ("TLSV1_SOMETHING_ELSE", ""),
        ("", ""),
    ],
)
def test_openssls_words(words: str, name: str) -> None:
    assert parse_openssl_alert(words) == name


@pytest.mark.parametrize(
    "received",
    [
        b"",
        record(2, 40)[:-1],
        record(2, 40) + b"x",
        b"\x16" + record(2, 40)[1:],
        b"\x15\x02" + record(2, 40)[2:],
        bytes((21, 3, 3, 0, 26)) + bytes(26),
    ],
)
def test_what_does_not_end_with_an_alert_in_clear(received: bytes) -> None:
    assert parse_last_alert(received) is None


def test_an_alert_behind_other_records() -> None:
    assert parse_last_alert(b"\x16\x03\x01\x00\x01\x00" + record(2, 80)) == make_alert(2, 80)


def test_numbers_without_a_name() -> None:
    assert make_alert(7, 99) == Alert(level="level 7", description="alert 99")


@given(st.binary(max_size=40))
def test_any_bytes_end_with_an_alert_or_do_not(received: bytes) -> None:
    assert isinstance(parse_last_alert(received), Alert | None)
