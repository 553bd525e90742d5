"""The repair of a server: what to do, then the setting of the MTA that was recognised."""

from collections.abc import Mapping

from mxcheck.rules.base import EndpointCase
from mxcheck.wire.software import Software, parse_software

_SUPPORT = "Ask its support."
OPERATED: Mapping[Software, tuple[str, str]] = {
    Software.EXCHANGE_ONLINE: (
        "Microsoft",
        "Look at Service health in the Microsoft 365 admin center, and open a support request.",
    ),
    Software.GOOGLE: (
        "Google",
        "Look at the Google Workspace Status Dashboard, and ask support in the Admin console.",
    ),
    Software.AMAZON_SES: ("Amazon", _SUPPORT),
    Software.CLOUDFLARE: ("Cloudflare", _SUPPORT),
    Software.MIMECAST: ("Mimecast", _SUPPORT),
    Software.PROOFPOINT: ("Proofpoint", _SUPPORT),
    Software.YAHOO: ("Yahoo", _SUPPORT),
}
"""Services that configure their servers themselves: who that is, and whom customers ask."""


def repair(
    case: EndpointCase, general: str, settings: Mapping[Software, str], examples: str = ""
) -> str:
    """Return the general remedy, then the recognised MTA's own setting: renew, then deploy.

    `examples` are the settings of common MTAs, for a server that was not recognised.

    Customers cannot configure the server of a provider: its entry in `settings` says what they can
    do in the admin console, and the general remedy does not follow.
    """
    software = parse_software(case.visit)
    if software is None:
        return f"{general} {examples}".rstrip()
    own = settings.get(software, "")
    if software in OPERATED:
        operator, support = OPERATED[software]
        name = f" ({software})" if software != operator else ""
        only = f"This is {operator}'s server{name}, which only {operator} can configure."
        return f"{only} {own[:1].upper()}{own[1:]}" if own else f"{only} {support}"
    return f"{general} On {software}: {own}" if own else f"{general} {examples}".rstrip()
