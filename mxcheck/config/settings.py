"""From merged keys to what the stages work with: the policy, the probe's settings, the roots."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType

from OpenSSL import crypto

from mxcheck.config.errors import ConfigError
from mxcheck.config.layers import Layer, Sources, giver, merge
from mxcheck.config.overrides import MAX_FILE, WHAT_IF_KEYS
from mxcheck.config.plain_file import read_file
from mxcheck.model.policy import Policy, RelayMode
from mxcheck.model.quoting import quote
from mxcheck.probe.settings import ProbeSettings
from mxcheck.rules import RULES
from mxcheck.wire.certificate import load_pem
from mxcheck.wire.special_names import takes_no_mail


def build_policy(layers: Sequence[Layer], probe: ProbeSettings) -> Policy:
    """Return the policy from the layers."""
    merged = merge(layers)
    merged.pop("name", None)
    merged["levels"] = MappingProxyType(merged.get("levels", {}))
    return replace(Policy(), **merged, allow_private=probe.allow_private)


def build_probe(layers: Sequence[Layer]) -> ProbeSettings:
    """Return the settings from the layers."""
    merged = merge(layers)
    only = giver(layers, "ipv4", "ipv6")
    if only:
        merged["families"] = tuple(v for v in (4, 6) if only.given.get(f"ipv{v}"))
    merged["resolvers"] = merged.pop("resolver", ())
    for key in ("ipv4", "ipv6", "ca_file", "via", "via_key", "via_known_hosts", *WHAT_IF_KEYS):
        merged.pop(key, None)
    return replace(ProbeSettings(), **merged)


def read_roots(layers: Sequence[Layer]) -> bytes:
    """Return the certificates of `ca_file` and nothing else of it, as PEM; or ConfigError."""
    layer = giver(layers, "ca_file")
    if layer is None:
        return b""
    name = layer.given["ca_file"]
    try:
        return _parse_roots(read_file(name, layer.folder, MAX_FILE, confined=layer.confined))
    except ValueError as error:
        raise ConfigError([f"{layer.location('ca_file')}: {quote(name)} {error}"]) from None


def check_relay(sources: Sources, policy: Policy, domain: str) -> None:
    """Refuse addresses by which the relay test would show nothing, or the opposite: ConfigError."""
    if policy.relay is RelayMode.OFF:
        return
    lines = []
    for key, reason in _wrong_addresses(policy, domain):
        layer = giver(sources.policy_layers(domain), key)
        location = layer.location(key) if layer else f"policy.{key}"
        lines.append(f"{location}: {quote(getattr(policy, key))} {reason}")
    if lines:
        raise ConfigError(lines)


def check_selection(sources: Sources, policy: Policy, domain: str) -> None:
    """Refuse a selection of which `no_smtp` leaves nothing: ConfigError."""
    names = set(policy.select)
    left = [rule for rule in RULES if {rule.id, rule.family} & names and not rule.needs_smtp]
    if policy.no_smtp and names and not left:
        layers = sources.policy_layers(domain)
        layer = giver(layers, "select")
        location = layer.location("select") if layer else "select"
        reason = "each of these rules needs a connection to an MX host, which no_smtp rules out"
        raise ConfigError([f"{location}: {', '.join(policy.select)}: {reason}"])


def _wrong_addresses(policy: Policy, domain: str) -> Iterator[tuple[str, str]]:
    """Yield the key of each address of the relay test that does not fit, and the reason."""
    inside = f"@{domain}"
    host = policy.relay_recipient.rpartition("@")[2]
    if policy.relay_recipient.endswith(inside):
        yield "relay_recipient", f"is at the tested domain {domain}; it must be outside it"
    elif takes_no_mail(host):
        reason = f"is at {host}, which takes no mail: that a server refuses it shows nothing"
        yield (
            "relay_recipient",
            f"{reason}; name a mailbox that exists (nothing is ever sent to it)",
        )
    if policy.relay_sender.endswith(inside):
        yield "relay_sender", f"is at the tested domain {domain}; it must be outside it"
    if policy.relay_control and not policy.relay_control.endswith(inside):
        yield "relay_control", f"is not at the tested domain {domain}; it must be inside it"


def _parse_roots(data: bytes) -> bytes:
    """Return the certificates as PEM; a private root may be odd, if OpenSSL can read it."""
    try:
        roots = [crypto.X509.from_cryptography(one) for one in load_pem(data)]
    except (crypto.Error, ValueError):
        raise ValueError("contains no PEM certificate that can be read") from None
    return b"".join(crypto.dump_certificate(crypto.FILETYPE_PEM, root) for root in roots)
