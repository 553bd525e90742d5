"""Write the files of a new rule: the rule, its test, and its line in the list of rules.

    make rule ID=caa-missing FAMILY=dns SCOPE=domain

The rule is a skeleton whose test fails until it is written.
"""

import argparse
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from string import Template

from mxcheck.rules.base import Family, Scope

ROOT = Path(__file__).parents[1]
SCAFFOLD = Path(__file__).with_name("scaffold")
LIST = Path("mxcheck/rules/__init__.py")
WIDTH = 100
NOT_LISTED = "the list of rules names no rule of the family {}: add the import and the line by hand"

_ABOUT_THE_MX_ANSWER: Mapping[str, str] = {
    "find": "the_mx_answer",
    "seen": "Answer | Absent",
    "evidence": (
        "from mxcheck.evidence.dns import Absent, Answer\nfrom mxcheck.evidence.items import Item"
    ),
    "reads": "(Item.MX, Item.NO_HOSTS)",
    "after": '("dnssec-bogus", "mx-missing")',
    "asked": "Domain",
    "import_asked": "from mxcheck.evidence.domain import Domain",
    "healthy": "healthy_domain",
}
SCOPES: Mapping[Scope, Mapping[str, str]] = {
    Scope.DOMAIN: {
        "case": "DomainCase",
        "imported": "DomainCase, Fail, Family, Pass, Rule, Scope",
        **_ABOUT_THE_MX_ANSWER,
        "ask": "ask_domain",
    },
    Scope.MX: {
        "case": "MxCase",
        "imported": "Fail, Family, MxCase, Pass, Rule, Scope",
        "find": "the_host_name",
        "seen": "str",
        "evidence": "from mxcheck.evidence.items import Item",
        "reads": "(Item.MX,)",
        "after": "()",
        "asked": "MxHost",
        "import_asked": "from mxcheck.evidence.domain import MxHost",
        "healthy": "healthy_host",
        "ask": "ask_mx",
    },
    Scope.ENDPOINT: {
        "case": "EndpointCase",
        "imported": "EndpointCase, Fail, Family, Pass, Rule, Scope",
        "find": "the_greeting",
        "seen": "Greeting",
        "evidence": (
            "from mxcheck.evidence.items import Item\nfrom mxcheck.evidence.smtp import Greeting"
        ),
        "reads": "(Item.VISIT,)",
        "after": '("smtp-greeting-bad",)',
        "asked": "Visit",
        "import_asked": "from mxcheck.evidence.smtp import Visit",
        "healthy": "healthy_visit",
        "ask": "ask_visit",
    },
    Scope.SENDER: {
        "case": "SenderCase",
        "imported": "Fail, Family, Pass, Rule, Scope, SenderCase",
        **_ABOUT_THE_MX_ANSWER,
        "ask": "ask_sender",
    },
    Scope.SELECTOR: {
        "case": "SelectorCase",
        "imported": "Fail, Family, Pass, Rule, Scope, SelectorCase",
        **_ABOUT_THE_MX_ANSWER,
        "ask": "ask_selector",
    },
}


def main() -> int:
    """Write the files; the exit code is 2 if one exists already, or if the id is not an id."""
    asked = parse_arguments()
    package, module = asked.family.replace("-", "_"), asked.id.replace("-", "_")
    rule = ROOT / "mxcheck" / "rules" / package / f"{module}.py"
    test = ROOT / "tests" / "rules" / package / f"test_{module}.py"
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", asked.id):
        return complain(f"{asked.id} is not an id: lower-case words joined by hyphens")
    if rule.exists() or test.exists():
        return complain(f"{rule.name} exists already")
    words = asked.id.replace("-", " ")
    values = {
        "id": asked.id,
        "package": package,
        "module": module,
        "family": package.upper(),
        "scope": asked.scope.upper(),
        "summary": words.capitalize(),
        "title": words,
        **SCOPES[Scope(asked.scope)],
    }
    for path, name in ((rule, "rule.txt"), (test, "test.txt")):
        path.parent.mkdir(parents=True, exist_ok=True)
        template = Template((SCAFFOLD / name).read_text(encoding="utf-8"))
        path.write_text(template.substitute(values), encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    return list_rule(package, module)


def parse_arguments() -> argparse.Namespace:
    """Parse the id, the family and the scope."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("id")
    parser.add_argument("--family", required=True, choices=[str(one) for one in Family])
    parser.add_argument(
        "--scope", default=str(Scope.DOMAIN), choices=[str(scope) for scope in Scope]
    )
    return parser.parse_args()


def list_rule(package: str, module: str) -> int:
    """Add a rule to the list, behind the last one of its family; say so if there is none."""
    text = (ROOT / LIST).read_text(encoding="utf-8")
    pattern = rf"from mxcheck\.rules\.{package} import (?:\(([^)]*)\)|([^(\n]*))\n"
    imports = re.search(pattern, text)
    if imports is None:
        return complain(NOT_LISTED.format(package))
    names = re.findall(r"\w+", imports[1] or imports[2])
    last = max(text.rindex(f"    {name},\n") + len(f"    {name},\n") for name in names)
    text = f"{text[:last]}    {module},\n{text[last:]}"
    text = text.replace(imports[0], write_import(package, sorted((*names, module))))
    (ROOT / LIST).write_text(text, encoding="utf-8")
    print(f"listed {module} in {LIST}")
    return 0


def write_import(package: str, names: list[str]) -> str:
    """Write an import statement as the formatter would."""
    line = f"from mxcheck.rules.{package} import {', '.join(names)}\n"
    if len(line) <= WIDTH:
        return line
    body = "".join(f"    {name},\n" for name in names)
    return f"from mxcheck.rules.{package} import (\n{body})\n"


def complain(message: str) -> int:
    """Print what is wrong; return the exit code of a usage error."""
    sys.stderr.write(f"{message}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
