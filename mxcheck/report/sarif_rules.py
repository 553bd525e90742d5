"""SARIF descriptions of the rules: the whole catalogue, whatever the run found."""

import re

from mxcheck.catalogue import documentation, how_to_allow, source_url
from mxcheck.model.policy import Level
from mxcheck.rules import RULES
from mxcheck.rules.base import AnyRule, Family

DESCRIPTION_LIMIT = 1024
"""Characters of a description that GitHub shows."""

_SECURITY = frozenset({Family.TLS, Family.CERT, Family.RELAY, Family.DANE, Family.MTA_STS})


def rule_descriptors() -> list[dict[str, object]]:
    """Describe every rule, in the order of the catalogue, which GitHub wants to be stable."""
    return list(map(_descriptor, RULES))


def _descriptor(rule: AnyRule) -> dict[str, object]:
    text = documentation(rule)
    help_text = f"{text}\n\n{how_to_allow(rule)}"
    summary, _, rest = text.partition("\n\n")
    why = rest.partition("\n\n## ")[0].partition("\n\n")[2]
    described: dict[str, object] = {
        "id": rule.id,
        "shortDescription": {"text": _line(summary)},
        "fullDescription": {"text": _line(f"{summary} {why}")},
        # No placeholders are used, so braces are not doubled: commands can be copied as they are.
        "help": {"text": _plain(help_text), "markdown": help_text},
        "defaultConfiguration": _configuration(rule.level),
        "properties": _properties(rule),
    }
    sources = [url for url in map(source_url, rule.references) if url]
    return described | ({"helpUri": sources[0]} if sources else {})


def _configuration(level: Level) -> dict[str, object]:
    # A rule that is off by default is an error when it is selected by name.
    return {"enabled": level is not Level.OFF, "level": str(_asked(level))}


def _properties(rule: AnyRule) -> dict[str, object]:
    tags = [str(rule.family), *(["security"] if rule.family in _SECURITY else [])]
    # No security-severity: GitHub would show it in place of the level of each result, also for
    # results that are unknown, waived or only a warning.
    return {
        "tags": tags,
        "precision": "very-high",
        "problem.severity": str(_asked(rule.level)),
    }


def _asked(level: Level) -> Level:
    return Level.ERROR if level is Level.OFF else level


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= DESCRIPTION_LIMIT else f"{line[: DESCRIPTION_LIMIT - 1]}…"


def _plain(markdown: str) -> str:
    return re.sub(r"(?m)^#+ (.+)$", r"\1:", markdown)
