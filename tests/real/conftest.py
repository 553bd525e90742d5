"""Starts the real worlds, and the servers beside Postfix, once for all tests that want them."""

import os
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

from tests.real import exim, opensmtpd
from tests.real.between.world import BoxWorld
from tests.real.between.world import running as running_box
from tests.real.dane.world import populate
from tests.real.exim import Exim
from tests.real.gate import world as gate
from tests.real.gate.world import GateWorld
from tests.real.opensmtpd import OpenSmtpd
from tests.real.pre_release import World, running_pre_release
from tests.real.sts_world import StsWorld, running_sts
from tests.real.world import CheckOnce, RealWorld, obstacle, running


def _stop_at(why: str) -> None:
    """Skip, or fail in CI, where there is something in the way."""
    message = f"no real servers: {why}"
    if why and os.environ.get("CI"):
        pytest.fail(message)
    if why:
        pytest.skip(message)


def _keeps_the_promise(harm: Sequence[str], queued: Sequence[Path]) -> None:
    """That a server, in all of the run, was sent nothing that SECURITY.md rules out."""
    assert list(harm) == []
    assert list(queued) == []


@pytest.fixture(scope="session")
def box_world() -> Iterator[BoxWorld]:
    _stop_at(obstacle())
    with running_box() as world:
        yield world
        _keeps_the_promise(world.postfix.watch.look(), world.postfix.queued())


@pytest.fixture(scope="session")
def real_world() -> Iterator[RealWorld]:
    _stop_at(obstacle())
    with running(f"mxcheck-{os.getpid()}") as world:
        yield world
        _keeps_the_promise(world.postfix.watch.look(), world.postfix.queued())


@pytest.fixture(scope="session")
def dane_world() -> Iterator[RealWorld]:
    _stop_at(obstacle())
    with running(f"mxcheck-dane-{os.getpid()}", populate) as world:
        yield world
        _keeps_the_promise(world.postfix.watch.look(), world.postfix.queued())


@pytest.fixture(scope="session")
def sts_world() -> Iterator[StsWorld]:
    _stop_at(obstacle())
    with running_sts(f"mxcheck-sts-{os.getpid()}") as world:
        yield world
        postfix = world.world.postfix
        _keeps_the_promise(postfix.watch.look(), postfix.queued())


@pytest.fixture(scope="session")
def pre_world() -> Iterator[World]:
    _stop_at(obstacle())
    with running_pre_release(f"mxcheck-pre-{os.getpid()}") as world:
        yield world
        postfix = world.real.postfix
        _keeps_the_promise(postfix.watch.look(), postfix.queued())


@pytest.fixture(scope="session")
def check_once(real_world: RealWorld) -> CheckOnce:
    return cache(real_world.check)


@pytest.fixture(scope="session")
def real_exim(real_world: RealWorld) -> Iterator[Exim]:
    _stop_at(exim.PROGRAM.obstacle())
    servers = Exim(real_world.namespace, real_world.folder / "exim", real_world.authorities)
    try:
        servers.wait_for()
        yield servers
        _keeps_the_promise(servers.look(), servers.queued())
    finally:
        servers.stop()


@pytest.fixture(scope="session")
def real_opensmtpd(real_world: RealWorld) -> Iterator[OpenSmtpd]:
    _stop_at(opensmtpd.PROGRAM.obstacle())
    server = OpenSmtpd(
        real_world.namespace, real_world.folder / "opensmtpd", real_world.authorities
    )
    try:
        server.wait_for()
        yield server
        _keeps_the_promise(server.watch.look(), server.queued())
    finally:
        server.stop()


@pytest.fixture(scope="session")
def gate_world() -> Iterator[GateWorld]:
    _stop_at(obstacle() or next(filter(None, (one.obstacle() for one in gate.PROGRAMS)), ""))
    with gate.running() as world:
        yield world
