"""What the answers to EHLO and HELO say: about the server, or about this client."""

from collections.abc import Iterable

from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Reply, Visit
from mxcheck.rules.facts.stages import NOT_A_REPLY
from mxcheck.wire.refusal import Refusal, parse_refusal
from mxcheck.wire.reply_code import is_permanent, is_positive, is_transient, is_unknown_command


def describe_turned_away(visit: Visit) -> str:
    """Return what the server said about this client at EHLO, or "" if it said nothing like that."""
    for reply in (visit.ehlo, visit.ehlo_after_tls):
        if isinstance(reply, Reply) and _is_about_client(reply):
            return str(reply)
    # A server that does not know EHLO takes HELO: one that takes neither refuses the name.
    refused = is_permanent(visit.ehlo) and not is_unknown_command(visit.ehlo)
    return _describe_both(visit) if refused and not is_positive(visit.helo) else ""


def _is_about_client(reply: Reply) -> bool:
    return is_transient(reply) or parse_refusal(reply) is Refusal.CLIENT


def describe_refused_ehlo(visit: Visit) -> str:
    """Return how EHLO was refused, in clear or inside TLS, or "" if it was accepted."""
    return _refused_in_clear(visit) or _refused_inside_tls(visit)


def _refused_in_clear(visit: Visit) -> str:
    if isinstance(visit.ehlo, Unseen):
        return f"gives no valid answer to EHLO: {visit.ehlo.detail}"
    if parse_refusal(visit.ehlo) is Refusal.NONE:
        return ""
    return f"refuses EHLO with {_describe_both(visit)}"


def _refused_inside_tls(visit: Visit) -> str:
    inside = visit.ehlo_after_tls
    if isinstance(inside, Unseen):
        invalid = f"gives no valid answer to EHLO inside TLS: {inside.detail}"
        return invalid if inside.trouble in NOT_A_REPLY else ""
    refused = parse_refusal(inside) is not Refusal.NONE
    return f"refuses EHLO inside TLS with {inside}" if refused else ""


def _describe_both(visit: Visit) -> str:
    helo = visit.helo.detail if isinstance(visit.helo, Unseen) else str(visit.helo)
    return f"{visit.ehlo}; to HELO it says: {helo}"


def describe_missing(missing: str, announced: Iterable[str]) -> str:
    """Return what is not announced, and what is, as the end of a sentence about a server."""
    others = ", ".join(sorted(announced))
    return (
        f"does not announce {missing}, only {others}"
        if others
        else (f"announces no extension at all, and so not {missing}")
    )
