"""Whom CAA records allow to issue a certificate, and the record that allows its authority too."""

from mxcheck.rules.facts.caa import Certified, Limit


def why_forbidden(one: Certified, limit: Limit) -> str:
    """Return who issued a certificate, and who may issue the next one."""
    return (
        f"for {one.name} is by {one.issuer}, but the CAA records of {limit.owner} allow"
        f" {_who_may_issue(one, limit)} to issue it: it will not be renewed"
    )


def _who_may_issue(one: Certified, limit: Limit) -> str:
    if limit.caa.unknown_critical:
        return f"nobody (their property {limit.caa.unknown_critical} is critical and unknown)"
    allowed = limit.caa.allowed(wildcard=one.is_wildcard) or ()
    return f"only {', '.join(allowed)}" if allowed else "nobody"


def how_to_allow(one: Certified, limit: Limit) -> str:
    """Return the CAA record that allows the authority of a certificate, and what else helps."""
    tag = "issuewild" if one.is_wildcard and limit.caa.issue_wild is not None else "issue"
    return (
        f'Publish `{limit.owner}. CAA 0 {tag} "{one.authority.domains[0]}"`, or have the'
        " certificate issued by an authority that is allowed."
    )
