"""What every run of the Action needs, made once."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.acting import (
    BIN,
    SETUP_PYTHON,
    Act,
    copy_working_tree,
    git,
    install_and_compile,
    make_repository,
    stand_in,
)
from tests.e2e.gate import Gate, gate, obstacle
from tests.e2e.gitlab import (
    DOMAINS,
    EXAMPLES,
    Example,
    Including,
    including,
    make_project,
    publish,
)
from tests.e2e.gitlab import obstacle as no_gitlab

PYTHON_PATH = f'echo "python-path={sys.executable}" >>"$GITHUB_OUTPUT"'


QUICK_UV = """#!/bin/sh
case "$1 $3 $4" in
"pip --python "*/bin/python)
    into=$(echo "${{4%/bin/python}}"/lib/python3.*/site-packages)
    cp -al {packages}/. "$into" 2>/dev/null || cp -a {packages}/. "$into"
    ;;
*) exec {uv} "$@" ;;
esac
"""


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with what a commit of this working tree would hold, in few files."""
    folder = tmp_path_factory.mktemp("clone")
    copy_working_tree(folder)
    make_repository(folder)
    git(folder, "repack", "-adq")
    return folder


@pytest.fixture(scope="session")
def with_uv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with uv in it, and nothing else."""
    folder = tmp_path_factory.mktemp("uv")
    (folder / "uv").symlink_to(BIN / "uv")
    return folder


@pytest.fixture(scope="session")
def with_quick_uv(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a uv that links what the lock names from a place where it is compiled.

    Compiling is half of what a run of the Action costs, and most tests are not about installing.
    """
    folder = tmp_path_factory.mktemp("quick-uv")
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (shared / "packages").open("a+") as packages:
        # The first worker that needs it makes it, and the others wait for that.
        fcntl.flock(packages, fcntl.LOCK_EX)
        packages.seek(0)
        made = packages.read()
        if not made:
            made = str(install_and_compile(clone, folder / "compiled"))
            packages.write(made)
    (folder / "uv").write_text(QUICK_UV.format(packages=made, uv=BIN / "uv"))
    (folder / "uv").chmod(0o755)
    return folder


@pytest.fixture
def act(clone: Path, with_quick_uv: Path, tmp_path: Path) -> Act:
    """act in a copy of this repository, on a runner with uv; its Action is `./`."""
    setup = tmp_path / "setup-python"
    stand_in(setup, "setup-python", ["python-version", "update-environment"], PYTHON_PATH)
    return Act(workspace=clone, actions={SETUP_PYTHON: setup}, path=(with_quick_uv,))


@pytest.fixture
def own_python(tmp_path: Path) -> Path:
    """A Python that leaves a mark when it is used, in a folder whose name has a space."""
    python = tmp_path / "my bin" / "python"
    python.parent.mkdir()
    python.write_text(f"#!/bin/sh\ntouch '{python}.used'\nexec {sys.executable} \"$@\"\n")
    python.chmod(0o755)
    return python


@pytest.fixture
def without_pip(tmp_path: Path) -> Path:
    """A Python that has no pip."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    return tmp_path / "bare/bin/python"


@pytest.fixture
def uv_first(with_uv: Path) -> dict[str, str]:
    """The variables of a runner with uv."""
    return {"PATH": f"{with_uv}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture
def quick_uv_first(with_quick_uv: Path) -> dict[str, str]:
    """The variables of a runner on which installing costs little."""
    return {"PATH": f"{with_quick_uv}{os.pathsep}{os.environ['PATH']}"}


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Gate]:
    """A machine with sshd, through which mail servers are reached."""
    if why := obstacle():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(why)
    with gate(tmp_path / "gate") as running:
        yield running


@pytest.fixture(scope="session")
def published(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if why := no_gitlab():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no gitlab-ci-local: {why}")
    return publish(clone, tmp_path_factory.mktemp("gitlab") / "mxcheck.git")


@pytest.fixture
def example(tmp_path: Path, published: Path) -> Example:
    """Return a maker of projects whose CI configuration is an unchanged example."""
    return lambda name: make_project(
        tmp_path / name, published, (EXAMPLES / f"{name}.gitlab-ci.yml").read_text()
    )


@pytest.fixture
def project(tmp_path: Path, published: Path) -> Including:
    """A project that includes the component with these inputs, beside the domains."""
    own = {"package": "unused", "domains": ", ".join(DOMAINS)}
    return lambda inputs: make_project(tmp_path / "own", published, including(own | dict(inputs)))
