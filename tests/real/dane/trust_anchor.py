"""Records of usage DANE-TA, and what senders make of the server (RFC 7672 3.1.2, 3.2.2)."""

from tests.real.certs import own_issuer
from tests.real.dane import certs
from tests.real.dane.case import Case, Delivery, Otherwise, domain_alias, host_elsewhere
from tests.real.domains import State

# RFC 7672 3.1.2, 3.2.2
TRUST_ANCHOR = (
    Case(
        name="ta-root-sent",
        tlsa=("2 0 1 root",),
        certificate=certs.untrusted(with_root=True),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(name="ta-root-not-sent", tlsa=("2 0 1 root",), delivery=Delivery.REFUSED),
    Case(name="ta-key-not-sent", tlsa=("2 1 1 root",), delivery=Delivery.REFUSED),
    Case(
        name="ta-key-sent",
        tlsa=("2 1 1 root",),
        certificate=certs.untrusted(with_root=True),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(name="ta-intermediate", tlsa=("2 0 1 issuing",), delivery=Delivery.AUTHENTICATED),
    Case(name="ta-intermediate-sha512", tlsa=("2 0 2 issuing",), delivery=Delivery.AUTHENTICATED),
    Case(name="ta-intermediate-key", tlsa=("2 1 1 issuing",), delivery=Delivery.AUTHENTICATED),
    Case(
        name="ta-intermediate-not-sent",
        tlsa=("2 0 1 issuing",),
        certificate=certs.without_intermediate,
        delivery=Delivery.REFUSED,
    ),
    Case(name="ta-full-root-not-sent", tlsa=("2 0 0 root",), delivery=Delivery.AUTHENTICATED),
    Case(name="ta-full-key-not-sent", tlsa=("2 1 0 root",), delivery=Delivery.AUTHENTICATED),
    Case(
        name="ta-full-root-sent",
        tlsa=("2 0 0 root",),
        certificate=certs.untrusted(with_root=True),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="ta-full-key-sent",
        tlsa=("2 1 0 root",),
        certificate=certs.untrusted(with_root=True),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="ta-full-intermediate-not-sent",
        tlsa=("2 0 0 issuing",),
        certificate=certs.without_intermediate,
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="ta-full-intermediate-key-not-sent",
        tlsa=("2 1 0 issuing",),
        certificate=certs.without_intermediate,
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="ta-full-other-root",
        tlsa=("2 0 0 other", "2 1 0 other"),
        delivery=Delivery.REFUSED,
    ),
    Case(name="ta-other", tlsa=("2 0 1 other",), delivery=Delivery.REFUSED),
    Case(name="ta-is-leaf", tlsa=("2 0 1 leaf",), delivery=Delivery.REFUSED),
    Case(name="ta-key-of-leaf", tlsa=("2 1 1 leaf",), delivery=Delivery.REFUSED),
    Case(name="ta-full-is-leaf", tlsa=("2 0 0 leaf",), delivery=Delivery.REFUSED),
    Case(
        name="ta-is-self-signed-leaf",
        tlsa=("2 0 1 leaf",),
        certificate=own_issuer,
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="ta-full-is-self-signed-leaf",
        tlsa=("2 0 0 leaf",),
        certificate=own_issuer,
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="ta-wrong-name",
        tlsa=("2 0 1 issuing",),
        certificate=certs.WRONG_NAME,
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="ta-expired",
        tlsa=("2 0 1 issuing",),
        certificate=certs.EXPIRED,
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="ta-not-yet-valid",
        tlsa=("2 0 1 issuing",),
        certificate=certs.NOT_YET_VALID,
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="ta-expired-root",
        tlsa=("2 0 1 top",),
        certificate=certs.below_expired_root,
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="ta-too-deep",
        tlsa=("2 0 1 root",),
        certificate=certs.too_deep,
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="ta-for-clients-only",
        tlsa=("2 0 1 issuing",),
        certificate=certs.FOR_CLIENTS_ONLY,
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="ta-wildcard",
        tlsa=("2 0 1 issuing",),
        certificate=certs.untrusted(names=("*.ta-wildcard.test",)),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="ta-common-name",
        tlsa=("2 0 1 issuing",),
        certificate=certs.untrusted(names=(), common_name="mx.ta-common-name.test"),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="ta-domain-name",
        tlsa=("2 0 1 issuing",),
        certificate=certs.untrusted(names=("ta-domain-name.test",)),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="ta-domain-name-insecure-mx",
        tlsa=("2 0 1 issuing",),
        certificate=certs.untrusted(names=("ta-domain-name-insecure-mx.test",)),
        layout=host_elsewhere(mx=State.UNSIGNED),
        delivery=Delivery.REFUSED,
        postfix=Otherwise(
            delivery=Delivery.AUTHENTICATED,
            why="RFC 7672 3.2.2 takes the name of the MX host alone; Postfix always takes both",
        ),
    ),
    Case(
        name="ta-host-name-insecure-mx",
        tlsa=("2 0 1 issuing",),
        certificate=certs.untrusted(names=("mx.ta-host-name-insecure-mx-host.test",)),
        layout=host_elsewhere(mx=State.UNSIGNED),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="ta-domain-alias",
        labels="alias.",
        tlsa=("2 0 1 issuing",),
        certificate=certs.untrusted(names=("alias.ta-domain-alias.test",)),
        layout=domain_alias(),
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="ta-domain-alias-end",
        labels="alias.",
        tlsa=("2 0 1 issuing",),
        certificate=certs.untrusted(names=("ta-domain-alias-end-target.test",)),
        layout=domain_alias(),
        delivery=Delivery.AUTHENTICATED,
    ),
)
