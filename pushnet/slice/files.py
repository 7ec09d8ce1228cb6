"""The files of a run: reading them, finding includes, and where their Python goes."""

from __future__ import annotations

import keyword
import os
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import attrs

from pushnet.slice.shipped import FOLDER, shipped


@attrs.frozen
class SourceFile:
    """A Slice file that was found."""

    path: Path
    """As it is shown in messages: as the caller named it, or the include directory and the name."""

    root: Path
    """The include directory that contains it; its own directory when none does."""

    @property
    def key(self) -> str:
        """The same for the same file, however it was reached."""
        return os.path.realpath(self.path)

    @property
    def relative(self) -> PurePosixPath:
        """The path below the root: `pushnet/queue.ice`."""
        return PurePosixPath(Path(self.key).relative_to(os.path.realpath(self.root)).as_posix())

    @property
    def title(self) -> str:
        """How generated code names its source: the root's last part and the path below, on any machine."""
        return str(PurePosixPath(Path(os.path.realpath(self.root)).name) / self.relative)

    @property
    def module_parts(self) -> tuple[str, ...]:
        """The Python module below the target package: `("pushnet", "queue")`."""
        return self.relative.with_suffix("").parts

    @property
    def unusable_part(self) -> str | None:
        """The part of the path that cannot be a Python name, if there is one."""
        for part in self.module_parts:
            if not part.isidentifier() or keyword.iskeyword(part):
                return part
        return None


class SourceFiles:
    """Finds and reads Slice files; each is read once."""

    def __init__(self, include_dirs: Sequence[Path]) -> None:
        self.include_dirs = tuple(include_dirs)
        self._texts: dict[str, bytes] = {}

    def place(self, path: Path) -> SourceFile:
        """The file at `path`, with the first include directory that contains it as its root."""
        real = os.path.realpath(path)
        for directory in self.include_dirs:
            if Path(real).is_relative_to(os.path.realpath(directory)):
                return SourceFile(path, directory)
        return SourceFile(path, path.parent)

    def find(self, name: str, includer: SourceFile, quoted: bool) -> SourceFile | None:
        """The file that `#include` means; with quotes the includer's own directory is tried first."""
        candidates = [directory / name for directory in self.include_dirs]
        if quoted:
            candidates.insert(0, includer.path.parent / name)
        for candidate in candidates:
            if candidate.is_file():
                return self.place(candidate)
        path = shipped(name)
        return None if path is None else SourceFile(path, FOLDER)

    def read(self, file: SourceFile) -> bytes:
        """The file's bytes. Raises `OSError`."""
        data = self._texts.get(file.key)
        if data is None:
            data = file.path.read_bytes()
            self._texts[file.key] = data
        return data
