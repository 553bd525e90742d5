"""What rules have to know of overrides, beside the evidence that comes from them."""

from mxcheck.evidence.what_if import WhatIfKind
from mxcheck.rules.base import MxCase


def is_led_elsewhere(case: MxCase) -> bool:
    """Whether the addresses of the host are those of `--connect-to`, and not those in DNS."""
    names = {one.name for one in case.evidence.what_ifs if one.kind is WhatIfKind.CONNECT_TO}
    return bool(names & {*case.host.ipv4.what_ifs, *case.host.ipv6.what_ifs})
