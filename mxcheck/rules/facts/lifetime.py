"""How many days a certificate must have left, by the policy and by its own lifetime."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import DEFAULT_CERT_DAYS, Policy

_QUARTER = 25  # per cent: clients renew when a third of the lifetime is left


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedDays:
    """The whole days that a certificate must have left, and the bound that says so."""

    days: int
    bound: str


def days_left(now: datetime, ends: datetime) -> str:
    """Return the whole days that are left, and the day of the end, as messages name them."""
    days = (ends - now).days
    return f"{days} more day{'' if days == 1 else 's'}, until {ends:%Y-%m-%d}"


def wanted_days(policy: Policy, not_before: datetime | Unseen, not_after: datetime) -> WantedDays:
    """Return what the policy wants: the stricter of what the user set, or else the default.

    The default is capped at a quarter of the lifetime, so that short-lived certificates are not
    reported before their client renews them.
    """
    set_by_user = [
        *([] if policy.min_cert_days is None else [_of_days(policy.min_cert_days)]),
        *_of_share(policy.min_cert_lifetime, not_before, not_after, "min_cert_lifetime, {}%"),
    ]
    if set_by_user:
        return max(set_by_user, key=lambda one: one.days)
    default = WantedDays(days=DEFAULT_CERT_DAYS, bound="the default")
    capped = _of_share(_QUARTER, not_before, not_after, "a quarter")
    return min((default, *capped), key=lambda one: one.days)


def _of_days(days: int) -> WantedDays:
    return WantedDays(days=days, bound="min_cert_days")


def _of_share(
    percent: int | None, not_before: datetime | Unseen, not_after: datetime, name: str
) -> tuple[WantedDays, ...]:
    """Return a share of the lifetime in whole days, if it is set and the lifetime is known."""
    if percent is None or isinstance(not_before, Unseen):
        return ()
    # Both dates are inside the lifetime (RFC 5280 4.1.2.5).
    lifetime = max(not_after - not_before + timedelta(seconds=1), timedelta(0))
    bound = f"{name.format(percent)} of its lifetime of {lifetime.days} days"
    return (WantedDays(days=(lifetime * percent // 100).days, bound=bound),)
