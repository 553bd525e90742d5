"""The tables of the config file: their keys, the ranges of the values, the names that are known."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

from mxcheck.config.resolver import parse_resolver
from mxcheck.config.values import (
    each_once,
    parse_canaries,
    parse_dkim_selector,
    parse_ehlo_name,
    parse_extension,
    parse_ip_address,
    parse_mail_address,
    parse_mx_name,
    parse_reason,
    parse_requirement,
    parse_rule,
    parse_rule_or_family,
    parse_share,
    refuse_false,
)
from mxcheck.config.via import parse_via
from mxcheck.model.endpoint import HostPort
from mxcheck.model.policy import (
    Expect,
    FailOn,
    Level,
    OnUnknown,
    Policy,
    RelayMode,
    TlsVersion,
)
from mxcheck.probe.settings import ProbeSettings, ResolverAddress
from mxcheck.probe.via.addresses import Gate
from mxcheck.rules import REQUIREMENTS, RULES
from mxcheck.wire.domain_name import parse_domain

_POLICY = Policy()
_PROBE = ProbeSettings()
_IDS = [rule.id for rule in RULES]
_FAMILIES = list(dict.fromkeys(str(rule.family) for rule in RULES))

# What a JSON Schema can tell of a value whose form only code can judge.
_TEXTS = WithJsonSchema({"type": "array", "items": {"type": "string", "minLength": 1}})
_TRUE = WithJsonSchema({"type": "boolean", "const": True})


def _one_of(*names: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(names)})


def _like(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern})


Seconds = Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]
Days = Annotated[int, Field(strict=True, ge=0, le=3650)]
Share = Annotated[
    int,
    BeforeValidator(parse_share),
    WithJsonSchema({"type": "string", "pattern": "^(100|[1-9]?[0-9])%$"}),
]
Port = Annotated[int, Field(strict=True, ge=1, le=65535)]
Retries = Annotated[int, Field(strict=True, ge=0, le=10)]
Count = Annotated[int, Field(strict=True, ge=1, le=10_000)]
Switch = Annotated[bool, Field(strict=True)]
Only = Annotated[Switch, AfterValidator(refuse_false), _TRUE]
Day = Annotated[dt.date, Field(strict=True)]
Text = Annotated[str, Field(strict=True, min_length=1)]

RuleId = Annotated[Text, AfterValidator(parse_rule), _one_of(*_IDS)]
RuleOrFamily = Annotated[Text, AfterValidator(parse_rule_or_family), _one_of(*_IDS, *_FAMILIES)]
Requirement = Annotated[Text, AfterValidator(parse_requirement), _one_of(*REQUIREMENTS)]
DomainName = Annotated[Text, AfterValidator(parse_domain)]
MxName = Annotated[Text, AfterValidator(parse_mx_name)]
IpAddress = Annotated[Text, AfterValidator(parse_ip_address)]
MailAddress = Annotated[Text, AfterValidator(parse_mail_address), _like(r"^\S+@\S+$")]
EhloName = Annotated[Text, AfterValidator(parse_ehlo_name)]
Extension = Annotated[Text, AfterValidator(parse_extension)]
DkimSelector = Annotated[Text, AfterValidator(parse_dkim_selector)]
Reason = Annotated[Text, AfterValidator(parse_reason), _like(r"\S")]


MaxGreeting = Annotated[
    Seconds, Field(description="Seconds from the connection to the greeting that are not slow.")
]
Extensions = Annotated[
    tuple[Extension, ...], Field(description="The extensions that every server should announce.")
]
Senders = Annotated[
    tuple[IpAddress, ...],
    AfterValidator(each_once),
    Field(description="The addresses that send mail of the domain."),
]
DkimSelectors = Annotated[
    tuple[DkimSelector, ...],
    AfterValidator(each_once),
    Field(description="The DKIM selectors in use; none is guessed."),
]
Blocklists = Annotated[
    tuple[DomainName, ...],
    AfterValidator(each_once),
    Field(description="The zones of the blocklists to ask."),
]


class Color(StrEnum):
    """Whether the screen is coloured."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Table(BaseModel):
    """A table whose keys are all known."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def given(self) -> dict[str, Any]:
        """Return the keys that were written, and their values."""
        return {key: getattr(self, key) for key in self.model_fields_set}


class PolicyTable(Table):
    """By which thresholds and choices evidence is judged."""

    min_tls: TlsVersion = _POLICY.min_tls
    min_cert_days: Days | None = _POLICY.min_cert_days
    min_cert_lifetime: Share | None = _POLICY.min_cert_lifetime
    relay: RelayMode = _POLICY.relay
    relay_sender: MailAddress = _POLICY.relay_sender
    relay_recipient: MailAddress = _POLICY.relay_recipient
    relay_control: MailAddress = _POLICY.relay_control
    require: tuple[Requirement, ...] = _POLICY.require
    levels: dict[RuleId, Level] = {}
    select: tuple[RuleOrFamily, ...] = _POLICY.select
    ignore: tuple[RuleOrFamily, ...] = _POLICY.ignore
    no_smtp: Switch = _POLICY.no_smtp
    fail_on: FailOn = _POLICY.fail_on
    on_unknown: OnUnknown = _POLICY.on_unknown
    max_greeting_seconds: MaxGreeting = _POLICY.max_greeting_seconds
    extensions: Extensions = _POLICY.extensions
    expect: Expect = _POLICY.expect
    senders: Senders = _POLICY.senders
    dkim_selectors: DkimSelectors = _POLICY.dkim_selectors
    blocklists: Blocklists = _POLICY.blocklists


class ProbeTable(Table):
    """How the probe goes about its work; times in seconds."""

    model_config = ConfigDict(json_schema_extra={"not": {"required": ["ipv4", "ipv6"]}})

    port: Port = _PROBE.port
    connect_timeout: Seconds = _PROBE.connect_timeout
    greeting_timeout: Seconds = _PROBE.greeting_timeout
    timeout: Seconds = _PROBE.timeout
    deadline: Seconds = _PROBE.deadline
    retries: Retries = _PROBE.retries
    concurrency: Count = _PROBE.concurrency
    max_connections: Count = _PROBE.max_connections
    per_operator: Count = _PROBE.per_operator
    max_addresses: Count = _PROBE.max_addresses
    ipv4: Only = False
    ipv6: Only = False
    ehlo_name: EhloName = _PROBE.ehlo_name
    resolver: Annotated[
        tuple[Annotated[ResolverAddress, PlainValidator(parse_resolver)], ...], _TEXTS
    ] = ()
    trust_ad: Switch | None = None
    canaries: Annotated[tuple[HostPort, ...] | None, BeforeValidator(parse_canaries), _TEXTS] = None
    via: Annotated[Gate | None, PlainValidator(parse_via), _like(r"^(ssh|socks5)://\S+$")] = None
    via_key: Text = ""
    via_known_hosts: Text = ""
    ca_file: Text = ""
    connect_to: tuple[Text, ...] = ()
    mx: tuple[Text, ...] = ()
    zone_file: tuple[Text, ...] = ()
    cert_file: tuple[Text, ...] = ()
    mta_sts_policy: tuple[Text, ...] = ()
    allow_private: Switch = _PROBE.allow_private

    @field_validator("ipv6")
    @classmethod
    def _alone(cls, value: bool, info: ValidationInfo) -> bool:  # noqa: FBT001 - pydantic calls it
        if info.data.get("ipv4"):
            raise ValueError("excludes ipv4 (-4): each means that IP version alone")
        return value


class DomainTable(PolicyTable):
    """A domain to check, and the policy keys that differ for it."""

    name: DomainName = Field(description="The domain, in either form of an international name.")


class WaiverTable(Table):
    """A known failure that is accepted, for a reason and until a day."""

    rule: RuleId = Field(description="The rule whose failures are accepted.")
    until: Day = Field(description="The last day (UTC), without quotes: 2026-12-31.")
    reason: Reason = Field(description="Why; reports name it.")
    domain: DomainName = Field(default="", description="For this domain alone.")
    mx: MxName = Field(default="", description="For this MX host alone.")
    address: IpAddress = Field(default="", description="For this address alone.")


class ScreenTable(Table):
    """What the screen shows; the config file does not speak of it."""

    quiet: Switch = False
    verbose: Switch = False
    color: Color = Color.AUTO


class Tables(Table):
    """The tables of which all sources speak."""

    policy: PolicyTable = PolicyTable()
    probe: ProbeTable = ProbeTable()


class GivenTables(Tables):
    """What the command line, or the environment, says."""

    screen: ScreenTable = ScreenTable()


class FileTables(Tables):
    """The whole config file."""

    domain: tuple[DomainTable, ...] = Field(default=(), description="The domains to check.")
    waiver: tuple[WaiverTable, ...] = Field(default=(), description="Failures that are accepted.")
