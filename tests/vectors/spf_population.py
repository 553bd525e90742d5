"""SPF zones made at random, the same ones each time: what two implementations are asked about."""

import random
from collections.abc import Iterator, Sequence

from tests.spf_zone import Zone

HOSTS = tuple(f"h{number}.example.net" for number in range(6))
DOMAINS = tuple(f"d{number}.example.com" for number in range(8))
ADDRESSES = (
    *(f"192.0.2.{number}" for number in (1, 2, 3, 77, 130, 200)),
    *(f"2001:db8::{number}" for number in ("1", "2", "ff", "1:1", "2:77")),
    "::ffff:192.0.2.1",
)
_TARGETS = (
    *(f":{host}" for host in HOSTS),
    *("", ":%{d}", ":%{o}", ":h%{l}.example.net", ":%{h}", ":h1.%{d2}", ":%{i}.x.example.net"),
    *(":%{ir}.%{v}.y.example.net", ":%{dr}.z.example.net", ":%{L}.example.net", ":%{p}"),
)
_CIDRS = (*("",) * 10, *("/24", "/32", "//64", "/25//120", "/0", "//0") * 3, "/33", "/024")
_NETWORKS = ("192.0.2.0/25", "192.0.2.77", "192.0.2.0/24", "198.51.100.0/24", "0.0.0.0/0")
_NETWORKS6 = ("2001:db8::/64", "2001:db8::1", "2001:db8:0:0::/112", "::/0", "::ffff:192.0.2.1")
_BROKEN: tuple[str, ...] = (
    "moo",
    "ip4:192.0.2",
    "ip4:192.0.2.1/33",
    "a:museum",
    "all:x",
    "ptr/24",
    "%{d}",
    "-=a",
)
_BROKEN += ("a:%{x}.example.net", "exists", "include", "a:%example.net", "ip6:2001:db8::g", "=x")
_MODIFIERS = ("x-y=%{d}", "exp=%{i}.example.net", "moo.cow=a/b", "x=%abc", "exp=")


def population(seed: int, zones: int) -> Iterator[Zone]:
    """Zones in which the domains ask for each other and for the hosts."""
    # Not for secrets: the same population in each run.
    rng = random.Random(seed)  # noqa: S311
    for _ in range(zones):
        yield dict(_zone(rng))


def _zone(rng: random.Random) -> Iterator[tuple[str, list[str]]]:
    for number, host in enumerate(HOSTS):
        records = [f"A {one}" for one in ADDRESSES[:6] if rng.random() < 0.4]
        records += [f"AAAA {one}" for one in ADDRESSES[6:-1] if rng.random() < 0.4]
        if number < len(HOSTS) - 1:
            yield host, records
    for own, domain in enumerate(DOMAINS):
        # Now and then a domain asks one before it, or itself: a circle.
        others = DOMAINS if rng.random() < 0.1 else DOMAINS[own + 1 :] or DOMAINS[:1]
        records = [f"TXT {_record(rng, others)}" for _ in range(_one(rng))]
        records += [
            f"MX {number} {rng.choice(HOSTS)}"
            for number in range(rng.choice((0, 1, 1, 1, 2, 2, 3, 10, 11)))
        ]
        records += [f"A {rng.choice(ADDRESSES[:6])}" for _ in range(rng.choice((0, 1)))]
        records += ["TIMEOUT"] * (rng.random() < 0.03)
        yield domain, records
    for number in (1, 77):
        names = [f"PTR {rng.choice(HOSTS)}" for _ in range(rng.choice((0, 1, 2)))]
        yield f"{number}.2.0.192.in-addr.arpa", names


def _one(rng: random.Random) -> int:
    """Almost always 1."""
    return rng.choices((0, 1, 2), (2, 50, 1))[0]


def _record(rng: random.Random, others: Sequence[str]) -> str:
    terms = [_term(rng, others) for _ in range(rng.choice((0, 1, 2, 2, 3, 3, 4, 10)))]
    if rng.random() < 0.05:
        terms.insert(rng.randrange(len(terms) + 1), rng.choice(_MODIFIERS))
    if rng.random() < 0.25:
        terms.insert(rng.randrange(len(terms) + 1), f"redirect={rng.choice(others)}")
    if rng.random() < 0.7:
        terms.append(f"{rng.choice('+-~?')}all")
    return " ".join([rng.choice(("v=spf1", "V=spf1", "v=spf1 ")), *terms])


def _term(rng: random.Random, others: Sequence[str]) -> str:
    qualifier = rng.choice(("", "", "", "+", "-", "~", "?"))
    kind = rng.random()
    if kind < 0.005:
        return rng.choice(_BROKEN)
    if kind < 0.25:
        return f"{qualifier}include:{rng.choice(others)}"
    if kind < 0.45:
        return f"{qualifier}ip4:{rng.choice(_NETWORKS)}"
    if kind < 0.55:
        return f"{qualifier}ip6:{rng.choice(_NETWORKS6)}"
    if kind < 0.6:
        return f"{qualifier}ptr{rng.choice(('', ':example.net'))}"
    if kind < 0.7:
        return f"{qualifier}exists{rng.choice([one for one in _TARGETS if one])}"
    cidr = rng.choice(_CIDRS)
    return f"{qualifier}{rng.choice(('a', 'mx', 'A'))}{rng.choice(_TARGETS)}{cidr}"
