"""Staged trees and the one that runs. On real files and on the simulated disk."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.realworld_storage import FileStorage
from pushnet.sim.disk import SimDisk
from pushnet.stores.releases.trees import HISTORY_MAX, Tree, Trees

ONE, TWO, THREE = (Tree("broker", n, f"1.{n}.0") for n in (1, 2, 3))


class TreesContract:
    storage: Any
    assertEqual: Any
    assertIsNone: Any
    assertTrue: Any

    @property
    def trees(self) -> Trees:
        return Trees(self.storage)

    def stage(self, *trees: Tree) -> None:
        for tree in trees:
            self.trees.begin(tree)
            self.trees.add_folder(tree, "spool")
            self.trees.add_file(tree, "bin/run", tree.version.encode(), True)
            self.trees.finish(tree)

    def test_a_tree_counts_when_it_is_finished(self) -> None:
        self.trees.begin(ONE)
        self.trees.add_file(ONE, "a", b"1", False)
        self.assertEqual(self.trees.staged(), [])
        self.trees.finish(ONE)
        self.assertEqual((self.trees.staged(), self.trees.read(ONE, "a")), ([ONE], b"1"))
        self.assertEqual(self.trees.size(ONE, "a"), 1)
        self.assertEqual(len(self.trees.digest(ONE, "a")), 64)
        self.assertTrue(self.trees.path(ONE).endswith("trees/broker/1.1.0@1"))

    def test_trees_are_told_by_name_oldest_first(self) -> None:
        other = Tree("queue", 9, "1.0.0")
        self.stage(THREE, ONE, other)
        self.assertEqual(
            (self.trees.staged("broker"), self.trees.staged()), ([ONE, THREE], [ONE, THREE, other])
        )
        kinds = [(each.path, each.kind, each.executable) for each in self.trees.entries(ONE)]
        wanted = [("bin", "folder", False), ("bin/run", "file", True), ("spool", "folder", False)]
        self.assertEqual(kinds, wanted)

    def test_what_was_left_half_done_is_thrown_away(self) -> None:
        self.trees.begin(ONE)
        self.trees.add_file(ONE, "old", b"1", False)
        self.stage(ONE)
        self.assertEqual([each.path for each in self.trees.entries(ONE)], ["bin", "bin/run", "spool"])
        self.trees.begin(TWO)
        self.trees.tidy()
        self.assertEqual(self.storage.entries("staging"), [])
        self.assertEqual(self.trees.staged(), [ONE])

    def test_a_tree_is_taken_away_whole(self) -> None:
        self.stage(ONE, TWO)
        self.trees.delete(ONE)
        self.assertEqual(self.trees.staged(), [TWO])
        self.assertEqual(self.storage.entries("doomed"), [])

    def test_current_and_previous_follow_the_switches(self) -> None:
        self.stage(ONE, TWO, THREE)
        self.assertIsNone(self.trees.current("broker"))
        self.assertIsNone(self.trees.previous("broker"))
        for tree in (ONE, TWO, THREE, THREE):
            self.trees.switch(tree)
        self.assertEqual((self.trees.current("broker"), self.trees.previous("broker")), (THREE, TWO))
        self.assertEqual(self.trees.history("broker"), [THREE, TWO, ONE])

    def test_going_back_forgets_what_came_after(self) -> None:
        self.stage(ONE, TWO, THREE)
        for tree in (ONE, TWO, THREE, TWO):
            self.trees.switch(tree)
        self.assertEqual((self.trees.current("broker"), self.trees.previous("broker")), (TWO, ONE))

    def test_previous_is_never_what_is_not_here(self) -> None:
        self.stage(ONE, TWO, THREE)
        for tree in (ONE, TWO, THREE):
            self.trees.switch(tree)
        self.trees.delete(TWO)
        self.assertEqual(self.trees.previous("broker"), ONE)

    def test_a_switch_that_stopped_before_its_history_names_the_right_previous(self) -> None:
        self.stage(ONE, TWO, THREE)
        self.trees.switch(ONE)
        self.trees.switch(TWO)
        self.storage.point("current/broker", THREE.folder)
        self.assertEqual(self.trees.previous("broker"), TWO)

    def test_a_history_that_is_gone_or_damaged_is_empty(self) -> None:
        self.stage(ONE)
        self.trees.switch(ONE)
        for bad in (b"", b"{", b"[1]", b'[["a"]]', b"7"):
            self.storage.replace("history/broker.json", bad)
            self.assertEqual(self.trees.history("broker"), [])
            self.assertIsNone(self.trees.previous("broker"))

    def test_history_is_bounded(self) -> None:
        many = [Tree("broker", n, f"2.{n}") for n in range(1, HISTORY_MAX + 4)]
        self.stage(*many)
        for tree in many:
            self.trees.switch(tree)
        self.assertEqual(len(self.trees.history("broker")), HISTORY_MAX)


class TreesOnFilesTests(TreesContract, SynchronousTestCase):
    def setUp(self) -> None:
        self.storage = FileStorage(Path(self.mktemp()))

    def test_the_current_tree_is_found_by_programs(self) -> None:
        self.stage(ONE)
        self.trees.switch(ONE)
        program = Path(self.storage.path("current/broker"), "bin/run")
        self.assertEqual((program.read_bytes(), program.stat().st_mode & 0o777), (b"1.1.0", 0o755))


class SimulatedTreesTests(TreesContract, SynchronousTestCase):
    def setUp(self) -> None:
        self.storage = SimDisk(random.Random(1))
        self.addCleanup(self.storage.discard)
