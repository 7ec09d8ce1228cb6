"""What of a release must travel: for each content that is missing here the cheapest way that can be unpacked.

A content (the bytes of a file, named by their sha256) travels once, however many files have it. What lies
here already, in any release, does not travel. A difference is worth asking for where its base lies here.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

import attrs

from pushnet.grid.patch.documents import FileEntry, Release

BASES_MAX = 3
"""Earlier versions that a publisher makes differences to: those that nodes are likely to run."""


@attrs.frozen
class Way:
    """How one missing content comes here: an object to fetch, and what to make of it."""

    content: str
    size: int
    object: str
    """The sha256 of what travels: the content itself, or a pack of it."""
    object_size: int
    base: str = ""
    """The content it is the difference to."""

    @property
    def packed(self) -> bool:
        return self.object != self.content


def ways(release: Release, held: Container[str]) -> list[Way]:
    """How to come by what of a release is not held, sorted by content."""
    missing = {file.sha256: file for file in release.files if file.sha256 not in held}
    return [_cheapest(missing[content], held) for content in sorted(missing)]


def plainly(way: Way) -> Way:
    """The same content as it is, for when no source has the pack."""
    return Way(way.content, way.size, way.content, way.size)


def every_way(release: Release, content: str, held: Container[str]) -> list[Way]:
    """All ways that could be unpacked here, the cheapest first; the content as it is among them."""
    file = next(file for file in release.files if file.sha256 == content)
    return sorted(_ways_of(file, held), key=lambda way: (way.object_size, way.object))


def bytes_to_move(found: Iterable[Way]) -> int:
    return sum(way.object_size for way in found)


def bases_for(path: str, earlier: Sequence[Release]) -> list[FileEntry]:
    """Which earlier contents a new content of `path` may resemble, the likeliest first.

    The file of that path in the newest `BASES_MAX` releases; or, where none has one, a file of the newest
    release with the same last part: it was moved.
    """
    recent = sorted(earlier, key=lambda release: -release.counter)[:BASES_MAX]
    same = [file for release in recent for file in release.files if file.path == path]
    if not same and recent:
        last = path.rpartition("/")[2]
        moved = [file for file in recent[0].files if file.path.rpartition("/")[2] == last]
        same = moved if len(moved) == 1 else []
    return list({file.sha256: file for file in same}.values())


def objects_of(release: Release) -> dict[str, int]:
    """Everything that a release may be asked for, with sizes: its contents and their packs."""
    found = {file.sha256: file.size for file in release.files}
    return found | {pack.sha256: pack.size for file in release.files for pack in file.packs}


def _cheapest(file: FileEntry, held: Container[str]) -> Way:
    return min(_ways_of(file, held), key=lambda way: (way.object_size, way.object))


def _ways_of(file: FileEntry, held: Container[str]) -> list[Way]:
    plain = Way(file.sha256, file.size, file.sha256, file.size)
    return [plain] + [
        Way(file.sha256, file.size, pack.sha256, pack.size, pack.base)
        for pack in file.packs
        if not pack.base or pack.base in held
    ]
