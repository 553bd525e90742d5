"""Print the outputs of the Action that the JSON report of its run gives: action_outputs.py REPORT.

The report comes from the folder of the step itself. Numbers are read as numbers and names as names
all the same, so that no line of the output is anything else.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_NAME = re.compile(r"[\w.-]+", re.ASCII)


def outputs(report: dict[str, Any]) -> Iterator[str]:
    """Give each output as NAME=VALUE."""
    domains = report["domains"]
    failed = [result for domain in domains for result in domain["results"] if _failed(result)]
    warnings = [result for result in failed if result["level"] == "warning"]
    names = [domain["domain"] for domain in domains if domain["verdict"] == "fail"]
    yield f"failed={int(report['counts']['fail'])}"
    yield f"warnings={len(warnings)}"
    yield f"unknown={int(report['counts']['unknown'])}"
    yield f"failed-domains={' '.join(filter(_NAME.fullmatch, names))}"


def _failed(result: dict[str, Any]) -> bool:
    return result["outcome"] == "fail" and not result["waived"]


if __name__ == "__main__":
    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    print("\n".join(outputs(json.loads(text))))
