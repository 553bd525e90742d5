"""The step of the Action by itself: what it installs, what it leaves, and how it is stopped."""

import asyncio
import re
import shutil
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.e2e.mail import NOWHERE, serve
from tests.e2e.step import NOTHING, finish, start


async def test_the_summary_is_added_to_what_is_there(
    clone: Path, tmp_path: Path, uv_first: Mapping[str, str]
) -> None:
    (tmp_path / "runner").mkdir()
    summary = tmp_path / "runner/summary"
    summary.write_text("# Before\n\n")
    async with serve(tmp_path) as mail:
        process = await start(tmp_path, clone, mail, uv_first)
        printed, outputs = await finish(tmp_path, process)
    assert summary.read_text().startswith("# Before\n\n# mxcheck: PASS\n"), printed
    assert outputs["verdict"] == "pass"
    assert list((tmp_path / "runner/temp").iterdir()) == []


class Deaf(asyncio.DatagramProtocol):
    """A resolver that hears a question and never answers."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    def datagram_received(self, _data: bytes, _client: tuple[str, int]) -> None:
        self.asked.set()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_job_that_is_cancelled_still_has_its_reports(
    clone: Path, tmp_path: Path, uv_first: Mapping[str, str], number: signal.Signals
) -> None:
    loop = asyncio.get_running_loop()
    transport, deaf = await loop.create_datagram_endpoint(Deaf, local_addr=("127.0.0.1", 0))
    resolver = f"127.0.0.1:{transport.get_extra_info('sockname')[1]}"
    more = {**uv_first, "MXCHECK_RESOLVER": resolver, "MXCHECK_CA_FILE": ""}
    process = await start(tmp_path, clone, NOWHERE, more)
    await deaf.asked.wait()
    process.send_signal(number)
    printed, outputs = await finish(tmp_path, process)
    transport.close()
    assert process.returncode == 130, printed
    assert outputs["exit-code"] == "130"
    assert "interrupted" in (tmp_path / "junit.xml").read_text()
    assert "interrupted" in (tmp_path / "runner/summary").read_text()


@pytest.mark.parametrize("installer", ["uv", "pip"])
async def test_a_package_with_another_hash_is_not_installed(
    clone: Path, tmp_path: Path, uv_first: Mapping[str, str], installer: str
) -> None:
    forged = tmp_path / "action"
    shutil.copytree(clone, forged, ignore=shutil.ignore_patterns(".git"))
    lock = forged / "requirements/action.txt"
    lock.write_text(re.sub(r"sha256:\w{64}", f"sha256:{'0' * 64}", lock.read_text()))
    more = uv_first if installer == "uv" else {}
    process = await start(tmp_path, forged, NOWHERE, more)
    printed, outputs = await finish(tmp_path, process)
    assert process.returncode == 70
    assert "hash" in printed.lower()
    assert "::error title=mxcheck::A package has another hash than the lock" in printed
    assert outputs == {"exit-code": "70", **NOTHING}
    assert list((tmp_path / "runner/temp").iterdir()) == []


@pytest.mark.parametrize("installer", ["uv", "pip"])
async def test_an_index_that_cannot_be_reached_is_no_bug(
    clone: Path, tmp_path: Path, uv_first: Mapping[str, str], installer: str
) -> None:
    nowhere = "http://127.0.0.1:1/simple"
    index = {"UV_INDEX_URL": nowhere, "UV_HTTP_RETRIES": "0", "UV_NO_CACHE": "1"}
    index |= {"PIP_INDEX_URL": nowhere, "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1"}
    more = {**(uv_first if installer == "uv" else {}), **index, "PIP_CONFIG_FILE": "/dev/null"}
    process = await start(tmp_path, clone, NOWHERE, {**more, "UV_NO_CONFIG": "1"})
    printed, outputs = await finish(tmp_path, process)
    assert process.returncode == 3, printed
    assert "could not be installed, so nothing was judged" in printed.replace("\n", " ")
    assert outputs == {"exit-code": "3", **NOTHING}


async def test_bad_usage_names_the_input_and_is_annotated(
    clone: Path, tmp_path: Path, quick_uv_first: Mapping[str, str]
) -> None:
    more = {**quick_uv_first, "GIVEN_MIN_CERT_DAYS": "many\n::warning::hacked"}
    process = await start(tmp_path, clone, NOWHERE, more)
    printed, outputs = await finish(tmp_path, process)
    assert outputs == {"exit-code": "2", **NOTHING}, printed
    [annotation] = [line for line in printed.splitlines() if line.startswith("::")]
    assert annotation.startswith("::error title=mxcheck::the input min-cert-days: ")


async def test_a_python_without_pip(clone: Path, tmp_path: Path, without_pip: Path) -> None:
    async with serve(tmp_path) as mail:
        process = await start(tmp_path, clone, mail, {"PYTHON": str(without_pip)})
        printed, outputs = await finish(tmp_path, process)
    assert outputs["verdict"] == "pass", printed
