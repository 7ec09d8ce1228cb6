"""One machine's releases: the rules of `pushnet.grid.patch` over the storage of `pushnet.stores.releases`.

Blocking: a library or a publisher calls it through a worker. Nothing that lies here is believed for lying
here: documents are verified when they are read, contents are hashed before they are used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pushnet.grid.patch.documents import FileEntry, Release, Root, Snapshot, Timestamp
from pushnet.grid.patch.limits import FILE_BYTES_MAX
from pushnet.grid.patch.plan import Way, objects_of
from pushnet.grid.patch.refusals import Malformed, NotSigned, Refused
from pushnet.grid.patch.signing import D, digest_of, verify
from pushnet.grid.patch.trust import Trust
from pushnet.stores.releases.objects import ObjectDamaged, Objects
from pushnet.stores.releases.packing import PackDamaged, unpack
from pushnet.stores.releases.papers import Papers
from pushnet.stores.releases.trees import Tree, Trees
from pushnet.world import Storage


class NoAnchor(Refused):
    """This store has no root document: nobody has said yet whom it may believe."""


class Shelf:
    """Documents, objects and trees of one storage."""

    def __init__(self, storage: Storage) -> None:
        self.objects = Objects(storage)
        self.papers = Papers(storage)
        self.trees = Trees(storage)

    def roots(self) -> list[Root]:
        """The roots that this machine believes or has believed, newest first. Raises `Refused`."""
        numbers = self.papers.roots()
        if not numbers:
            raise NoAnchor(
                "there is no root document here: make keys (pushnet patch keys make), "
                "or name the publisher's root file (--root)"
            )
        found = []
        for number in reversed(numbers):
            root = Trust.anchored(self.papers.root(number) or b"").root
            if root.number != number:
                raise Malformed(f"roots/{number}.json holds root {root.number}")
            found.append(root)
        return found

    def trust(self) -> Trust:
        """What this machine believes, as far as it has written it down. Raises `Refused`."""
        return self._trust(self.roots()[:1])

    def published(self) -> Trust:
        """As `trust`, while documents signed under earlier roots wait to be signed anew."""
        return self._trust(self.roots())

    def release(self, tree: Tree) -> Release:
        """The document of a release here, signed by keys that this machine believes or has believed."""
        what = f"the document of release {tree.name} {tree.version}"
        data = self.papers.release(tree.name, tree.version, tree.counter)
        if data is None:
            raise Malformed(f"{what} is gone: stage the release again")
        release = _verified(data, Release, self.roots(), what)
        if Tree(release.name, release.counter, release.version) != tree:
            raise Malformed(f"{what} is of {release.name} {release.version}")
        return release

    def snapshot(self, number: int) -> Snapshot:
        """A snapshot that is here, signed by keys that this machine believes or has believed."""
        what = f"snapshot {number}"
        snapshot = _verified(self.papers.snapshot(number) or b"", Snapshot, self.roots(), what)
        if snapshot.number != number:
            raise Malformed(f"{what} calls itself {snapshot.number}")
        return snapshot

    def _trust(self, roots: list[Root]) -> Trust:
        told = self.papers.timestamp()
        if told is None:
            return Trust(roots[0])
        timestamp = _verified(told, Timestamp, roots, "timestamp.json")
        data = self.papers.snapshot(timestamp.snapshot)
        if data is None:
            return Trust(roots[0], timestamp)
        if digest_of(data) != timestamp.sha256:
            raise Malformed(f"snapshots/{timestamp.snapshot}.json is not what timestamp.json names")
        snapshot = _verified(data, Snapshot, roots, f"snapshots/{timestamp.snapshot}.json")
        return Trust(roots[0], timestamp, snapshot)

    def held(self) -> dict[str, tuple[Tree, str]]:
        """The contents in staged trees: where each lies."""
        found: dict[str, tuple[Tree, str]] = {}
        for tree in self.trees.staged():
            try:
                release = self.release(tree)
            except Refused:
                continue
            found |= {file.sha256: (tree, file.path) for file in release.files}
        return found

    def content(self, digest: str, size: int, held: dict[str, tuple[Tree, str]]) -> bytes | None:
        """A content that lies here as it is, checked; None when it does not, or is damaged. Size -1: any."""
        if self.objects.size(digest) in ((size,) if size >= 0 else range(FILE_BYTES_MAX + 1)):
            try:
                return self.objects.get(digest)
            except ObjectDamaged:
                self.objects.delete(digest)
        if digest in held:
            tree, path = held[digest]
            try:
                data = self.trees.read(tree, path)
            except OSError:
                return None
            return data if digest_of(data) == digest else None
        return None

    def unpacked(self, way: Way, held: dict[str, tuple[Tree, str]]) -> bytes:
        """The content that a fetched pack holds, checked. Raises `Refused`."""
        try:
            packed = self.objects.get(way.object)
            base = self.content(way.base, -1, held) if way.base else b""
            if base is None:
                raise Malformed(f"the content {way.base[:12]}, which a difference is to, is gone or damaged")
            content = unpack(packed, way.size, base)
        except (ObjectDamaged, PackDamaged, FileNotFoundError) as error:
            raise Malformed(str(error)) from error
        if digest_of(content) != way.content:
            raise Malformed(f"the pack {way.object[:12]} does not hold the content {way.content[:12]}")
        return content

    def whole(self, file: FileEntry, held: dict[str, tuple[Tree, str]]) -> bytes | None:
        """The content of a file of a publisher's store: as it is, or out of its pack of the whole."""
        content = self.content(file.sha256, file.size, held)
        packs = [pack for pack in file.packs if not pack.base and self.objects.size(pack.sha256) >= 0]
        if content is not None or not packs:
            return content
        way = Way(file.sha256, file.size, packs[0].sha256, packs[0].size)
        return self.unpacked(way, held)

    def clear_objects(self, kept: Iterable[Release]) -> tuple[int, int]:
        """Delete every object that none of these releases names; how many, and their bytes."""
        wanted: dict[str, int] = {}
        for release in kept:
            wanted |= objects_of(release)
        gone = {digest: size for digest, size in self.objects.all().items() if digest not in wanted}
        for digest in gone:
            self.objects.delete(digest)
        for digest in self.objects.partial():
            if digest not in wanted:
                self.objects.discard(digest)
        return len(gone), sum(gone.values())


def _verified(data: bytes, kind: type[D], roots: Sequence[Root], what: str) -> D:
    """The document, when one of the roots believes it."""
    for root in roots[:-1]:
        try:
            return verify(data, kind, root, what)
        except NotSigned:
            continue
    return verify(data, kind, roots[-1], what)
