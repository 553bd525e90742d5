"""What Postfix's own client, `posttls-finger`, makes of the DANE of a domain."""

from tests.real import postfix_programs
from tests.real.dane.case import Delivery
from tests.real.namespace import Namespace

_OPTIONS = ("smtp_dns_support_level=dnssec", "inet_protocols=ipv4")
IMPATIENT = "timeout:1 attempts:1"  # with name servers that are dead: see resolv.conf(5)


def finger(namespace: Namespace, domain: str) -> str:
    """Return all that it says, at the level that also tells why there is no DANE."""
    options = (word for option in _OPTIONS for word in ("-o", option))
    arguments = ("-l", "dane-only", *options, domain)
    return postfix_programs.finger(namespace, *arguments, env={"RES_OPTIONS": IMPATIENT})


def delivery_of(said: str) -> Delivery:
    """Read what it says as what becomes of a message at the level "dane"."""
    encrypted = "TLS connection established" in said
    if "TLSA lookup error" in said:
        return Delivery.DEFERRED
    if "no TLSA records found" in said:
        return Delivery.AS_EVER
    if "no usable TLSA records found" in said or "all TLSA records unusable" in said:
        # RFC 7672 2.2.3: these promise STARTTLS all the same.
        return Delivery.ENCRYPTED if encrypted else Delivery.REFUSED
    # It says no more than "trusted" where anybody could have led it to the host.
    certain = "Trusted" if "MX RRset insecure" in said else "Verified"
    return Delivery.AUTHENTICATED if f"{certain} TLS" in said else Delivery.REFUSED
