"""The catalogue of rules as text: explain one rule, or list all of them, also as JSON."""

import inspect
import json
import re
import sys
from collections.abc import Sequence
from itertools import starmap
from textwrap import TextWrapper

from mxcheck.model.quoting import did_you_mean, quote
from mxcheck.rules import RULES
from mxcheck.rules.base import AnyRule
from mxcheck.rules.subjects import SOURCES
from mxcheck.wire.software import Software

_ITEM = TextWrapper(
    width=100,
    initial_indent="- ",
    subsequent_indent="  ",
    break_long_words=False,
    break_on_hyphens=False,
)


class UnknownRuleError(Exception):
    """No rule has this id; the message contains a suggestion."""


def rules_text() -> str:
    """Return the catalogue, one line for each rule."""
    return _table(RULES)


def _table(rules: Sequence[AnyRule]) -> str:
    widest = max(len(rule.id) for rule in rules)
    return "\n".join(
        f"{rule.id:<{widest}}  {rule.family:<7}  {rule.level:<7}  {rule.title}" for rule in rules
    )


def rules_json() -> str:
    """Return the catalogue as a JSON array, for programs."""
    return json.dumps([_as_object(rule) for rule in RULES], indent=2)


def explain(name: str) -> str:
    """Explain a rule, or a family of rules; raises UnknownRuleError if there is none."""
    if any(rule.family == name for rule in RULES):
        return explain_family(name)
    return explain_rule(find_rule(name))


def explain_family(family: str) -> str:
    """Explain a family: the introduction of its package, then its rules."""
    rules = [rule for rule in RULES if rule.family == family]
    package = sys.modules[rules[0].check.__module__.rpartition(".")[0]]
    heading = f"{family}: a family of {len(rules)} rules"
    listed = _table(rules)
    after = "`mxcheck explain RULE` explains one of them; `--select`, `--ignore` take the family."
    return "\n\n".join((heading, inspect.cleandoc(package.__doc__ or ""), listed, after))


def explain_rule(rule: AnyRule) -> str:
    """Explain a rule: what it means, why it matters, how to repair and to allow it, sources."""
    heading = f"{rule.id}: {rule.title}"
    about = f"Family {rule.family}, level {rule.level}, asked about {SOURCES[rule.scope].title}."
    parts = (heading, about, documentation(rule), how_to_allow(rule), _sources(rule))
    return "\n\n".join(parts)


def find_rule(rule_id: str) -> AnyRule:
    """Return the rule with this id; raises UnknownRuleError if there is none."""
    for rule in RULES:
        if rule.id == rule_id:
            return rule
    known = [*(rule.id for rule in RULES), *dict.fromkeys(rule.family for rule in RULES)]
    raise UnknownRuleError(
        f"{quote(rule_id)} is not a rule or family{did_you_mean(rule_id, known)}"
    )


def documentation(rule: AnyRule) -> str:
    """Return the documentation of a rule (Markdown): its module's docstring, then its settings."""
    text = inspect.cleandoc(sys.modules[rule.check.__module__].__doc__ or "")
    if not rule.settings:
        return text
    between = "\n" if text.rpartition("\n\n")[2].startswith("- ") else "\n\n"
    return text + between + "\n".join(starmap(_setting, rule.settings.items()))


def how_to_allow(rule: AnyRule) -> str:
    """Return the section on how to allow a failure of the rule (Markdown)."""
    return f"""\
## Allow

- As a warning, or not at all: `levels = {{ "{rule.id}" = "warning" }}` (or `"off"`) in the config
  file, for the run or for one domain; `--level {rule.id}=warning`; `--ignore {rule.id}`.
- For a while, with a reason: a `[[waiver]]` with `rule = "{rule.id}"`, `until` and `reason`."""


def source_url(reference: str) -> str:
    """Return the URL of an RFC section; "" if the reference names a policy key."""
    match = re.fullmatch(r"RFC (\d+) (\S+)", reference)
    return f"https://www.rfc-editor.org/rfc/rfc{match[1]}#section-{match[2]}" if match else ""


def _setting(software: Software, setting: str) -> str:
    """Wrap an item, but not within code: a line that began with `>=` would be a quotation."""
    joined = re.sub(r"`[^`]*`", lambda code: code[0].replace(" ", "\0"), setting)
    return _ITEM.fill(f"{software}: {joined}").replace("\0", " ")


def _sources(rule: AnyRule) -> str:
    return "Sources: " + ", ".join(rule.references)


def _as_object(rule: AnyRule) -> dict[str, object]:
    return {
        "id": rule.id,
        "family": rule.family,
        "subject": rule.scope,
        "level": rule.level,
        "title": rule.title,
        "references": list(rule.references),
    }
