"""Reads the folder that `pushnet patch publish` is given: plain files only, as they are.

A link, a pipe, a device or a socket is refused with its path: what is published must mean the same on every
machine. Of modes only one thing is kept: whether the owner may run the file. Nothing is followed, so nothing
outside the folder is published by mistake.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from fnmatch import fnmatch
from functools import partial
from pathlib import Path

import attrs

from pushnet.grid.patch.limits import FILES_MAX
from pushnet.roles.releases.packer import Found


class FolderRefused(Exception):
    """The folder holds what cannot be published; the text names the place and the cure."""


@attrs.frozen
class Folder:
    """What was found."""

    files: tuple[Found, ...]
    empty: tuple[str, ...]
    """Folders with nothing in them."""

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


def read_folder(top: Path, exclude: Sequence[str] = ()) -> Folder:
    """Everything below `top`, but what matches a pattern of `exclude` (of a name or a whole path)."""
    if not top.is_dir():
        raise FolderRefused(f"{top} is no folder")
    files: list[Found] = []
    empty: list[str] = []
    waiting = [(top, "")]
    while waiting:
        folder, before = waiting.pop()
        items = sorted(os.scandir(folder), key=lambda item: item.name)
        kept = [item for item in items if not _left_out(item.name, before + item.name, exclude)]
        if not kept and before:
            empty.append(before.rstrip("/"))
        for item in kept:
            status = item.stat(follow_symlinks=False)
            path = before + item.name
            if stat.S_ISDIR(status.st_mode):
                waiting.append((folder / item.name, f"{path}/"))
            else:
                files.append(_found(folder / item.name, path, status))
        if len(files) > FILES_MAX:
            raise FolderRefused(f"{top} has more than {FILES_MAX} files: publish it in parts")
    return Folder(tuple(files), tuple(empty))


def _left_out(name: str, path: str, exclude: Sequence[str]) -> bool:
    return any(fnmatch(name, pattern) or fnmatch(path, pattern) for pattern in exclude)


def _found(place: Path, path: str, status: os.stat_result) -> Found:
    if stat.S_ISLNK(status.st_mode):
        raise FolderRefused(f"{place} is a link: put the file itself there, or leave it out with --exclude")
    if not stat.S_ISREG(status.st_mode):
        raise FolderRefused(f"{place} is a device, pipe or socket: leave it out with --exclude")
    if status.st_mode & (stat.S_ISUID | stat.S_ISGID):
        raise FolderRefused(f"{place} is setuid or setgid, which is not kept: take the mode away")
    return Found(path, status.st_size, bool(status.st_mode & stat.S_IXUSR), partial(_read, place))


def _read(place: Path) -> bytes:
    """The file, unless it has become a link meanwhile."""
    with open(os.open(place, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        return file.read()
