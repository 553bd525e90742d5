"""The Exim servers of the real world: each a daemon of its own, for a domain `NAME.test`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.real import certs
from tests.real.mail_host import MailHost

BLOCKLIST = "blocklist.test"

NOTHING = ""  # an empty list, in Exim's configuration


@dataclass(frozen=True, slots=True, kw_only=True)
class EximService(MailHost):
    """`options` replace main options, `rcpt_acl` stands before all else that is asked of RCPT."""

    options: Mapping[str, str] = field(default_factory=dict)
    local_domains: str = ""  # the host's own domain, unless told
    relay_from_hosts: str = NOTHING
    rcpt_acl: str = ""


EXIM_SERVICES = (
    EximService(name="exim-healthy", addresses=("127.0.2.1",)),
    EximService(name="exim-open-relay", addresses=("127.0.2.2",), relay_from_hosts="0.0.0.0/0"),
    EximService(
        name="exim-no-tls", addresses=("127.0.2.3",), options={"tls_advertise_hosts": NOTHING}
    ),
    EximService(
        name="exim-version",
        addresses=("127.0.2.4",),
        options={"smtp_banner": "$smtp_active_hostname ESMTP Exim $version_number $tod_full"},
    ),
    EximService(name="exim-expired", addresses=("127.0.2.5",), certificate=certs.expired()),
    EximService(
        name="exim-backup-without-domain",
        addresses=("127.0.2.6",),
        local_domains="elsewhere.test",
    ),
    EximService(
        name="exim-greylisting",
        addresses=("127.0.2.7",),
        # As Debian's greylistd has it.
        rcpt_acl="""\
defer
  message = $sender_host_address is not yet authorized to deliver mail from \\
    <$sender_address> to <$local_part@$domain>. Please try later.
""",
    ),
    EximService(
        name="exim-blocklisting",
        addresses=("127.0.2.8",),
        # As Exim's own default configuration suggests.
        rcpt_acl=f"""\
deny
  message = rejected because $sender_host_address is in a black list at $dnslist_domain\\n\\
    $dnslist_text
  dnslists = {BLOCKLIST}
""",
    ),
    EximService(
        name="exim-tls12",
        addresses=("127.0.2.9",),
        options={"tls_require_ciphers": "NORMAL:-VERS-ALL:+VERS-TLS1.2"},
    ),
    EximService(
        name="exim-auth-in-clear",
        addresses=("127.0.2.10",),
        options={"auth_advertise_hosts": "*"},
    ),
    EximService(
        name="exim-broken-tls",
        addresses=("127.0.2.11",),
        options={"tls_privatekey": "/nonexistent/key.pem"},
    ),
    EximService(
        name="exim-turned-away",
        addresses=("127.0.2.12",),
        options={"acl_smtp_connect": "deny"},
    ),
    EximService(
        name="exim-try-later",
        addresses=("127.0.2.13",),
        options={"acl_smtp_connect": "defer"},
    ),
    EximService(
        name="exim-weak-key",
        addresses=("127.0.2.40",),
        certificate=certs.weak("rsa:1024", "sha256"),
    ),
    EximService(
        name="exim-sha1",
        addresses=("127.0.2.41",),
        certificate=certs.weak("rsa:2048", "sha1"),
    ),
    EximService(name="exim-many", addresses=("127.0.2.15",), local_domains="*.many.test"),
    EximService(
        name="exim-legacy-tls",
        addresses=("127.0.2.14",),
        options={"tls_require_ciphers": "NORMAL"},  # what Exim does unless told
    ),
)

EXIM_BY_NAME = {service.name: service for service in EXIM_SERVICES}
