"""Puts the files of a folder into a store: each new content whole, and as differences to earlier versions.

What an earlier release has travels as it did there: publishing the same file again is free. Blocking.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from pushnet.grid.patch.documents import FileEntry, Pack, Release
from pushnet.grid.patch.limits import FILE_BYTES_MAX
from pushnet.grid.patch.plan import bases_for
from pushnet.grid.patch.refusals import Refused
from pushnet.grid.patch.signing import digest_of
from pushnet.roles.releases.shelf import Shelf
from pushnet.stores.releases.packing import pack

WORTH = 0.9
"""A difference is kept when it is this much smaller than the whole, packed."""


class PublishRefused(Refused):
    """What was to be published cannot be, or not with these keys."""


@attrs.frozen
class Found:
    """A file of the folder that is published."""

    path: str
    size: int
    executable: bool
    read: Callable[[], bytes]


Told = Callable[[str, int], object]
"""Called with the path and size of each file that has been done."""


class Packer:
    """Stores the files of one release."""

    def __init__(self, shelf: Shelf, earlier: Sequence[Release], told: Told) -> None:
        self._shelf = shelf
        self._earlier = earlier
        self._known = {file.sha256: file for release in earlier for file in release.files}
        self._told = told
        self.contents_new = 0
        self.stored_bytes = 0

    def described(self, file: Found) -> FileEntry:
        """The file as an entry, without storing anything."""
        content = self._read(file)
        return FileEntry(file.path, len(content), digest_of(content), file.executable, ())

    def store(self, file: Found) -> FileEntry:
        """Keep a file's content and its packs, unless an earlier release has the content."""
        content = self._read(file)
        digest = digest_of(content)
        known = self._known.get(digest)
        if known is None or not self._here(known):
            self.contents_new += 1
            packs = self._packs(file.path, content)
            if not any(not each.base for each in packs):
                self._put(content)
            known = FileEntry(file.path, len(content), digest, file.executable, tuple(packs))
            self._known[digest] = known
        self._told(file.path, len(content))
        return FileEntry(file.path, len(content), digest, file.executable, known.packs)

    def _read(self, file: Found) -> bytes:
        if file.size > FILE_BYTES_MAX:
            raise PublishRefused(f"{file.path} has {file.size} bytes and may have {FILE_BYTES_MAX}")
        content = file.read()
        if len(content) > FILE_BYTES_MAX:
            raise PublishRefused(f"{file.path} has grown beyond {FILE_BYTES_MAX} bytes while it was read")
        return content

    def _packs(self, path: str, content: bytes) -> list[Pack]:
        """The whole, and differences to earlier contents, where they are smaller."""
        made: list[Pack] = []
        whole = pack(content)
        if len(whole) < len(content):
            made.append(Pack("", self._put(whole), len(whole)))
        least = min(len(whole), len(content))
        for file in bases_for(path, self._earlier):
            base = self._shelf.whole(file, {})
            difference = pack(content, base) if base else content
            if len(difference) < least * WORTH:
                made.append(Pack(file.sha256, self._put(difference), len(difference)))
        return made

    def _put(self, data: bytes) -> str:
        digest = self._shelf.objects.put(data)
        self.stored_bytes += len(data)
        return digest

    def _here(self, file: FileEntry) -> bool:
        """Whether the store can give that content."""
        objects = self._shelf.objects
        whole = any(objects.size(pack.sha256) == pack.size for pack in file.packs if not pack.base)
        return whole or objects.size(file.sha256) == file.size
