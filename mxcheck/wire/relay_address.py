"""Recipients at a domain that name another mailbox: four old ways to ask for relaying."""

from collections.abc import Mapping
from types import MappingProxyType

from mxcheck.evidence.smtp import RelayForm


def addresses_through(domain: str, outside: str) -> Mapping[RelayForm, str]:
    """Return the recipients at `domain` that name the mailbox `outside`, by their forms."""
    local_part, _, host = outside.rpartition("@")
    return MappingProxyType(
        {
            # RFC 1123 5.2.16: "%" in a local part, once a way to name the next host.
            RelayForm.PERCENT_HACK: f"{local_part}%{host}@{domain}",
            # The whole address as a quoted local part (RFC 5321 4.1.2), which some unquote.
            RelayForm.QUOTED_ADDRESS: f'"{outside}"@{domain}',
            # UUCP's way (RFC 976 2.2).
            RelayForm.BANG_PATH: f"{host}!{local_part}@{domain}",
            # RFC 5321 3.6.1, F.2: source routes, which a server should ignore or refuse.
            RelayForm.SOURCE_ROUTE: f"@{domain}:{outside}",
        }
    )
