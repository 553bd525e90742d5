"""Which address this machine would use to reach the Internet, without sending anything."""

import socket

from mxcheck.evidence.surroundings import Route
from mxcheck.probe.tcp import describe_error

_ANYWHERE = {4: ("198.41.0.4", 53), 6: ("2001:503:ba3e::2:30", 53)}
"""The addresses of a.root-servers.net. connect() of a datagram socket finds the route, no more."""
_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}


def find_route(family: int) -> Route:
    """Return the local end of the route to the Internet in an address family."""
    address = _ANYWHERE[family][0]
    try:
        with socket.socket(_FAMILIES[family], socket.SOCK_DGRAM) as probe:
            probe.connect(_ANYWHERE[family])
            local = str(probe.getsockname()[0]).partition("%")[0]
    except OSError as error:
        return Route(family=family, local_address=describe_error(error, address))
    return Route(family=family, local_address=local)
