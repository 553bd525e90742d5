"""The cases of MTA-STS: each a domain with its record, its policy host and its MX host."""

import gzip
from dataclasses import replace
from datetime import timedelta

from mxcheck.demo.certificates import Issued
from tests.real import certs
from tests.real.certs import Authorities
from tests.real.domains import NOBODY, SWALLOWING, SWALLOWING_IPV6
from tests.real.nginx import PATH
from tests.real.sts_case import BOTH, GOOD, HOST, RECORD, REPORTS, TESTING, Case, Host

UNFETCHABLE, INVALID = "mta-sts-policy-unfetchable", "mta-sts-policy-invalid"
EXPIRING = "mta-sts-cert-expiring"
UNLISTED, UNAUTHENTICATED = "mta-sts-mx-unlisted", "mta-sts-mx-unauthenticated"
RECORD_INVALID = "mta-sts-record-invalid"
NOT_ENFORCED, SHORT = "mta-sts-not-enforced", "mta-sts-max-age-short"
NO_REPORTS, BAD_REPORTS = "tls-rpt-missing", "tls-rpt-record-invalid"

_HUGE = GOOD + "comment: more\n" * 10_000
_CHUNKS = "ssi on; ssi_types text/plain;"  # nginx does not know then how long it will be


def _wildcard(authorities: Authorities, host: str) -> Issued:
    return authorities.issuing.issue(names=[f"*.{host.partition('.')[2]}"])


def _at(address: str) -> tuple[str, ...]:
    return RECORD, REPORTS, f"mta-sts A {address}"


def _unfetchable(words: str, case: Case) -> Case:
    return replace(case, errors={UNFETCHABLE: words})


def _invalid(words: str, name: str, policy: str | bytes) -> Case:
    return Case(name=name, policy=policy, errors={INVALID: words})


SOUND = (
    Case(name="crlf", policy=GOOD.replace("\n", "\r\n")),
    Case(name="lf"),
    Case(name="no-last-newline", policy=GOOD.rstrip()),
    Case(name="spaces", policy=GOOD.replace(": ", ":\t  ").replace("\n", " \n")),
    Case(name="unknown-field", policy=GOOD + "comment: one two\n"),
    Case(name="doublets", policy=GOOD + "mode: enforce\nversion: STSv1\n"),
    Case(name="many-mx", policy=GOOD.replace("mx:", "mx: mx.elsewhere.test\nmx:")),
    Case(name="capitals", policy=GOOD.replace("{mx}", "MX.Capitals.TEST")),
    Case(name="wildcard", policy=GOOD.replace("{mx}", "*.wildcard.test")),
    Case(name="wildcard-certificate", certificate=_wildcard),
    Case(name="charset", options="charset utf-8;"),
    Case(name="compressing", options="gzip on; gzip_types *; gzip_min_length 1;"),
    Case(name="chunked", options=_CHUNKS),
    Case(name="tls-1-2", options="ssl_protocols TLSv1.2;"),
    Case(
        name="policy-alias", records=(RECORD, REPORTS, "mta-sts CNAME where", "where A {address}")
    ),
    Case(name="second-address", records=(RECORD, REPORTS, HOST, f"mta-sts A {NOBODY}")),
    Case(name="both-families", records=BOTH, second=Host()),
    Case(name="other-bytes", records=BOTH, second=Host(policy=GOOD.replace("\n", "\r\n"))),
    Case(name="dead-ipv6", records=(RECORD, REPORTS, HOST, f"mta-sts AAAA {SWALLOWING_IPV6}")),
    Case(name="coding-utf-8", options="add_header Content-Encoding utf-8;"),
    Case(name="coding-identity", options="add_header Content-Encoding identity;"),
    Case(name="coding-none", options="add_header Content-Encoding none;"),
)

UNFETCHED = (
    _unfetchable("certificate has expired", Case(name="expired-host", certificate=certs.expired())),
    _unfetchable(
        "certificate is not yet valid", Case(name="future-host", certificate=certs.not_yet_valid())
    ),
    _unfetchable(
        "its certificate is not for mta-sts.other-name.test (its SAN contains www.",
        Case(
            name="other-name",
            certificate=certs.trusted(names=["www.other-name.test", "other-name.test"]),
        ),
    ),
    _unfetchable(
        "SAN contains no dNSName", Case(name="name-in-cn", certificate=certs.common_name_only)
    ),
    _unfetchable("self-signed certificate", Case(name="own-issuer", certificate=certs.own_issuer)),
    _unfetchable(
        "neither sent nor trusted", Case(name="unknown", certificate=certs.from_untrusted)
    ),
    _unfetchable(
        "the certificate of the issuer CN=Real Test Issuing CA is neither sent nor trusted",
        Case(name="no-intermediate", certificate=certs.without_intermediate),
    ),
    _unfetchable(
        "the alert protocol_version",
        Case(name="old-tls-host", options="ssl_protocols TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;"),
    ),
    _unfetchable(
        "the alert unrecognized_name", Case(name="no-such-site", options="ssl_reject_handshake on;")
    ),
    _unfetchable(
        f"status 301, a redirect to https://mta-sts.lf.test{PATH}, which",
        Case(name="moved", options="return 301 https://mta-sts.lf.test$request_uri;"),
    ),
    _unfetchable("the status 404", Case(name="not-found", options="return 404;")),
    _unfetchable("the status 500", Case(name="broken", options="return 500;")),
    _unfetchable("the status 204", Case(name="no-content", options="return 204;")),
    _unfetchable("comes as text/html", Case(name="web-page", options="types { text/html txt; }")),
    _unfetchable("longer than 64 KiB", Case(name="huge", policy=_HUGE)),
    _unfetchable("longer than 64 KiB", Case(name="huge-in-chunks", policy=_HUGE, options=_CHUNKS)),
    _unfetchable("closed the", Case(name="hangs-up", options="return 444;")),
    _unfetchable("connection refused", Case(name="refusing", records=_at(NOBODY))),
    _unfetchable("no answer within", Case(name="swallowing", records=_at(SWALLOWING))),
    _unfetchable("has no address", Case(name="no-policy-host", records=(RECORD, REPORTS))),
    _unfetchable(
        "mta-sts.dangling.test is an alias (CNAME) of gone.lf.test, which does not exist",
        Case(name="dangling", records=(RECORD, REPORTS, "mta-sts CNAME gone.lf.test.")),
    ),
    _unfetchable(
        "its certificate is not for mta-sts.ipv6-other-site.test (its SAN contains www.else.test)",
        Case(
            name="ipv6-other-site",
            records=BOTH,
            second=Host(certificate=certs.trusted(names=["www.else.test"])),
        ),
    ),
    _unfetchable(
        "[fd77::6:",
        Case(name="ipv6-missing", records=BOTH, second=Host(options="return 404;")),
    ),
    _unfetchable(
        "the alert unrecognized_name",
        Case(name="ipv6-no-site", records=BOTH, second=Host(options="ssl_reject_handshake on;")),
    ),
    _unfetchable(
        "comes compressed, unasked (Content-Encoding: gzip)",
        Case(
            name="coding-gzip",
            policy=gzip.compress(GOOD.encode()),
            options="add_header Content-Encoding gzip;",
        ),
    ),
)

# Under a time limit shorter than the minute that senders wait; nginx itself waits far longer for
# what is behind it.
SLOW = (
    Case(name="dripping", options="limit_rate 1;", unknown=(UNFETCHABLE,)),
    Case(
        name="stalling",
        options=f"location / {{ proxy_pass http://{SWALLOWING}; }}",
        unknown=(UNFETCHABLE,),
    ),
)

MALFORMED = (
    _invalid("it is empty", "empty", ""),
    _invalid("byte order mark", "byte-order-mark", "\ufeff" + GOOD),
    _invalid("wanted `mode: enforce`", "bad-mode", GOOD.replace("enforce", "enforced")),
    _invalid("no mode field", "no-mode", GOOD.replace("mode: enforce\n", "")),
    _invalid("no version field", "no-version", GOOD.replace("version: STSv1\n", "")),
    _invalid("no mx field", "no-mx", GOOD.replace("mx: {mx}\n", "")),
    _invalid("no max_age field", "no-max-age", GOOD.replace("max_age: 604800\n", "")),
    _invalid("on an mx line of its own", "two-hosts", GOOD.replace("{mx}", "{mx}, mx.other.test")),
    _invalid("wanted UTF-8", "latin-1", GOOD.encode() + b"comment: M\xfcller\n"),
    _invalid("wanted `name: value`", "html-body", "<html>\n<body>404</body>\n</html>\n"),
    _invalid("wanted", "old-mac", GOOD.replace("\n", "\r")),
)

BROKEN = (
    Case(
        name="expiring-host",
        certificate=certs.trusted(not_before=-timedelta(days=60), not_after=timedelta(days=3.5)),
        errors={EXPIRING: "is valid for only 3 more days"},
    ),
    Case(
        name="ipv6-expiring",
        records=BOTH,
        second=Host(
            certificate=certs.trusted(not_before=-timedelta(days=60), not_after=timedelta(days=3.5))
        ),
        errors={EXPIRING: "certificate of mta-sts.ipv6-expiring.test [fd77::6:"},
    ),
    Case(
        name="differing",
        records=BOTH,
        second=Host(policy=TESTING),
        errors={INVALID: "mta-sts.differing.test serves different MTA-STS policies: at 127.0.6."},
        warnings=(NOT_ENFORCED,),
    ),
    Case(
        name="ipv6-malformed",
        records=BOTH,
        second=Host(policy="mode: enforce\n"),
        errors={INVALID: "is malformed: it has no version field"},
    ),
    Case(
        name="ipv6-former-mx",
        records=BOTH,
        second=Host(policy=GOOD.replace("{mx}", "mx.former-provider.test")),
        errors={INVALID: "different MTA-STS policies", UNLISTED: "at fd77::6:"},
    ),
    Case(
        name="two-modes",
        policy=TESTING + "mode: enforce\n",
        errors={INVALID: "line 5 gives mode again"},
        warnings=(NOT_ENFORCED,),
    ),
    Case(
        name="mx-address",
        policy=GOOD + "mx: 127.0.5.1\n",
        errors={INVALID: "the IP address '127.0.5.1' as mx"},
    ),
    Case(name="colon", policy=GOOD + "comment: one: two\n", warnings=(INVALID,)),
    Case(
        name="ownership",
        records=(RECORD, HOST, REPORTS, "@ MX 20 ms12345678.msv1.invalid."),
        others=("mx-unresolvable",),
    ),
    Case(
        name="former-mx",
        policy=GOOD.replace("{mx}", "mx.former-provider.test"),
        errors={UNLISTED: "does not list the MX host mx.former-mx.test"},
    ),
    Case(
        name="narrow-wildcard",
        policy=GOOD.replace("{mx}", "*.mx.narrow-wildcard.test"),
        errors={UNLISTED: "does not list the MX host mx.narrow-wildcard.test"},
    ),
    Case(
        name="unlisted-in-testing",
        policy=TESTING.replace("{mx}", "mx.former-provider.test"),
        warnings=(UNLISTED, NOT_ENFORCED),
    ),
    Case(
        name="mx-expired",
        mx="mx-expired",
        errors={UNAUTHENTICATED: "cert-expired"},
        others=("cert-expired",),
    ),
    Case(
        name="mx-misnamed",
        mx="mx-misnamed",
        errors={UNAUTHENTICATED: "cert-name-mismatch"},
        others=("cert-name-mismatch",),
    ),
    Case(
        name="mx-self-signed",
        mx="mx-self-signed",
        errors={UNAUTHENTICATED: "cert-untrusted"},
        others=("cert-untrusted",),
    ),
    Case(
        name="mx-in-clear",
        mx="mx-in-clear",
        errors={UNAUTHENTICATED: "starttls-missing"},
        others=("starttls-missing",),
    ),
    Case(name="in-testing", policy=TESTING, warnings=(NOT_ENFORCED,)),
    Case(
        name="given-up",
        policy="version: STSv1\nmode: none\nmax_age: 86400\n",
        warnings=(NOT_ENFORCED,),
    ),
    Case(name="short-lived", policy=GOOD.replace("604800", "86400"), warnings=(SHORT,)),
    Case(name="unreported", records=(RECORD, HOST), warnings=(NO_REPORTS,)),
    Case(
        name="two-records",
        records=(RECORD, RECORD.replace("2025", "2026"), HOST, REPORTS),
        errors={RECORD_INVALID: "invalid"},
    ),
    Case(
        name="no-id",
        records=('_mta-sts TXT "v=STSv1;"', HOST, REPORTS),
        errors={RECORD_INVALID: "no id"},
    ),
    Case(name="no-sts", records=()),
)

# The first request meets a server that is busy; nginx takes the servers of an upstream in turn.
_BUSY = (
    "upstream {name} {{ server unix:{{folder}}/busy.sock; server unix:{{folder}}/ready.sock; }}"
    " server {{ listen unix:{{folder}}/busy.sock; add_header Retry-After {wait} always;"
    " return {status}; }}"
    " server {{ listen unix:{{folder}}/ready.sock; root {{folder}}; }}"
)


def _busy(name: str, status: int, wait: str) -> Case:
    return Case(
        name=name,
        options=f"location / {{ proxy_pass http://{name}; proxy_next_upstream off; }}",
        beside=_BUSY.format(name=name, status=status, wait=wait),
    )


BUSY = (_busy("busy-503", 503, "1"), _busy("busy-429", 429, "0"))
QUICK = (*SOUND, *UNFETCHED, *MALFORMED, *BROKEN)
CASES = (*QUICK, *SLOW, *BUSY)
