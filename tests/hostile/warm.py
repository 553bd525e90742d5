"""What runs are forked from: a process that has imported, and once used, all that a run needs."""

import io
from contextlib import redirect_stdout

import mxcheck.probe.https.get  # noqa: F401 - where there is a policy, a run imports it late
from tests.build import evidence_of
from tests.hostile.client import judge_all

with redirect_stdout(io.StringIO()):
    judge_all(evidence_of())
