"""What rules have to know of overrides, beside the evidence that comes from them."""

from mxcheck.evidence.overrides import OverrideKind
from mxcheck.rules.base import MxCase


def is_led_elsewhere(case: MxCase) -> bool:
    """Return whether the addresses of the host are those of `--connect-to`, not those in DNS."""
    names = {one.name for one in case.run.overrides if one.kind is OverrideKind.CONNECT_TO}
    return bool(names & {*case.host.ipv4.overrides, *case.host.ipv6.overrides})
