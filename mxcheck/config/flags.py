"""Every flag of `mxcheck check`, once: its name, its variable, its key in the config file."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TypeAlias

Flags: TypeAlias = Mapping[str, tuple[str, ...]]
"""What the command line (or the environment) gives: the key of a flag and its texts."""

PREFIX = "MXCHECK_"
INPUTS = "MXCHECK_FROM_INPUTS"
"""Names the variables that the Action, or the component, filled from its inputs."""
_TIMES = "Time and load"
_OVERRIDES = "Overrides, before a release"


class Section(StrEnum):
    """What a flag belongs to; `policy` and `probe` are tables of the config file too."""

    INPUT = "input"
    POLICY = "policy"
    PROBE = "probe"
    REPORTS = "reports"
    SCREEN = "screen"


_HEADINGS = {
    Section.INPUT: "Input",
    Section.POLICY: "Policy",
    Section.PROBE: "Network",
    Section.REPORTS: "Reports",
    Section.SCREEN: "Screen",
}


class Kind(Enum):
    """How the texts of a flag become the value that the config file would have."""

    TEXT = "the text itself"
    NUMBER = "a number"
    SWITCH = "true or false"
    LIST = "a list, its items apart by commas or repeated"
    LINES = "a list, one item each time"
    LEVELS = "a table, from ID=LEVEL each time"

    @property
    def repeatable(self) -> bool:
        """Whether the flag may be given more than once."""
        return self in {Kind.LIST, Kind.LINES, Kind.LEVELS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One flag; `key` is its key in the file, `name` its long name where it is not made from it.

    `name` may hold the negative too, after a slash.
    """

    section: Section
    key: str
    help: str
    metavar: str | None = None
    kind: Kind = Kind.TEXT
    name: str = ""
    short: str = ""
    part: str = ""

    @property
    def group(self) -> str:
        """The heading under which help texts and the documentation list the flag."""
        return self.part or _HEADINGS[self.section]

    @property
    def declared(self) -> tuple[str, ...]:
        """The names under which the flag is declared, the long one first."""
        long = self.name or f"--{self.key.replace('_', '-')}"
        return (long, self.short) if self.short else (long,)

    @property
    def shown(self) -> str:
        """The flag as messages name it."""
        return self.declared[0].partition("/")[0]

    @property
    def variable(self) -> str:
        """The environment variable of the flag."""
        word = self.shown.removeprefix("--") if self.shown.startswith("--") else self.key
        return PREFIX + word.replace("-", "_").upper()

    @property
    def input(self) -> str:
        """The input of the Action and of the component for the flag."""
        return self.variable.removeprefix(PREFIX).replace("_", "-").lower()


def _input(key: str, metavar: str, text: str, short: str = "") -> Flag:
    return Flag(section=Section.INPUT, key=key, metavar=metavar, help=text, short=short)


def _policy(key: str, metavar: str, text: str, kind: Kind = Kind.TEXT, name: str = "") -> Flag:
    section = Section.POLICY
    return Flag(section=section, key=key, metavar=metavar, help=text, kind=kind, name=name)


def _probe(key: str, metavar: str, text: str, kind: Kind = Kind.TEXT, name: str = "") -> Flag:
    section = Section.PROBE
    return Flag(section=section, key=key, metavar=metavar, help=text, kind=kind, name=name)


def _limit(key: str, metavar: str, text: str) -> Flag:
    section, kind = Section.PROBE, Kind.NUMBER
    return Flag(section=section, key=key, metavar=metavar, help=text, kind=kind, part=_TIMES)


def _override(key: str, metavar: str, text: str) -> Flag:
    section, kind, text = Section.PROBE, Kind.LINES, f"{text} Repeatable."
    return Flag(section=section, key=key, metavar=metavar, help=text, kind=kind, part=_OVERRIDES)


def _switch(section: Section, key: str, text: str, name: str = "", short: str = "") -> Flag:
    return Flag(section=section, key=key, help=text, kind=Kind.SWITCH, name=name, short=short)


def _report(key: str, text: str) -> Flag:
    section, kind = Section.REPORTS, Kind.LINES
    return Flag(section=section, key=key, metavar="PATH", help=f"{text} Repeatable.", kind=kind)


DOMAINS = Flag(
    section=Section.INPUT,
    key="domains",
    metavar="DOMAIN",
    kind=Kind.LINES,
    name="DOMAIN",
    help="The domains to check, beside those of the config file; also separated by commas.",
)
"""The arguments: they have a variable, but no flag."""

DOMAINS_FILE = _input(
    "domains_file", "FILE", "More domains, separated by lines, commas or spaces; - is stdin."
)

FLAGS = (
    _input(
        "config",
        "FILE",
        "The config file (else ./mxcheck.toml, else the table tool.mxcheck of ./pyproject.toml).",
        short="-c",
    ),
    DOMAINS_FILE,
    _policy("min_tls", "1.0|1.1|1.2|1.3", "The lowest TLS version that may be a server's best."),
    _policy(
        "min_cert_days",
        "N",
        "Days that a certificate must have left (14, at most a quarter of its lifetime).",
        Kind.NUMBER,
    ),
    _policy("min_cert_lifetime", "P%", "The share of its lifetime that it must have left."),
    _policy("relay", "basic|thorough|off", "How far the relay test goes."),
    _policy(
        "relay_sender",
        "ADDRESS",
        "The outside sender of the relay test (postmaster@ this machine's name).",
    ),
    _policy("relay_recipient", "ADDRESS", "The outside recipient; nothing is ever sent to it."),
    _policy("relay_control", "ADDRESS", "A recipient at the tested domain (postmaster@DOMAIN)."),
    _policy("select", "ID,...", "Only these rules or families. Repeatable.", Kind.LIST),
    _policy("ignore", "ID,...", "Not these rules or families. Repeatable.", Kind.LIST),
    _switch(
        Section.POLICY,
        "no_smtp",
        "Only what needs no connection to an MX host: DNS and policies. For a machine whose "
        "outbound port 25 is closed.",
    ),
    _policy(
        "levels",
        "ID=LEVEL",
        "A rule's level: error, warning or off. Repeatable.",
        Kind.LEVELS,
        "--level",
    ),
    _policy(
        "require",
        "NAME,...",
        "Make the absence of mta-sts, dane, tls-rpt or dnssec an error. Repeatable.",
        Kind.LIST,
    ),
    _policy("fail_on", "error|warning", "The level from which a failure fails the run."),
    _policy("on_unknown", "fail|pass", "What an error-level rule that was not judged does."),
    _limit("connect_timeout", "S", "Seconds for a connection to open."),
    _limit("greeting_timeout", "S", "Seconds for the greeting; tarpits are slow."),
    _limit("timeout", "S", "Seconds for each reply and handshake."),
    _limit("deadline", "S", "Seconds for the whole run, or 0.3 for each domain if that is more."),
    _limit("retries", "N", "Tries more, for what may pass."),
    _limit("concurrency", "N", "Endpoints visited at a time."),
    _limit("max_connections", "N", "Connections to one endpoint, for one domain."),
    _limit(
        "per_operator",
        "N",
        "Visits at a time to MX hosts whose names have the same last two labels.",
    ),
    _limit("max_addresses", "N", "Addresses of one MX host that are visited."),
    _switch(Section.PROBE, "ipv4", "IPv4 only.", name="-4"),
    _switch(Section.PROBE, "ipv6", "IPv6 only.", name="-6"),
    _probe("port", "N", "The port of the MX hosts.", Kind.NUMBER),
    _probe("ehlo_name", "NAME", "The name given in EHLO (the machine's own)."),
    _probe(
        "resolver",
        "ADDR[:PORT]|https://…|tls://…",
        "A resolver (the system's): in clear, over HTTPS, or over TLS, where #NAME at the end is "
        "the name in its certificate. Repeatable.",
        Kind.LINES,
    ),
    _switch(
        Section.PROBE,
        "trust_ad",
        "Believe the resolver on DNSSEC, or not (yes over HTTPS and TLS, and if resolv.conf says "
        "trust-ad; else no, on loopback neither: it may be a forwarder).",
        name="--trust-ad/--no-trust-ad",
    ),
    _probe("ca_file", "PEM", "Roots to trust beside the Mozilla store."),
    _switch(
        Section.PROBE,
        "allow_private",
        "Also visit addresses that are not public.",
        name="--allow-private/--no-allow-private",
    ),
    _probe(
        "canaries",
        "HOST[:PORT]",
        "A control host that shows whether port 25 is open from here; none turns the control "
        "off. Repeatable.",
        Kind.LINES,
        "--canary",
    ),
    _probe(
        "via",
        "ssh://…|socks5://…",
        "Reach MX hosts and control hosts through another machine: ssh://[USER@]HOST[:PORT] or"
        " socks5://[USER:PASSWORD@]HOST[:PORT] (a password in the variable or the file alone).",
    ),
    _probe("via_key", "FILE", "The private key for the login over SSH (ssh's own choice)."),
    _probe("via_known_hosts", "FILE", "The host keys for it (ssh's own known_hosts)."),
    _override(
        "connect_to",
        "HOST:PORT:ADDR:PORT",
        "Connect to that address and port instead, as if DNS pointed there; HOST may be empty, for "
        "any.",
    ),
    _override("mx", "'DOMAIN=10 HOST'", "An MX record in place of those in DNS."),
    _override(
        "zone_file", "[ORIGIN=]FILE", "A zone file (RFC 1035) whose record sets win over DNS."
    ),
    _override(
        "cert_file",
        "[HOST=]PEM",
        "A certificate chain to judge in place of the one that is served.",
    ),
    _override(
        "mta_sts_policy",
        "[DOMAIN=]FILE",
        "An MTA-STS policy to judge in place of the one that is published.",
    ),
    _report("junit_xml", "Write a JUnit XML report; - is stdout."),
    _report("json", "Write a JSON report; - is stdout."),
    _report("markdown", "Write a Markdown report, for GitHub and GitLab; - is stdout."),
    _report("github_summary", "Write Markdown that $GITHUB_STEP_SUMMARY takes; - is stdout."),
    _report("github_annotations", "Write annotations as GitHub's commands; - is stdout."),
    _report("sarif", "Write a SARIF 2.1.0 report, for GitHub code scanning; - is stdout."),
    _report("codequality", "Write a Code Quality report for GitLab; - is stdout."),
    _report("save_evidence", "Save what was seen, for `mxcheck judge`; - is stdout."),
    _switch(
        Section.SCREEN, "quiet", "Print only what did not pass and the conclusion.", short="-q"
    ),
    _switch(Section.SCREEN, "verbose", "Print passes and transcripts too.", short="-v"),
    Flag(
        section=Section.SCREEN,
        key="color",
        metavar="auto|always|never",
        help="Colours on the screen; NO_COLOR and FORCE_COLOR are honoured.",
    ),
)
