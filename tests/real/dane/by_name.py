"""An MX host that is an alias, whose server chooses its certificate by name (RFC 7672 8.1)."""

from tests.real.dane import certs
from tests.real.dane.case import Case, Delivery, host_alias
from tests.real.domains import State

_MX = "mx.{case}.test"
_TARGET = "mx.{case}-host.test"  # the TLSA base domain, if there are records at it
_AT_TARGET = host_alias(at_target="{tlsa}")
_AT_ALIAS = host_alias(at_alias="{tlsa}")

# The server presents `named` to clients that ask for that name, and its `leaf` to all others.
BY_NAME = (
    Case(
        name="named-target",
        named=_TARGET,
        tlsa=("3 1 1 named",),
        layout=_AT_TARGET,
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="named-target-else",
        named=_TARGET,
        tlsa=("3 1 1 leaf",),
        layout=_AT_TARGET,
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="named-mx",
        named=_MX,
        tlsa=("3 1 1 named",),
        layout=_AT_TARGET,
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="named-mx-else",
        named=_MX,
        tlsa=("3 1 1 leaf",),
        layout=_AT_TARGET,
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="named-target-both",
        named=_TARGET,
        tlsa=("3 1 1 leaf", "3 1 1 named"),
        layout=_AT_TARGET,
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="named-target-authority",
        named=_TARGET,
        certificate=certs.WRONG_NAME,
        tlsa=("2 0 1 issuing",),
        layout=_AT_TARGET,
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="named-mx-authority",
        named=_MX,
        certificate=certs.WRONG_NAME,
        tlsa=("2 0 1 issuing",),
        layout=_AT_TARGET,
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="named-target-at-alias",
        named=_TARGET,
        tlsa=("3 1 1 named",),
        layout=_AT_ALIAS,
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="named-mx-at-alias",
        named=_MX,
        tlsa=("3 1 1 named",),
        layout=_AT_ALIAS,
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="named-mx-target-unsigned",
        named=_MX,
        tlsa=("3 1 1 named",),
        layout=host_alias(at_alias="{tlsa}", at_target="{wrong}", host=State.UNSIGNED),
        delivery=Delivery.AUTHENTICATED,
    ),
)
