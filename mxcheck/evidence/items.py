"""The closed set of what a run can see: rules declare which items they read, probes gather those.

From the declarations follow the probe's plan, what a result rests on, and which overrides were
used (`mxcheck.judge`). An item names fields of the evidence; `FIELDS` says which.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

from mxcheck.evidence.dmarc import Dmarc
from mxcheck.evidence.domain import Domain, MxHost, Run
from mxcheck.evidence.mta_sts import MtaSts
from mxcheck.evidence.records import PlainRecord
from mxcheck.evidence.smtp import Visit


class Item(StrEnum):
    """An item that a probe of its own gathers."""

    MX = "mx"
    NO_HOSTS = "no-hosts"  # why a domain has no MX host
    RESOLVERS = "resolvers"  # what each resolver answers for the signed root
    ADDRESSES = "addresses"
    OWN_ADDRESSES = "own-addresses"  # of a domain without an MX record (RFC 5321 5.1)
    TLSA = "tlsa"  # and the CNAME of the MX host, which decides where TLSA records are
    PTR = "ptr"
    STS_RECORD = "sts-record"
    STS_POLICY = "sts-policy"
    GIVEN_CHAIN = "given-chain"  # certificates about to be deployed, judged in place of those sent
    VISIT = "visit"
    EGRESS = "egress"  # the calls to control hosts
    RELAY = "relay"
    OLD_TLS = "old-tls"  # a ClientHello that offers old versions alone
    FAILED_HANDSHAKE = "failed-handshake"  # a ClientHello of our own after a failed handshake
    INJECTION = "injection"
    OTHER_CHAIN = "other-chain"  # a ClientHello that accepts another kind of certificate
    BASE_CHAINS = "base-chains"  # ClientHellos that ask for a TLSA base domain by name
    LARGE_HELLO = "large-hello"  # a ClientHello longer than one TCP segment
    CAA_SETS = "caa-sets"  # at the names in the certificates of MX hosts, and above them
    NAME_SERVERS = "name-servers"  # what each of the zone says itself
    DMARC = "dmarc"  # the names of the tree walk
    DMARC_REPORTS = "dmarc-reports"  # whether other hosts permit reports about the domain
    DKIM_KEYS = "dkim-keys"  # of the configured selectors


Readable: TypeAlias = Item | PlainRecord

OF_DANE: tuple[Readable, ...] = (Item.MX, Item.ADDRESSES, Item.TLSA, Item.RESOLVERS)
"""What tells which TLSA records senders obey."""

OF_CHAINS: tuple[Readable, ...] = (Item.VISIT, Item.OTHER_CHAIN, Item.GIVEN_CHAIN)
"""What tells which certificates a server presents, or is about to."""

OF_MTA_STS: tuple[Readable, ...] = (Item.NO_HOSTS, Item.STS_RECORD, Item.STS_POLICY)
"""What tells which MTA-STS policy senders apply."""

REQUIRES: Mapping[Readable, frozenset[Readable]] = {
    Item.NO_HOSTS: frozenset({Item.MX}),
    Item.ADDRESSES: frozenset({Item.MX}),
    Item.OWN_ADDRESSES: frozenset({Item.ADDRESSES}),
    Item.TLSA: frozenset({Item.ADDRESSES}),
    Item.PTR: frozenset({Item.ADDRESSES}),
    Item.STS_POLICY: frozenset({Item.STS_RECORD}),
    Item.GIVEN_CHAIN: frozenset({Item.MX}),
    Item.VISIT: frozenset({Item.ADDRESSES}),
    Item.EGRESS: frozenset({Item.VISIT}),
    Item.RELAY: frozenset({Item.VISIT}),
    Item.OLD_TLS: frozenset({Item.VISIT}),
    Item.FAILED_HANDSHAKE: frozenset({Item.VISIT}),
    Item.INJECTION: frozenset({Item.VISIT}),
    Item.OTHER_CHAIN: frozenset({Item.VISIT}),
    Item.BASE_CHAINS: frozenset({Item.VISIT, Item.TLSA}),
    Item.LARGE_HELLO: frozenset({Item.VISIT}),
    Item.CAA_SETS: frozenset({Item.ADDRESSES}),
    Item.DMARC_REPORTS: frozenset({Item.DMARC}),
}
"""What has to be gathered before an item can be."""

FIELDS: Mapping[Item, tuple[tuple[type, tuple[str, ...]], ...]] = {
    Item.MX: ((Domain, ("mx",)),),
    Item.NO_HOSTS: ((Domain, ("mx",)),),
    Item.RESOLVERS: ((Run, ("resolvers",)),),
    Item.ADDRESSES: ((MxHost, ("ipv4", "ipv6")),),
    Item.OWN_ADDRESSES: ((MxHost, ("ipv4", "ipv6")),),
    Item.TLSA: ((MxHost, ("alias", "tlsa")),),
    Item.PTR: ((Run, ("reverse",)),),
    Item.STS_RECORD: ((MtaSts, ("record",)),),
    Item.STS_POLICY: ((MtaSts, ("policy", "remembered")),),
    Item.GIVEN_CHAIN: ((MxHost, ("chain",)),),
    Item.VISIT: (
        (
            Visit,
            (
                *("connection", "greeting", "ehlo", "helo", "starttls", "tls", "ehlo_after_tls"),
                "shown",
            ),
        ),
    ),
    Item.EGRESS: ((Run, ("canaries",)),),
    Item.RELAY: ((Visit, ("relay", "relay_left_out")),),
    Item.OLD_TLS: ((Visit, ("hellos",)),),
    Item.FAILED_HANDSHAKE: ((Visit, ("hellos",)),),
    Item.INJECTION: ((Visit, ("injection",)),),
    Item.OTHER_CHAIN: ((Visit, ("chain_hellos",)),),
    Item.BASE_CHAINS: ((Visit, ("base_hellos",)),),
    Item.LARGE_HELLO: ((Visit, ("large_hellos",)),),
    Item.CAA_SETS: ((Domain, ("caa",)),),
    Item.NAME_SERVERS: ((Domain, ("name_servers",)),),
    Item.DMARC: ((Dmarc, ("walk",)),),
    Item.DMARC_REPORTS: ((Dmarc, ("permissions",)),),
    Item.DKIM_KEYS: ((Domain, ("dkim",)),),
}
"""The fields of the evidence that make up an item; plain records are in `Domain.records`."""


def with_requirements(items: frozenset[Readable]) -> frozenset[Readable]:
    """Return the items and all that has to be gathered before them."""
    required = frozenset(other for item in items for other in REQUIRES.get(item, ()))
    return items if required <= items else with_requirements(items | required)
