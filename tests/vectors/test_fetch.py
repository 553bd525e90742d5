"""Public suites are fetched by hash, or copied from the reader's folder."""

import hashlib
import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from tools import fetch_vectors
from tools.fetch_vectors import SUITES, DebianSource, Suite

FILES = {
    "suite-1.0/test/certs/a.pem": b"a",
    "suite-1.0/test/certs/../../../b.pem": b"b",
    "suite-1.0/apps/c.pem": b"c",
}


@pytest.fixture
def vectors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(fetch_vectors, "VECTORS", tmp_path / "vectors")
    monkeypatch.delenv("MXCHECK_VECTORS", raising=False)
    return tmp_path / "vectors"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "suite.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for name, content in FILES.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


def fetch(monkeypatch: pytest.MonkeyPatch, suite: Suite, *arguments: str) -> int:
    monkeypatch.setattr(fetch_vectors, "SUITES", {"some": suite})
    monkeypatch.setattr("sys.argv", ["fetch_vectors.py", *arguments])
    return fetch_vectors.main()


def source_of(archive: Path, digest: str = "") -> Suite:
    sha256 = digest or hashlib.sha256(archive.read_bytes()).hexdigest()
    source = DebianSource(url=archive.as_uri(), sha256=sha256)
    return Suite(source=source, kept=("test/certs/",), about="a test")


def files_in(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def test_only_what_is_kept_of_an_archive_is_written(
    vectors: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fetch(monkeypatch, source_of(archive)) == 0
    assert files_in(vectors) == ["some/test/certs/a.pem"]


def test_an_archive_with_another_hash_is_absent(
    vectors: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fetch(monkeypatch, source_of(archive, "0" * 64)) == 1
    assert not vectors.exists()


def test_a_suite_without_a_source_comes_from_the_readers_folder(
    vectors: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = replace(SUITES["x509-limbo"])
    assert suite.source is None
    assert fetch(monkeypatch, suite) == 1
    given = tmp_path / "given" / "some"
    given.mkdir(parents=True)
    (given / "limbo.json").write_text("{}", encoding="utf-8")
    (given / "other").write_text("", encoding="utf-8")
    assert fetch(monkeypatch, suite, "--from", str(given.parent)) == 0
    assert files_in(vectors) == ["some/limbo.json"]
    assert fetch(monkeypatch, suite) == 0  # already there
    monkeypatch.setenv("MXCHECK_VECTORS", str(given.parent))
    assert fetch(monkeypatch, suite, "some") == 0


def test_a_suite_that_nobody_knows_is_refused(
    vectors: Path, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit) as refused:
        fetch(monkeypatch, source_of(archive), "other")
    assert refused.value.code == 2
    assert not vectors.exists()
