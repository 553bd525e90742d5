"""Files of reports: written whole or not at all, and never through a link in the checkout."""

import errno
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from mxcheck.config.checkout import split_at_root

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_UNNAMED = getattr(os, "O_TMPFILE", 0)
_PIECE = 64 * 1024
_HANDLES = Path("/proc/self/fd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a report goes: the descriptor of an open folder, and the name of the file in it.

    `follows` tells whether the name may be a link that the user made.
    """

    folder: int
    name: str
    follows: bool

    def is_stream(self) -> bool:
        """Return whether a pipe or a device is there, which is written to and never replaced."""
        try:
            mode = os.stat(self.name, dir_fd=self.folder, follow_symlinks=self.follows).st_mode
        except OSError:
            return False
        return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode))


@contextmanager
def open_place(path: Path) -> Iterator[Place]:
    """Open the folder of a file; folders that are missing are made.

    Below the root of the checkout a link in place of a folder raises OSError.
    """
    split = split_at_root(path, _start(path), os.environ)
    root, names = split or _follow(path)
    if split is None:
        root.mkdir(parents=True, exist_ok=True)
    folder = os.open(root, _FOLDER)
    try:
        for name in names[:-1]:
            inner = _open_below(folder, name)
            os.close(folder)
            folder = inner
        yield Place(folder=folder, name=names[-1], follows=split is None)
    finally:
        os.close(folder)


def _start(path: Path) -> Path:
    """Return where a path begins; the working folder may be gone, which only some paths need."""
    try:
        return Path.cwd()
    except OSError:
        if path.is_absolute():
            return Path(path.anchor)
        raise


def _follow(path: Path) -> tuple[Path, tuple[str, ...]]:
    """Return the folder and the name that a path leads to; a stream may have none of its own."""
    location = path.resolve() if path.is_file() or not path.exists() else path.absolute()
    return location.parent, (location.name,)


def _open_below(folder: int, name: str) -> int:
    """Open a folder within another one; it is made if it is missing."""
    with suppress(FileExistsError):
        os.mkdir(name, dir_fd=folder)
    try:
        return os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
    except OSError as error:
        if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            raise OSError(error.errno, f"{name} is a link, which no report follows") from None
        raise


def write_through(place: Place, data: Iterable[bytes]) -> None:
    """Write to a pipe or a device, such as /dev/stderr."""
    flags = os.O_WRONLY | os.O_NOCTTY | (0 if place.follows else os.O_NOFOLLOW)
    try:
        # Without O_NONBLOCK, opening a pipe waits until somebody reads it.
        handle = os.open(place.name, flags | os.O_NONBLOCK, dir_fd=place.folder)
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise OSError(error.errno, "is a pipe that nobody reads") from None
        raise
    try:
        os.set_blocking(handle, True)
        _write_all(handle, data)
    finally:
        os.close(handle)


def write_whole(place: Place, data: Iterable[bytes]) -> None:
    """Write a file that takes the name only when it is complete; a link of that name is replaced.

    Until then it has no name, if the file system allows that: a run that is killed leaves nothing.
    """
    try:
        handle = os.open(".", os.O_WRONLY | os.O_CLOEXEC | _UNNAMED, 0o666, dir_fd=place.folder)
    except OSError:  # not on every file system; without O_TMPFILE "." is a folder
        _write_named(place, data)
        return
    try:
        _write_all(handle, data)
        os.fsync(handle)
        _give_name(place, handle)
    finally:
        os.close(handle)


def _give_name(place: Place, handle: int) -> None:
    source = _HANDLES / str(handle)
    try:
        os.link(source, place.name, dst_dir_fd=place.folder, follow_symlinks=True)
    except FileExistsError:
        # No call of the system puts a file without a name in the place of another one.
        name = _temporary_name()
        os.link(source, name, dst_dir_fd=place.folder, follow_symlinks=True)
        _put_in_place(place, name)


def _write_named(place: Place, data: Iterable[bytes]) -> None:
    name = _temporary_name()
    flags = os.O_WRONLY | os.O_CLOEXEC | os.O_CREAT | os.O_EXCL
    handle = os.open(name, flags, 0o666, dir_fd=place.folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(data)
            file.flush()
            os.fsync(handle)
    except BaseException:
        os.unlink(name, dir_fd=place.folder)
        raise
    _put_in_place(place, name)


def _put_in_place(place: Place, name: str) -> None:
    try:
        os.replace(name, place.name, src_dir_fd=place.folder, dst_dir_fd=place.folder)
    except BaseException:
        os.unlink(name, dir_fd=place.folder)
        raise


def _temporary_name() -> str:
    return f".mxcheck.{secrets.token_hex(8)}"


def _write_all(handle: int, data: Iterable[bytes]) -> None:
    for piece in _gathered(data):
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(handle, rest) :]


def _gathered(data: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces that are worth a call of the system."""
    buffer = bytearray()
    for piece in data:
        buffer += piece
        if len(buffer) >= _PIECE:
            yield bytes(buffer)
            buffer.clear()
    yield bytes(buffer)
