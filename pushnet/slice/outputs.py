"""What a run has made, before any of it touches the disk: written all at once, or compared."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import attrs

_SUFFIX = ".slice2tx-new"


@attrs.frozen
class Outputs:
    """Texts by the path they belong at."""

    texts: Mapping[Path, str]

    def stale(self) -> list[Path]:
        """The files that are missing or differ from what they should be."""
        return [path for path, text in self.texts.items() if not _is_current(path, text)]

    def write(self) -> list[Path]:
        """Bring the disk up to date; files that are right already are left alone.

        Everything is written beside its place first and moved there only when all of it is on disk.

        Returns:
            The files that changed.

        Raises:
            OSError: Something could not be written. No file has changed, unless moving itself failed.
        """
        changed = self.stale()
        fresh: list[tuple[Path, Path]] = []
        try:
            for path in changed:
                path.parent.mkdir(parents=True, exist_ok=True)
                beside = path.with_name(path.name + _SUFFIX)
                fresh.append((beside, path))
                beside.write_bytes(self.texts[path].encode("utf-8"))
            for beside, path in fresh:
                os.replace(beside, path)
        finally:
            for beside, _ in fresh:
                beside.unlink(missing_ok=True)
        return changed


def _is_current(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() == text.encode("utf-8")
    except OSError:
        return False
