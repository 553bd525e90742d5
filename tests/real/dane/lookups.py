"""Where senders look for TLSA records, and which of them DNSSEC lets count (RFC 7672 2)."""

from tests.real.dane import certs
from tests.real.dane.case import (
    HOST_ALIAS_IN_TWO,
    HOST_DNAME,
    IMPLICIT_MX,
    TLSA_ALIAS_LOOP,
    TLSA_ALIAS_NOWHERE,
    TLSA_DNAME,
    TLSA_NODATA,
    UNSIGNED,
    WILDCARD,
    Case,
    Delivery,
    domain_alias,
    host_alias,
    host_alias_and_tlsa_elsewhere,
    host_elsewhere,
    tlsa_alias,
    tlsa_elsewhere,
)
from tests.real.domains import NOBODY, State

_NO_TLS = ("smtpd_tls_security_level=none",)
_GOOD = ("3 1 1 leaf",)
_BAD = ("3 1 1 other",)

# RFC 7672 2.1, 2.2
LOOKUPS = (
    Case(name="no-tlsa", tlsa=(), delivery=Delivery.AS_EVER),
    Case(
        name="no-tlsa-self-signed",
        tlsa=(),
        certificate=certs.expired_own_issuer,
        delivery=Delivery.AS_EVER,
    ),
    Case(name="no-tlsa-no-tls", tlsa=(), options=_NO_TLS, delivery=Delivery.AS_EVER),
    Case(name="all-unsigned", tlsa=_GOOD, layout=UNSIGNED, delivery=Delivery.AS_EVER),
    Case(name="implicit-mx", tlsa=_GOOD, layout=IMPLICIT_MX, delivery=Delivery.AUTHENTICATED),
    Case(name="implicit-mx-wrong", tlsa=_BAD, layout=IMPLICIT_MX, delivery=Delivery.REFUSED),
    Case(
        name="insecure-mx",
        tlsa=_GOOD,
        layout=host_elsewhere(mx=State.UNSIGNED),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="insecure-mx-wrong",
        tlsa=_BAD,
        layout=host_elsewhere(mx=State.UNSIGNED),
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="insecure-host",
        tlsa=_GOOD,
        layout=host_elsewhere(host=State.UNSIGNED),
        delivery=Delivery.AS_EVER,
    ),
    Case(
        name="tlsa-unsigned",
        tlsa=_GOOD,
        layout=tlsa_elsewhere(State.UNSIGNED),
        delivery=Delivery.AS_EVER,
    ),
    Case(
        name="tlsa-expired",
        tlsa=_GOOD,
        layout=tlsa_elsewhere(State.EXPIRED),
        delivery=Delivery.DEFERRED,
    ),
    Case(
        name="tlsa-wrong-ds",
        tlsa=_GOOD,
        layout=tlsa_elsewhere(State.WRONG_DS),
        delivery=Delivery.DEFERRED,
    ),
    Case(
        name="tlsa-unloaded",
        tlsa=_GOOD,
        layout=tlsa_elsewhere(State.UNLOADED),
        delivery=Delivery.DEFERRED,
    ),
    Case(
        name="tlsa-dead-server",
        tlsa=_GOOD,
        layout=tlsa_elsewhere(State.UNSIGNED, nameserver=NOBODY),
        time_budget=2,
        delivery=Delivery.DEFERRED,
    ),
    # RFC 7672 2.2.2: below unsigned zones senders do not look.
    Case(
        name="tlsa-unloaded-insecure-host",
        tlsa=_GOOD,
        layout=tlsa_elsewhere(State.UNLOADED, host=State.UNSIGNED),
        delivery=Delivery.AS_EVER,
    ),
    Case(name="tlsa-wildcard", tlsa=_GOOD, layout=WILDCARD, delivery=Delivery.AUTHENTICATED),
    Case(
        name="tlsa-alias",
        tlsa=_GOOD,
        layout=tlsa_alias(State.SIGNED),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="tlsa-alias-wrong",
        tlsa=_BAD,
        layout=tlsa_alias(State.SIGNED),
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="tlsa-alias-out",
        tlsa=_GOOD,
        layout=tlsa_alias(State.UNSIGNED),
        delivery=Delivery.AS_EVER,
    ),
    Case(
        name="tlsa-alias-bogus",
        tlsa=_GOOD,
        layout=tlsa_alias(State.EXPIRED),
        delivery=Delivery.DEFERRED,
    ),
    Case(name="tlsa-nodata", tlsa=(), layout=TLSA_NODATA, delivery=Delivery.AS_EVER),
    Case(name="tlsa-alias-nowhere", tlsa=(), layout=TLSA_ALIAS_NOWHERE, delivery=Delivery.AS_EVER),
    Case(name="tlsa-alias-loop", tlsa=(), layout=TLSA_ALIAS_LOOP, delivery=Delivery.DEFERRED),
    Case(name="tlsa-dname", tlsa=_GOOD, layout=TLSA_DNAME, delivery=Delivery.AUTHENTICATED),
    Case(name="host-dname", tlsa=_GOOD, layout=HOST_DNAME, delivery=Delivery.AUTHENTICATED),
    Case(
        name="host-alias",
        tlsa=_GOOD,
        layout=host_alias(at_target="{tlsa}"),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="host-alias-original",
        tlsa=_GOOD,
        layout=host_alias(at_alias="{tlsa}"),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="host-alias-both",
        tlsa=_GOOD,
        layout=host_alias(at_alias="{wrong}", at_target="{tlsa}"),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="host-alias-both-wrong",
        tlsa=_GOOD,
        layout=host_alias(at_alias="{tlsa}", at_target="{wrong}"),
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="host-alias-out",
        tlsa=_GOOD,
        layout=host_alias(at_alias="{tlsa}", host=State.UNSIGNED),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="host-alias-out-both",
        tlsa=_GOOD,
        layout=host_alias(at_alias="{tlsa}", at_target="{wrong}", host=State.UNSIGNED),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="host-alias-out-wrong",
        tlsa=_BAD,
        layout=host_alias(at_alias="{tlsa}", host=State.UNSIGNED),
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="host-alias-out-only",
        tlsa=_GOOD,
        layout=host_alias(at_target="{tlsa}", host=State.UNSIGNED),
        delivery=Delivery.AS_EVER,
    ),
    Case(
        name="host-alias-in",
        tlsa=_GOOD,
        layout=host_alias(at_target="{tlsa}", mx=State.UNSIGNED),
        delivery=Delivery.AS_EVER,
    ),
    Case(
        name="host-alias-names",
        tlsa=("2 0 1 issuing",),
        certificate=certs.untrusted(names=("mx.host-alias-names-host.test",)),
        layout=host_alias(at_target="{tlsa}"),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="host-alias-unexpanded-name",
        tlsa=("2 0 1 issuing",),
        certificate=certs.untrusted(names=("mx.host-alias-unexpanded-name.test",)),
        layout=host_alias(at_target="{tlsa}"),
        delivery=Delivery.REFUSED,
    ),
    # RFC 7672 2.2.3: names between the two are not base domains.
    Case(
        name="host-alias-between", tlsa=_GOOD, layout=HOST_ALIAS_IN_TWO, delivery=Delivery.AS_EVER
    ),
    Case(
        name="host-alias-bogus",
        tlsa=_GOOD,
        layout=host_alias_and_tlsa_elsewhere(State.EXPIRED),
        delivery=Delivery.DEFERRED,
    ),
    Case(
        name="host-alias-unsigned",
        tlsa=_GOOD,
        layout=host_alias_and_tlsa_elsewhere(State.UNSIGNED),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="domain-alias-out",
        labels="alias.",
        tlsa=_GOOD,
        layout=domain_alias(target=State.UNSIGNED),
        delivery=Delivery.AS_EVER,
    ),
    Case(
        name="domain-alias-in",
        labels="alias.",
        tlsa=_GOOD,
        layout=domain_alias(alias=State.UNSIGNED),
        delivery=Delivery.AUTHENTICATED,
    ),
)
