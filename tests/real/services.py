"""The mail servers of the real world: each a Postfix service on an address of its own."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from tests.real import certs
from tests.real.mail_host import MailHost

HEALTHY_IPV6 = "fd77::25"


class Daemon(StrEnum):
    SMTPD = "smtpd"
    POSTSCREEN = "postscreen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(MailHost):
    """A mail host, perhaps with a certificate for clients that ask for it by a name."""

    options: tuple[str, ...] = ()
    named: tuple[str, certs.Recipe] | None = None
    daemon: Daemon = Daemon.SMTPD


# Postfix puts off what it thinks of a client until RCPT, unless told otherwise.
_AT_ONCE = "smtpd_delay_reject=no"

# A "%", "!" or "@" in a local part is a character like any other, rather than a way to somewhere.
KEEPS_LOCAL_PARTS = (
    "rewrite_service_name=rewrite-not",
    "allow_untrusted_routing=yes",
    "allow_percent_hack=no",
    "swap_bangpath=no",
)


def _answers(restriction: str, reply: str) -> str:
    return f"smtpd_{restriction}_restrictions=check_client_access static:{{{reply}}}"


SERVICES = (
    Service(
        name="healthy",
        addresses=("127.0.1.1", HEALTHY_IPV6),
        certificate=certs.trusted(
            "implicit.test",
            "mx.addresses.test",
            "mx.alias.test",
            "mx1.second-mx-dead.test",
            "mx.ipv6-dead.test",
            "mx.ipv6-without-route.test",
        ),
    ),
    Service(
        name="also-healthy",
        addresses=("127.0.1.2",),
        certificate=certs.trusted("mx.addresses.test"),
    ),
    Service(
        name="open-relay",
        addresses=("127.0.1.3",),
        options=("mynetworks=0.0.0.0/0",),
    ),
    Service(
        name="percent-hack",
        addresses=("127.0.1.27",),
        options=(
            *KEEPS_LOCAL_PARTS,
            "virtual_alias_maps=regexp:{{/^[^@]+%.+@percent-hack/ postmaster@iana.org}}",
        ),
    ),
    Service(
        name="catch-all",
        addresses=("127.0.1.28",),
        options=(*KEEPS_LOCAL_PARTS, "local_recipient_maps="),
    ),
    Service(name="no-tls", addresses=("127.0.1.4",), options=("smtpd_tls_security_level=none",)),
    Service(
        name="broken-tls",
        addresses=("127.0.1.5",),
        options=("smtpd_tls_CAfile=/nonexistent/ca.pem",),
    ),
    Service(
        name="no-common-cipher",
        addresses=("127.0.1.6",),
        # Its key is elliptic, so it has nothing to offer but what needs an RSA key.
        options=("smtpd_tls_protocols=TLSv1.2", "tls_medium_cipherlist=aRSA"),
    ),
    Service(
        name="tls10",
        addresses=("127.0.1.7",),
        options=("smtpd_tls_protocols=TLSv1", "tls_medium_cipherlist=ALL:@SECLEVEL=0"),
    ),
    Service(
        name="tls12",
        addresses=("127.0.1.8",),
        options=("smtpd_tls_protocols=TLSv1.2",),
    ),
    # What Postfix 3.7 does unless told.
    Service(name="legacy-tls", addresses=("127.0.1.40",), options=("smtpd_tls_protocols=>=TLSv1",)),
    Service(
        name="weak-cipher",
        addresses=("127.0.1.41",),
        certificate=certs.with_rsa_key,
        options=("smtpd_tls_protocols=TLSv1.2", "tls_medium_cipherlist=AES128-SHA"),
    ),
    Service(
        name="weak-key", addresses=("127.0.1.42",), certificate=certs.weak("rsa:1024", "sha256")
    ),
    Service(
        name="weakest-key", addresses=("127.0.1.43",), certificate=certs.weak("rsa:512", "sha256")
    ),
    Service(name="sha1", addresses=("127.0.1.44",), certificate=certs.weak("rsa:2048", "sha1")),
    Service(name="expired", addresses=("127.0.1.9",), certificate=certs.expired()),
    Service(
        name="expired-wrong-name",
        addresses=("127.0.1.10",),
        certificate=certs.expired(names=["mail.elsewhere.test"]),
    ),
    Service(name="not-yet-valid", addresses=("127.0.1.11",), certificate=certs.not_yet_valid()),
    Service(name="self-signed", addresses=("127.0.1.12",), certificate=certs.own_issuer),
    Service(
        name="wrong-name",
        addresses=("127.0.1.13",),
        certificate=certs.trusted(names=["mail.elsewhere.test"]),
    ),
    Service(
        name="common-name-only",
        addresses=("127.0.1.14",),
        certificate=certs.common_name_only,
    ),
    Service(
        name="missing-intermediate",
        addresses=("127.0.1.15",),
        certificate=certs.without_intermediate,
    ),
    Service(name="unknown-root", addresses=("127.0.1.16",), certificate=certs.from_untrusted),
    Service(
        name="expiring",
        addresses=("127.0.1.17",),
        certificate=certs.trusted(not_after=timedelta(days=5, hours=1)),
    ),
    Service(
        name="six-days",
        addresses=("127.0.1.18",),
        certificate=certs.trusted(
            not_before=timedelta(days=-1), not_after=timedelta(days=5, hours=1)
        ),
    ),
    Service(
        name="no-ehlo",
        addresses=("127.0.1.19",),
        options=("smtpd_command_filter=regexp:{{/^EHLO/ UNHEARD-OF}}",),
    ),
    Service(
        name="backup-without-domain",
        addresses=("127.0.1.20",),
        options=("rewrite_service_name=rewrite-for-nobody",),
    ),
    Service(
        name="greylisting",
        addresses=("127.0.1.21",),
        options=(
            "smtpd_relay_before_recipient_restrictions=no",
            _answers("recipient", "450 4.2.0 Greylisted, please try again later"),
        ),
    ),
    Service(
        name="blocklisting",
        addresses=("127.0.1.22",),
        options=(_answers("client", "554 5.7.1 Blocked, see https://blocklist.test/"),),
    ),
    Service(
        name="turned-away",
        addresses=("127.0.1.23",),
        options=(_AT_ONCE, _answers("client", "554 5.7.1 No service for you")),
    ),
    Service(
        name="try-later",
        addresses=("127.0.1.24",),
        options=(_AT_ONCE, _answers("client", "421 4.7.0 Too busy, try again later")),
    ),
    Service(
        name="postscreen-denies",
        addresses=("127.0.1.25",),
        daemon=Daemon.POSTSCREEN,
        options=(
            "postscreen_access_list=cidr:{{0.0.0.0/0 reject}}",
            "postscreen_denylist_action=drop",
        ),
    ),
    Service(
        name="postscreen-waits",
        addresses=("127.0.1.26",),
        daemon=Daemon.POSTSCREEN,
        options=("postscreen_greet_wait=1s", "postscreen_greet_banner=mx.test ESMTP one moment"),
    ),
)

BY_NAME = {service.name: service for service in SERVICES}
