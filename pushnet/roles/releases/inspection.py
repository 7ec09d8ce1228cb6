"""Looks everything over that lies in a store: documents, objects, trees. Tells what is wrong, and the cure.

Blocking. What is told covers every byte: signatures for documents, digests for objects and files, and for
trees also what should not be there.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs

from pushnet.grid.patch.documents import Release
from pushnet.grid.patch.names import check_digest
from pushnet.grid.patch.refusals import Refused
from pushnet.grid.patch.trust import Trust
from pushnet.roles.releases.shelf import Shelf
from pushnet.stores.releases.trees import Tree


@attrs.frozen
class Fault:
    """One thing that is wrong."""

    place: str
    what: str
    cure: str = "fetch or publish it again"


def inspect(shelf: Shelf, told: Callable[[str], object] = lambda place: None) -> list[Fault]:
    """Everything that is wrong with a store."""
    faults = _documents(shelf)
    for digest, _ in sorted(shelf.objects.all().items()):
        told(digest)
        try:
            check_digest(digest)
            sound = shelf.objects.sound(digest)
        except Refused:
            sound = False
        if not sound:
            faults.append(
                Fault(
                    f"objects/{digest[:2]}/{digest}", "its bytes have another digest", "delete and fetch it"
                )
            )
    for tree in shelf.trees.staged():
        told(tree.folder)
        faults += inspect_tree(shelf, tree)
    return faults


def inspect_tree(shelf: Shelf, tree: Tree) -> list[Fault]:
    """What is wrong with a staged release: missing, changed or additional files, links, modes."""
    try:
        release = shelf.release(tree)
    except Refused as error:
        return [Fault(tree.folder, str(error), "stage the release again")]
    wanted = {file.path: file for file in release.files}
    folders = _folders(release)
    faults = []
    for entry in shelf.trees.entries(tree):
        place = f"{tree.folder}/{entry.path}"
        file = wanted.pop(entry.path, None) if entry.kind == "file" else None
        if entry.kind == "folder" and entry.path in folders:
            del folders[entry.path]
        elif file is None:
            faults.append(
                Fault(place, f"a {entry.kind} that is not of the release", "stage the release again")
            )
        elif (entry.size, entry.executable) != (file.size, file.executable):
            faults.append(Fault(place, "its size or mode is another", "stage the release again"))
        elif shelf.trees.digest(tree, entry.path) != file.sha256:
            faults.append(Fault(place, "its content is another", "stage the release again"))
    missing = [*wanted, *folders]
    return faults + [Fault(f"{tree.folder}/{path}", "it is missing") for path in missing]


def _documents(shelf: Shelf) -> list[Fault]:
    faults = []
    try:
        trust = _chain(shelf)
        believed = shelf.trust()
    except Refused as error:
        return [Fault("the documents", str(error), "restore them, or anchor the store anew")]
    listed = believed.snapshot.releases if believed.snapshot is not None else ()
    if believed.root != trust.root:
        faults.append(Fault("roots", "the newest root does not follow from those before it"))
    held = shelf.held()
    for each in listed:
        data = shelf.papers.release(each.name, each.version, each.counter)
        if data is None:
            continue  # a node has those that it staged
        place = f"releases/{each.name}/{each.version}@{each.counter}.json"
        try:
            release = believed.checked(each, data)
        except Refused as error:
            faults.append(Fault(place, str(error)))
            continue
        faults += _complete(shelf, release, held, place)
    return faults + _earlier(shelf)


def _earlier(shelf: Shelf) -> list[Fault]:
    """What is wrong with documents that may no longer count; they are signed all the same."""
    faults = []
    for number in shelf.papers.snapshots():
        try:
            shelf.snapshot(number)
        except Refused as error:
            faults.append(Fault(f"snapshots/{number}.json", str(error), "pushnet patch gc"))
    for name, version, counter in shelf.papers.releases():
        try:
            shelf.release(Tree(name, counter, version))
        except Refused as error:
            faults.append(Fault(f"releases/{name}/{version}@{counter}.json", str(error), "pushnet patch gc"))
    return faults


def _chain(shelf: Shelf) -> Trust:
    """Every root that is here, each believed by the one before."""
    numbers = shelf.papers.roots()
    shelf.roots()
    trust = Trust.anchored(shelf.papers.root(numbers[0]) or b"")
    for number in numbers[1:]:
        trust = trust.with_root(shelf.papers.root(number) or b"")
    return trust


def _complete(shelf: Shelf, release: Release, held: dict[str, tuple[Tree, str]], place: str) -> list[Fault]:
    """Whether each content of a release could be given, by the publisher or by a node that staged it."""
    objects = shelf.objects
    lacking = [
        file.path
        for file in release.files
        if file.sha256 not in held
        and objects.size(file.sha256) != file.size
        and not any(objects.size(pack.sha256) == pack.size for pack in file.packs if not pack.base)
    ]
    return [Fault(place, f"the content of {path} is not here") for path in lacking]


def _folders(release: Release) -> dict[str, None]:
    """All folders that a release needs."""
    found: dict[str, None] = dict.fromkeys(release.folders)
    for path in [*release.folders, *(file.path for file in release.files)]:
        parts = path.split("/")[:-1]
        found |= {"/".join(parts[:count]): None for count in range(1, len(parts) + 1)}
    return found
