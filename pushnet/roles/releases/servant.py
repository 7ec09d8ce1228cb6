"""The contract `Releases` onto a shelf: documents and objects to whoever asks; they are no secrets.

An object is what lies under its digest: a pack or content, a document that counts today, or a file of a
staged tree. What is read is not checked here: whoever asked does. Answers have `CHUNK_BYTES_MAX` at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from twisted.internet.defer import Deferred

from pushnet.gen.pushnet.release import NotHereException, ReleasesServant
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.patch.limits import CHUNK_BYTES_MAX, HAVE_MAX
from pushnet.grid.patch.names import check_digest
from pushnet.grid.patch.refusals import Refused
from pushnet.grid.patch.signing import digest_of
from pushnet.roles.releases.shelf import Shelf
from pushnet.rpc.stubs import Current
from pushnet.stores.releases.trees import Tree
from pushnet.world import Worker

T = TypeVar("T")


class ReleasesI(ReleasesServant):
    """Serves `Releases`."""

    def __init__(self, shelf: Shelf, worker: Worker) -> None:
        self._shelf = shelf
        self._worker = worker
        self._today: tuple[object, dict[str, bytes]] = (None, {})
        self._trees: tuple[list[Tree], dict[str, tuple[Tree, str]]] = ([], {})

    async def root(self, number: int, current: Current | None = None) -> bytes:
        found = await self._from_disk(self._worker.submit(self._shelf.papers.root, number))
        if found is None:
            raise NotHereException(f"there is no root {number}")
        return found

    async def timestamp(self, current: Current | None = None) -> bytes:
        found = await self._from_disk(self._worker.submit(self._shelf.papers.timestamp))
        if found is None:
            raise NotHereException("nothing was published here")
        return found

    async def have(self, digests: Sequence[str], current: Current | None = None) -> list[int]:
        asked = list(digests[:HAVE_MAX])
        sizes = await self._from_disk(self._worker.submit(self._sizes, asked))
        return sizes + [-1] * (len(digests) - len(asked))

    async def read(self, digest: str, offset: int, size: int, current: Current | None = None) -> bytes:
        wanted = min(max(size, 0), CHUNK_BYTES_MAX)
        found = await self._from_disk(self._worker.submit(self._read, digest, max(offset, 0), wanted))
        if found is None:
            raise NotHereException(f"the object {digest[:64]} is not here")
        return found

    async def _from_disk(self, work: Deferred[T]) -> T:
        try:
            return await work
        except OSError as error:
            raise UnavailableException(f"the disk: {error}") from error

    def _sizes(self, digests: list[str]) -> list[int]:
        self._look_again()
        return [self._size(digest) for digest in digests]

    def _size(self, digest: str) -> int:
        """In the worker, as what follows."""
        try:
            check_digest(digest)
        except Refused:
            return -1
        size = self._shelf.objects.size(digest)
        if size >= 0:
            return size
        if digest in self._today[1]:
            return len(self._today[1][digest])
        placed = self._trees[1].get(digest)
        return -1 if placed is None else self._shelf.trees.size(*placed)

    def _read(self, digest: str, offset: int, size: int) -> bytes | None:
        try:
            check_digest(digest)
            return self._shelf.objects.read(digest, offset, size)
        except Refused:
            return None
        except FileNotFoundError:
            pass
        if digest not in self._today[1] and digest not in self._trees[1]:
            self._look_again()
        if digest in self._today[1]:
            return self._today[1][digest][offset : offset + size]
        placed = self._trees[1].get(digest)
        return None if placed is None else self._shelf.trees.read(*placed, offset, size)

    def _look_again(self) -> None:
        """See which documents and trees are here now."""
        papers = self._shelf.papers
        known = (papers.timestamp(), papers.releases())
        if known != self._today[0]:
            found = [papers.snapshot(number) for number in papers.snapshots()]
            found += [papers.release(*each) for each in known[1]]
            self._today = (known, {digest_of(data): data for data in found if data is not None})
        trees = self._shelf.trees.staged()
        if trees != self._trees[0]:
            self._trees = (trees, self._shelf.held())
