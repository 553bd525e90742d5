"""Records of which senders take some, or none (RFC 7672 2.2, 3.1.3, RFC 7671 9)."""

from tests.real.dane.case import Case, Delivery

_NO_TLS = ("smtpd_tls_security_level=none",)
_GOOD = ("3 1 1 leaf",)
_BAD = ("3 1 1 other",)

# RFC 7671 9: of the digests, the strongest that there is for a usage and selector counts alone.
AGILITY = (
    Case(
        name="agility-sha512-right",
        tlsa=("3 1 1 other", "3 1 2 leaf"),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="agility-sha512-wrong", tlsa=("3 1 1 leaf", "3 1 2 other"), delivery=Delivery.REFUSED
    ),
    Case(
        name="agility-selectors",
        tlsa=("3 1 1 leaf", "3 0 2 other"),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="agility-usages", tlsa=("3 1 1 leaf", "2 1 2 other"), delivery=Delivery.AUTHENTICATED
    ),
    Case(
        name="agility-full-right",
        tlsa=("3 1 0 leaf", "3 1 2 other"),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="agility-full-wrong",
        tlsa=("3 1 1 leaf", "3 1 0 other"),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="agility-unusable", tlsa=("3 1 1 leaf", "3 1 2 abcd"), delivery=Delivery.AUTHENTICATED
    ),
    Case(
        name="agility-ta-sha512-wrong",
        tlsa=("2 0 1 issuing", "2 0 2 other"),
        delivery=Delivery.REFUSED,
    ),
)

# RFC 7672 2.2, 3.1.3
UNUSABLE = (
    Case(name="usage-0", tlsa=("0 0 1 issuing",), delivery=Delivery.ENCRYPTED),
    Case(name="usage-1", tlsa=("1 1 1 leaf",), delivery=Delivery.ENCRYPTED),
    Case(name="usage-9", tlsa=("9 1 1 leaf",), delivery=Delivery.ENCRYPTED),
    Case(name="selector-9", tlsa=("3 9 1 leaf",), delivery=Delivery.ENCRYPTED),
    Case(name="matching-9", tlsa=("3 1 9 leaf",), delivery=Delivery.ENCRYPTED),
    Case(name="matching-255", tlsa=("3 1 255 leaf",), delivery=Delivery.ENCRYPTED),
    Case(name="digest-long", tlsa=("3 1 1 leaf+00",), delivery=Delivery.ENCRYPTED),
    Case(name="digest-of-other-length", tlsa=(f"3 1 2 {32 * 'ab'}",), delivery=Delivery.ENCRYPTED),
    Case(name="full-and-more", tlsa=("3 0 0 leaf+00",), delivery=Delivery.ENCRYPTED),
    Case(name="full-key-and-more", tlsa=("3 1 0 leaf+00",), delivery=Delivery.ENCRYPTED),
    Case(name="full-anchor-garbage", tlsa=("2 0 0 abcd",), delivery=Delivery.ENCRYPTED),
    Case(
        name="more-than-fit-into-a-datagram",
        tlsa=("3 0 0 issuing", "3 0 0 root", "3 0 0 other", "3 0 0 cross", *_GOOD),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(name="digest-short", tlsa=("3 1 1 abcd",), delivery=Delivery.ENCRYPTED),
    Case(name="full-garbage", tlsa=("3 0 0 abcd",), delivery=Delivery.ENCRYPTED),
    Case(name="full-key-garbage", tlsa=("3 1 0 abcd",), delivery=Delivery.ENCRYPTED),
    Case(name="all-unusable", tlsa=("1 1 1 leaf", "3 9 1 leaf"), delivery=Delivery.ENCRYPTED),
    Case(
        name="usage-1-without-tls", tlsa=("1 1 1 leaf",), options=_NO_TLS, delivery=Delivery.REFUSED
    ),
    Case(
        name="digest-short-no-tls", tlsa=("3 1 1 abcd",), options=_NO_TLS, delivery=Delivery.REFUSED
    ),
    Case(name="unusable-and-right", tlsa=("1 1 1 other", *_GOOD), delivery=Delivery.AUTHENTICATED),
    Case(name="unusable-and-wrong", tlsa=("1 1 1 leaf", *_BAD), delivery=Delivery.REFUSED),
    Case(name="without-tls", tlsa=_GOOD, options=_NO_TLS, delivery=Delivery.REFUSED),
    Case(
        name="broken-tls",
        tlsa=_GOOD,
        options=("smtpd_tls_CAfile=/nonexistent/ca.pem",),
        delivery=Delivery.REFUSED,
    ),
)
