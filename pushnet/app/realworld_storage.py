"""Files and SQLite databases of one node, in its own folder.

`replace` writes a neighbour, syncs it, renames it over the old file and syncs the folder: after a crash the
old content is there or the new, whole. `append` syncs the folder when it makes a file, so that a later
`fdatasync` is all a reader needs. A folder that is made is synced into the one above it.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import sqlite3
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG, S_IXUSR

from pushnet.world import Entry

BUSY_TIMEOUT_MS = 10_000
"""How long a connection waits for another one's write; a group commit takes milliseconds."""
_PARTIAL = ".partial"
_OWNER = "owner"


class FolderTaken(Exception):
    """Another process has this folder. `pid`: which, 0 when it has not said."""

    def __init__(self, folder: Path, pid: int) -> None:
        super().__init__(f"process {pid or 'of another'} has {folder}")
        self.pid = pid


def claim(folder: Path) -> int:
    """Have the folder for this process alone until it ends, however it ends; the descriptor that holds it.

    Raises `FolderTaken`. Programs that are started from here do not hold it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / _OWNER, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        said = os.pread(descriptor, 20, 0)
        os.close(descriptor)
        raise FolderTaken(folder, int(said) if said.isdigit() else 0) from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


class ReservedFile:
    """Implements `Reserved`: a file that was written in full before, so that its blocks are its own."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)

    def write(self, position: int, data: bytes) -> None:
        while data:
            written = os.pwrite(self._descriptor, data, position)
            position, data = position + written, data[written:]

    def fdatasync(self) -> None:
        os.fdatasync(self._descriptor)

    def close(self) -> None:
        os.close(self._descriptor)


def replace_file(path: Path, data: bytes) -> None:
    """Put `data` in place of a file's content; of several processes that do so, each puts its own whole."""
    partial = path.with_name(f"{path.name}.{os.getpid()}{_PARTIAL}")
    try:
        _put(path, partial, data)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def _put(path: Path, partial: Path, data: bytes) -> None:
    with open(partial, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)
    _sync_folder(path.parent)


class FileStorage:
    """Implements `Storage` on a folder of the file system."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds keys and devices' secrets

    def append(self, name: str, data: bytes) -> None:
        path = self._path(name)
        created = not path.exists()
        if created:
            _make_folder(path.parent)
        with open(path, "ab") as file:
            file.write(data)
        if created:
            _sync_folder(path.parent)

    def read(self, name: str, offset: int = 0, size: int = -1) -> bytes:
        with open(self._path(name), "rb") as file:
            file.seek(offset)
            return file.read(size)

    def fdatasync(self, name: str) -> None:
        descriptor = os.open(self._path(name), os.O_RDONLY | os.O_NOFOLLOW)
        try:
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)

    def replace(self, name: str, data: bytes) -> None:
        path = self._path(name)
        _make_folder(path.parent)
        _put(path, path.with_name(path.name + _PARTIAL), data)

    def names(self, prefix: str = "") -> list[str]:
        found: list[str] = []
        above, slash, _ = prefix.rpartition("/")
        for folder, _, files in os.walk(self._path(above) if slash else self._folder):
            relative = Path(folder).relative_to(self._folder)
            found += [(relative / file).as_posix() for file in files if not file.endswith(_PARTIAL)]
        return sorted(name for name in found if name.startswith(prefix))

    def size(self, name: str) -> int:
        return self._path(name).stat().st_size

    def give_back(self, name: str, before: int) -> None:
        block = os.statvfs(self._folder).f_bsize
        whole = before // block * block
        descriptor = os.open(self._path(name), os.O_RDWR | os.O_NOFOLLOW)
        try:
            if whole:
                _punch(descriptor, whole)
        finally:
            os.close(descriptor)

    def delete(self, name: str) -> None:
        path = self._path(name)
        path.unlink()
        _sync_folder(path.parent)

    def reserve(self, name: str, size: int) -> ReservedFile:
        path = self._path(name)
        if not path.exists() or path.stat().st_size < size:
            self.replace(name, bytes(size))
        return ReservedFile(path)

    def make_folder(self, name: str) -> None:
        _make_folder(self._path(name))

    def delete_folder(self, name: str) -> None:
        path = self._path(name)
        shutil.rmtree(path)
        _sync_folder(path.parent)

    def entries(self, folder: str = "") -> list[Entry]:
        top = self._path(folder) if folder else self._folder
        found = _entries(top, "") if top.is_dir() and not top.is_symlink() else []
        return sorted(found, key=lambda entry: entry.path)

    def rename(self, old: str, new: str) -> None:
        source, target = self._path(old), self._path(new)
        _make_folder(target.parent)
        if source.is_dir() and target.exists():
            raise FileExistsError(17, "A folder takes no place that is taken", new)
        os.rename(source, target)
        _sync_folder(target.parent)
        if source.parent != target.parent:
            _sync_folder(source.parent)

    def set_executable(self, name: str, executable: bool) -> None:
        descriptor = os.open(self._path(name), os.O_RDONLY | os.O_NOFOLLOW)
        try:
            os.fchmod(descriptor, 0o755 if executable else 0o644)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def point(self, name: str, folder: str) -> None:
        path, target = self._path(name), self._path(folder)
        _make_folder(path.parent)
        partial = path.with_name(path.name + _PARTIAL)
        partial.unlink(missing_ok=True)
        partial.symlink_to(os.path.relpath(target, path.parent))
        os.replace(partial, path)
        _sync_folder(path.parent)

    def pointed(self, name: str) -> str:
        path = self._path(name)
        if not path.is_symlink():
            raise FileNotFoundError(2, "No such pointer", name)
        target = os.path.normpath(path.parent / os.readlink(path))
        return Path(target).relative_to(os.path.normpath(self._folder)).as_posix()

    def path(self, name: str) -> str:
        return str(self._path(name).absolute())

    def connect_sqlite(self, name: str, *, read_only: bool = False) -> sqlite3.Connection:
        path = self._path(name)
        _make_folder(path.parent)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA query_only = {int(read_only)}")
        return connection

    def _path(self, name: str) -> Path:
        parts = name.split("/")
        if "" in parts or "." in parts or ".." in parts or "\0" in name:
            raise ValueError(f"{name!r} is no name of a stored file")
        return self._folder.joinpath(*parts)


def _entries(folder: Path, before: str) -> list[Entry]:
    """Everything below a folder, nothing followed."""
    found: list[Entry] = []
    for item in os.scandir(folder):
        status = item.stat(follow_symlinks=False)
        name = before + item.name
        if S_ISDIR(status.st_mode):
            found.append(Entry(name, "folder"))
            found += _entries(folder / item.name, f"{name}/")
        elif S_ISREG(status.st_mode):
            found.append(Entry(name, "file", status.st_size, bool(status.st_mode & S_IXUSR)))
        else:
            found.append(Entry(name, "pointer" if S_ISLNK(status.st_mode) else "special"))
    return found


def _make_folder(folder: Path) -> None:
    """Make a folder and what is missing above it; each name is durable before the next is made."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_KEEP_SIZE_AND_PUNCH_HOLE = 0x01 | 0x02
"""fallocate(2). Linux only; elsewhere nothing is given back."""


def _punch(descriptor: int, size: int) -> None:
    fallocate = getattr(ctypes.CDLL(None, use_errno=True), "fallocate", None)
    if fallocate is not None:
        offset = ctypes.c_longlong(0)
        fallocate(descriptor, _KEEP_SIZE_AND_PUNCH_HOLE, offset, ctypes.c_longlong(size))
