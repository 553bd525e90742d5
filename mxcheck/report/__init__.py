"""The reports: each is a function from a verdict to text, without I/O, thresholds or sorting."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mxcheck.report.json_v1 import render_json
from mxcheck.report.junit import render_junit
from mxcheck.verdict import Verdict

REPORTS: Mapping[str, Callable[[Verdict], str]] = MappingProxyType(
    {"junit-xml": render_junit, "json": render_json},
)
"""Each report that is written to a path, under the name of its flag."""
