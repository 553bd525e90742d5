"""What a case of MTA-STS is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.real import certs
from tests.real.certs import Recipe

GOOD = "version: STSv1\nmode: enforce\nmx: {mx}\nmax_age: 604800\n"
TESTING = GOOD.replace("enforce", "testing")
RECORD = '_mta-sts TXT "v=STSv1; id=20250101T000000;"'
REPORTS = '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls-reports@healthy.test"'
HOST, HOST6 = "mta-sts A {address}", "mta-sts AAAA {address6}"
BOTH = (RECORD, HOST, HOST6, REPORTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """What one address of a policy host serves.

    `policy` may contain `{mx}`, the MX host. `options` are directives of nginx, `beside` are those
    outside of its server block; `{folder}` in both is the folder of the site.
    """

    policy: str | bytes = GOOD
    certificate: Recipe = certs.TRUSTED
    options: str = ""
    beside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Host):
    """A domain NAME.test, and what the check must say of it: rule, and words of its message.

    `second` is what the policy host serves at its IPv6 address, if it has one. `mx` names the
    Postfix service behind the MX host. `records` are the zone's, beside those of the MX host;
    `{address}` and `{address6}` in them are the policy host's. `errors` and `warnings` are the
    failures of MTA-STS and TLS-RPT rules; `others` are failures of other rules, at level error.
    `unknown` are rules that cannot tell.
    """

    name: str
    second: Host | None = None
    mx: str = "well"
    records: tuple[str, ...] = (RECORD, HOST, REPORTS)
    errors: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def first(self) -> Host:
        """Return what the policy host serves at its IPv4 address."""
        return self

    @property
    def certifying(self) -> bool:
        """Return whether an address of the policy host has a certificate of its own."""
        return any(host.certificate is not certs.TRUSTED for host in (self, self.second) if host)

    @property
    def domain(self) -> str:
        return f"{self.name}.test"

    @property
    def mx_host(self) -> str:
        return f"mx.{self.domain}"

    @property
    def policy_host(self) -> str:
        return f"mta-sts.{self.domain}"
