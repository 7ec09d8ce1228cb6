"""Staged releases as trees of files, and which of them runs.

A tree is put together in `staging/`, every file synced, and gets its place by one rename: what lies in
`trees/` is complete. `current/<name>` points to the tree that runs and is turned by one rename. The history
is written after the turn, so that `previous` never names what has not run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import PurePosixPath

import attrs

from pushnet.world import Entry, Storage

HISTORY_MAX = 16
"""Versions that are remembered; as many steps back as anybody has taken."""


@attrs.frozen(order=True)
class Tree:
    """A staged release."""

    name: str
    counter: int
    version: str

    @property
    def folder(self) -> str:
        return f"trees/{self.name}/{self.version}@{self.counter}"

    @property
    def staging(self) -> str:
        return f"staging/{self.name}/{self.version}@{self.counter}"


class Trees:
    """Trees in a storage. Blocking."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def staged(self, name: str = "") -> list[Tree]:
        """The complete trees, of one name or of all, oldest first."""
        found = self._storage.entries("trees")
        trees = [_tree(each.path) for each in found if each.kind == "folder" and each.path.count("/") == 1]
        return sorted(tree for tree in trees if name in ("", tree.name))

    def begin(self, tree: Tree) -> None:
        """Start to put a tree together; what is left of an earlier try is thrown away."""
        self._clear(f"staging/{tree.name}")
        self._storage.make_folder(tree.staging)

    def add_folder(self, tree: Tree, path: str) -> None:
        self._storage.make_folder(f"{tree.staging}/{path}")

    def add_file(self, tree: Tree, path: str, content: bytes, executable: bool) -> None:
        name = f"{tree.staging}/{path}"
        self._storage.append(name, content)
        self._storage.set_executable(name, executable)
        self._storage.fdatasync(name)

    def finish(self, tree: Tree) -> None:
        """Everything has been added: the tree counts from now on."""
        self._storage.rename(tree.staging, tree.folder)

    def entries(self, tree: Tree) -> list[Entry]:
        return self._storage.entries(tree.folder)

    def read(self, tree: Tree, path: str, offset: int = 0, size: int = -1) -> bytes:
        return self._storage.read(f"{tree.folder}/{path}", offset, size)

    def size(self, tree: Tree, path: str) -> int:
        return self._storage.size(f"{tree.folder}/{path}")

    def digest(self, tree: Tree, path: str) -> str:
        return hashlib.sha256(self.read(tree, path)).hexdigest()

    def path(self, tree: Tree) -> str:
        """Where programs of this machine find the tree."""
        return self._storage.path(tree.folder)

    def delete(self, tree: Tree) -> None:
        """Take the tree away. By a rename first, so that no half of it counts."""
        self._clear("doomed")
        self._storage.rename(tree.folder, f"doomed/{tree.name}")
        self._storage.delete_folder("doomed")

    def keep_only(self, tree: Tree, files: Sequence[str], folders: Sequence[str]) -> None:
        """Take away what a tree holds besides these files and folders, and the folders that files are in."""
        wanted = dict.fromkeys([*files, *folders])
        above = {str(parent): None for path in wanted for parent in PurePosixPath(path).parents}
        gone: list[str] = []
        for entry in self.entries(tree):
            if entry.path in wanted or entry.path in above or any(entry.path.startswith(it) for it in gone):
                continue
            name = f"{tree.folder}/{entry.path}"
            if entry.kind == "folder":
                self._storage.delete_folder(name)
                gone.append(f"{entry.path}/")
            else:
                self._storage.delete(name)

    def tidy(self) -> None:
        """Throw away what was being put together or taken away when the machine stopped."""
        self._clear("doomed")
        for each in self._storage.entries("staging"):
            if each.kind == "folder" and "/" not in each.path:
                self._storage.delete_folder(f"staging/{each.path}")

    def _clear(self, folder: str) -> None:
        if self._storage.entries(folder):
            self._storage.delete_folder(folder)

    def current(self, name: str) -> Tree | None:
        """The tree that runs, or is to run with the next start."""
        try:
            return _tree(self._storage.pointed(f"current/{name}").removeprefix("trees/"))
        except FileNotFoundError:
            return None

    def switch(self, tree: Tree) -> None:
        """Let `current` be this tree. Going back to one that ran before forgets what came after it."""
        was, history = self.current(tree.name), self.history(tree.name)
        if tree in history:
            before = history[history.index(tree) + 1 :]
        else:
            before = [was, *(each for each in history if each != was)] if was else history
        self._storage.point(f"current/{tree.name}", tree.folder)
        kept = [[each.version, each.counter] for each in [tree, *before][:HISTORY_MAX]]
        self._storage.replace(f"history/{tree.name}.json", json.dumps(kept).encode())

    def history(self, name: str) -> list[Tree]:
        """What ran, newest first, as far as it is remembered; the current one among them."""
        try:
            kept = json.loads(self._storage.read(f"history/{name}.json"))
            return [Tree(name, int(counter), str(version)) for version, counter in kept]
        except (FileNotFoundError, ValueError, TypeError):
            return []

    def previous(self, name: str) -> Tree | None:
        """What ran before the current one and is still here: where a roll goes back to."""
        current, here = self.current(name), self.staged(name)
        history = self.history(name)
        after = history[history.index(current) + 1 :] if current in history else history
        return next((tree for tree in after if tree in here and tree != current), None)


def _tree(path: str) -> Tree:
    name, _, label = path.partition("/")
    version, _, counter = label.rpartition("@")
    return Tree(name, int(counter), version)
