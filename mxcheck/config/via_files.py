"""The files of an SSH login: the private key, and the known hosts."""

from dataclasses import replace

from mxcheck.config.errors import ConfigError
from mxcheck.config.layers import Layer, Sources, giver
from mxcheck.config.plain_file import read_file
from mxcheck.model.quoting import quote
from mxcheck.probe.via.addresses import Gate, SocksProxy, SshGate

_KEY_BYTES, _KNOWN_HOSTS_BYTES = 65536, 1048576
_KEY, _KNOWN_HOSTS = "via_key", "via_known_hosts"
VIA_FILES = (_KEY, _KNOWN_HOSTS)
_ON_COMMAND_LINE = (
    "contains a password, which the process list would show: name it in MXCHECK_VIA or in the"
    " config file"
)


def read_gate(sources: Sources) -> Gate | None:
    """Return the way out with the files of its login, or None; ConfigError says what is wrong."""
    layers = sources.probe_layers()
    layer = giver(layers, "via")
    gate: Gate | None = layer.given["via"] if layer else None
    if isinstance(gate, SocksProxy) and gate.password and sources.from_command_line.probe.via:
        raise ConfigError([f"--via: {_ON_COMMAND_LINE}"])
    if isinstance(gate, SshGate):
        key_layer, known_layer = giver(layers, _KEY), giver(layers, _KNOWN_HOSTS)
        key = _read(key_layer, _KEY, _KEY_BYTES)
        if key_layer and b"PRIVATE KEY-----" not in key:
            raise _wrong(key_layer, _KEY, "contains no private key")
        known = _read(known_layer, _KNOWN_HOSTS, _KNOWN_HOSTS_BYTES)
        if known_layer and not known.strip():
            raise _wrong(known_layer, _KNOWN_HOSTS, "contains no host key")
        return replace(gate, key=key, known_hosts=known)
    # What a weaker source says for its own way out does not matter.
    for name in VIA_FILES:
        if unused := giver(layers[layers.index(layer) if layer else 0 :], name):
            raise _wrong(unused, name, "is of use with --via ssh://… alone")
    return gate


def _read(layer: Layer | None, key: str, most: int) -> bytes:
    if layer is None:
        return b""
    try:
        return read_file(layer.given[key], layer.folder, most, confined=layer.confined)
    except ValueError as error:
        raise _wrong(layer, key, str(error)) from None


def _wrong(layer: Layer | None, key: str, reason: str) -> ConfigError:
    location = layer.location(key) if layer else f"probe.{key}"
    name = quote(layer.given[key]) if layer else ""
    return ConfigError([f"{location}: {name} {reason}"])
