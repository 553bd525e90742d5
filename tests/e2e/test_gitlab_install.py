"""How a GitLab job gets mxcheck, and what becomes of one that does not."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.e2e.gitlab import DOMAINS, HOSTILE, Example, Including, leftovers
from tests.e2e.mail import serve


@pytest.mark.parametrize(("name", "has_pip"), [("component", True), ("local-include", False)])
async def test_the_job_installs_mxcheck_from_where_the_example_says(
    name: str, example: Example, tmp_path: Path, without_pip: Path, *, has_pip: bool
) -> None:
    project = example(name)
    python = {} if has_pip else {"PYTHON_FOR_MXCHECK": str(without_pip)}
    async with serve(tmp_path, DOMAINS) as mail:
        pipeline = await project.run(mail.variables | python)
    assert pipeline.outcome() == "PASS", pipeline.output
    for domain in DOMAINS:
        assert re.search(rf"PASS +{domain} ", pipeline.output), pipeline.output
        assert f'name="{domain}"' in project.artifact("mxcheck-junit.xml")


@pytest.mark.parametrize(
    "inputs",
    [{"package": HOSTILE}, {"package": "--version"}, {"python": HOSTILE}, {"package": "./nowhere"}],
    ids=["package", "option", "python", "nowhere"],
)
async def test_what_cannot_be_installed_says_nothing_about_mail(
    project: Including, tmp_path: Path, inputs: Mapping[str, object]
) -> None:
    pipeline = await project(inputs).run({})
    assert pipeline.outcome() == "FAIL 2", pipeline.output
    assert not leftovers(tmp_path)


async def test_a_package_that_cannot_be_reached_leaves_everything_unknown(
    project: Including,
) -> None:
    nowhere = project({"package": "git+https://127.0.0.1:1/OWNER/mxcheck.git"})
    pipeline = await nowhere.run({})
    assert pipeline.outcome() == "FAIL 3", pipeline.output
    assert "so nothing was judged" in pipeline.output
