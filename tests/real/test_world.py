"""The real world is what the end-to-end tests take it for; the tool itself has no part here."""

import errno
import re
import sys

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import pytest
from cryptography import x509

from tests.real.domains import NOBODY, SWALLOWING, SWALLOWING_IPV6, WITHOUT_ROUTE
from tests.real.mail_host import SMTP_PORT
from tests.real.nameservers import RESOLVER
from tests.real.services import BY_NAME, HEALTHY_IPV6
from tests.real.world import RealWorld

pytestmark = pytest.mark.real

OUTSIDE = "postmaster@iana.org"


def ask(
    world: RealWorld, name: str, record_type: str, *flags: dns.flags.Flag
) -> dns.message.Message:
    query = dns.message.make_query(name, record_type, want_dnssec=True)
    for flag in flags:
        query.flags |= flag
    with world.namespace.inside():
        return dns.query.udp(query, RESOLVER, timeout=2)


def rcpt(world: RealWorld, name: str, recipient: str) -> str:
    return world.rcpt(BY_NAME[name], recipient)


def handshake(world: RealWorld, name: str, *, address: str = "") -> str:
    service = BY_NAME[name]
    host = address or service.addresses[0]
    done = world.namespace.run(
        *("openssl", "s_client", "-starttls", "smtp", "-servername", service.host),
        *("-connect", f"[{host}]:{SMTP_PORT}", "-verify_hostname", service.host),
        *("-CAfile", str(world.ca_file), "-cipher", "ALL:@SECLEVEL=0"),
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "record_type", "rcode", "authenticated"),
    [
        (".", "SOA", dns.rcode.NOERROR, True),
        ("healthy.test", "MX", dns.rcode.NOERROR, True),
        ("mx.healthy.test", "AAAA", dns.rcode.NOERROR, True),
        ("xn--bcher-kva.test", "MX", dns.rcode.NOERROR, True),
        ("mx.alias.test", "A", dns.rcode.NOERROR, True),
        ("nodata.test", "MX", dns.rcode.NOERROR, True),
        ("nothing-here.test", "MX", dns.rcode.NXDOMAIN, True),
        ("unsigned.test", "MX", dns.rcode.NOERROR, False),
        ("bogus.test", "MX", dns.rcode.SERVFAIL, False),
        ("wrong-ds.test", "MX", dns.rcode.SERVFAIL, False),
        ("secure.aliases.test", "MX", dns.rcode.NOERROR, True),
        ("insecure.aliases.test", "MX", dns.rcode.NOERROR, False),
        ("secure.unsigned-aliases.test", "MX", dns.rcode.NOERROR, False),
        ("unloaded.test", "MX", dns.rcode.SERVFAIL, False),
    ],
)
def test_resolver_validates(
    real_world: RealWorld,
    name: str,
    record_type: str,
    rcode: dns.rcode.Rcode,
    *,
    authenticated: bool,
) -> None:
    response = ask(real_world, name, record_type)
    assert response.rcode() == rcode
    assert bool(response.flags & dns.flags.AD) is authenticated


def test_bogus_zone_has_an_answer_for_those_who_do_not_check(real_world: RealWorld) -> None:
    response = ask(real_world, "bogus.test", "MX", dns.flags.CD)
    assert response.rcode() == dns.rcode.NOERROR
    assert response.answer[0].rdtype == dns.rdatatype.MX


def test_silent_name_server_leaves_the_question_open(real_world: RealWorld) -> None:
    with pytest.raises(dns.exception.Timeout):
        ask(real_world, "silent.test", "MX")


def test_system_configuration_leads_to_the_resolver(real_world: RealWorld) -> None:
    code = "import dns.resolver as r; print(r.resolve('healthy.test', 'MX')[0])"
    assert real_world.namespace.run(sys.executable, "-c", code).stdout == "10 mx.healthy.test.\n"


def test_nobody_listens(real_world: RealWorld) -> None:
    with pytest.raises(ConnectionRefusedError):
        real_world.namespace.connect(NOBODY, SMTP_PORT, timeout=1)


@pytest.mark.parametrize("address", [SWALLOWING, SWALLOWING_IPV6])
def test_packets_are_swallowed(real_world: RealWorld, address: str) -> None:
    with pytest.raises(TimeoutError):
        real_world.namespace.connect(address, SMTP_PORT, timeout=1)


def test_no_route(real_world: RealWorld) -> None:
    with pytest.raises(OSError, match="unreachable") as caught:
        real_world.namespace.connect(WITHOUT_ROUTE, SMTP_PORT, timeout=1)
    assert caught.value.errno == errno.ENETUNREACH


@pytest.mark.parametrize(
    ("name", "recipient", "reply"),
    [
        ("healthy", "postmaster@healthy.test", "<-  250 2.1.5 Ok"),
        ("healthy", "nobody-here@healthy.test", "<** 550 5.1.1"),
        ("healthy", OUTSIDE, "<** 554 5.7.1 <postmaster@iana.org>: Relay access denied"),
        ("open-relay", "postmaster@open-relay.test", "<-  250 2.1.5 Ok"),
        ("open-relay", OUTSIDE, "<-  250 2.1.5 Ok"),
        ("backup-without-domain", "postmaster@backup-without-domain.test", "Relay access denied"),
        ("greylisting", OUTSIDE, "<** 450 4.2.0"),
        ("greylisting", "postmaster@greylisting.test", "<** 450 4.2.0"),
        ("blocklisting", OUTSIDE, "Client host rejected: Blocked"),
        ("blocklisting", "postmaster@blocklisting.test", "Client host rejected: Blocked"),
        ("no-ehlo", "postmaster@no-ehlo.test", "<** 500 5.5.2 Error: command not recognized"),
        ("no-ehlo", "postmaster@no-ehlo.test", "<-  250 2.1.5 Ok"),
        ("turned-away", OUTSIDE, "<** 554 5.7.1 <unknown[127.0.0.1]>: Client host rejected"),
        ("try-later", OUTSIDE, "<** 421 4.7.0"),
        ("postscreen-denies", OUTSIDE, "<** 521 5.3.2 Service currently unavailable"),
        ("postscreen-waits", OUTSIDE, "<-  220-mx.test ESMTP one moment"),
        ("postscreen-waits", OUTSIDE, "Relay access denied"),
        ("no-tls", OUTSIDE, "Relay access denied"),
        ("broken-tls", OUTSIDE, "<-  250-STARTTLS"),
    ],
)
def test_server_answers(real_world: RealWorld, name: str, recipient: str, reply: str) -> None:
    assert reply in rcpt(real_world, name, recipient)


def test_starttls_is_not_announced(real_world: RealWorld) -> None:
    assert "STARTTLS" not in rcpt(real_world, "no-tls", OUTSIDE)


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("healthy", "TLSv1.3"),
        ("tls12", "TLSv1.2"),
        ("tls10", "TLSv1.0"),
        ("no-tls", "(NONE)"),
        ("broken-tls", "(NONE)"),
        ("no-common-cipher", "(NONE)"),
    ],
)
def test_tls_version(real_world: RealWorld, name: str, version: str) -> None:
    assert f"New, {version}, Cipher is" in handshake(real_world, name)


def test_no_common_cipher_is_an_alert(real_world: RealWorld) -> None:
    assert "alert handshake failure" in handshake(real_world, "no-common-cipher")


@pytest.mark.parametrize(
    ("name", "errors"),
    [
        ("healthy", set()),
        ("also-healthy", set()),
        ("expiring", set()),
        ("six-days", set()),
        ("expired", {"certificate has expired"}),
        ("expired-wrong-name", {"certificate has expired", "hostname mismatch"}),
        ("not-yet-valid", {"certificate is not yet valid"}),
        ("self-signed", {"self-signed certificate"}),
        ("wrong-name", {"hostname mismatch"}),
        (
            "missing-intermediate",
            {"unable to get local issuer certificate", "unable to verify the first certificate"},
        ),
        ("unknown-root", {"unable to get local issuer certificate"}),
    ],
)
def test_certificate(real_world: RealWorld, name: str, errors: set[str]) -> None:
    found = re.findall(r"verify error:num=\d+:(.*)", handshake(real_world, name))
    assert set(found) == errors


def test_healthy_server_has_ipv6_too(real_world: RealWorld) -> None:
    assert "Verification: OK" in handshake(real_world, "healthy", address=HEALTHY_IPV6)


def test_name_stands_in_the_common_name_alone(real_world: RealWorld) -> None:
    leaf = x509.load_pem_x509_certificate(handshake(real_world, "common-name-only").encode())
    assert leaf.subject.rfc4514_string() == f"CN={BY_NAME['common-name-only'].host}"
    with pytest.raises(x509.ExtensionNotFound):
        leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName)


@pytest.mark.parametrize("name", ["also-healthy", "postscreen-denies", "postscreen-waits"])
def test_connections_are_counted(real_world: RealWorld, name: str) -> None:
    before = real_world.connections(name)
    rcpt(real_world, name, OUTSIDE)
    assert real_world.connections(name) == before + 1


def test_no_mail_is_ever_queued(real_world: RealWorld) -> None:
    rcpt(real_world, "open-relay", OUTSIDE)
    real_world.postfix_log()
    assert real_world.postfix.queued() == []
