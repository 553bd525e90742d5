"""An MX host that is an alias, whose server chooses its certificate by name (RFC 7672 8.1)."""

from tests.real.dane import certs
from tests.real.dane.case import (
    HOST_DNAME,
    IMPLICIT_MX,
    PLAIN,
    Case,
    Delivery,
    host_alias,
)
from tests.real.domains import State, Zone

_MX = "mx.{case}.test"
_TARGET = "mx.{case}-host.test"  # the TLSA base domain, if there are records at it
_AT_TARGET = host_alias(at_target="{tlsa}")
_AT_ALIAS = host_alias(at_alias="{tlsa}")
_IN_TWO = (
    Zone(
        name="{case}.test",
        records=(
            *("@ MX 10 mx", "mx CNAME between", "between CNAME host", "host A {address}"),
            "_25._tcp.host TLSA {tlsa}",
        ),
    ),
)
_CAPITALS = (
    Zone(
        name="{case}.test",
        records=("@ MX 10 MX.{case}.TEST.", "mx A {address}", "_25._tcp.mx TLSA {tlsa}"),
    ),
)
_IMPLICIT_ALIAS = (
    Zone(name="{case}.test", records=("alias CNAME {case}-target.test.",)),
    Zone(name="{case}-target.test", records=("@ A {address}", "_25._tcp TLSA {tlsa}")),
)

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
    Case(
        name="named-end-of-two",
        named="host.{case}.test",
        tlsa=("3 1 1 named",),
        layout=_IN_TWO,
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="named-between-of-two",
        named="between.{case}.test",
        tlsa=("3 1 1 named",),
        layout=_IN_TWO,
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="named-capitals",
        named=_MX,
        tlsa=("3 1 1 named",),
        layout=_CAPITALS,
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="named-dname",
        named=_TARGET,
        tlsa=("3 1 1 named",),
        layout=HOST_DNAME,
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="named-dname-else",
        named="mx.moved.{case}.test",
        tlsa=("3 1 1 named",),
        layout=HOST_DNAME,
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="named-implicit",
        named="{case}.test",
        tlsa=("3 1 1 named",),
        layout=IMPLICIT_MX,
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="named-implicit-alias",
        labels="alias.",
        named="{case}-target.test",
        tlsa=("3 1 1 named",),
        layout=_IMPLICIT_ALIAS,
        delivery=Delivery.AUTHENTICATED,
    ),
    Case(
        name="named-implicit-alias-else",
        labels="alias.",
        named="alias.{case}.test",
        tlsa=("3 1 1 named",),
        layout=_IMPLICIT_ALIAS,
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="named-two-kinds",
        named=_TARGET,
        certificate=certs.dual,
        tlsa=("3 1 1 leaf",),
        layout=_AT_TARGET,
        delivery=Delivery.REFUSED,
    ),
    Case(
        name="named-domain",
        named="{case}.test",
        tlsa=("3 1 1 named",),
        layout=PLAIN,
        delivery=Delivery.REFUSED,
    ),
)
