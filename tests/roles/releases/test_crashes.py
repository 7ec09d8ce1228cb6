"""The machine stops at each operation of its disk, one after the other: a whole version is there, always."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.realworld_storage import FileStorage
from pushnet.roles.releases.inspection import inspect, inspect_tree
from pushnet.roles.releases.library import Library
from pushnet.roles.releases.publisher import Publisher
from pushnet.roles.releases.shelf import Shelf
from pushnet.sim import Simulation
from pushnet.sim.disk import SimDisk
from pushnet.world import Storage
from tests.roles.releases.workshop import FILES, NOW_S, Mirror, Node, Workshop, found

CHANGES = frozenset(
    (
        "append",
        "fdatasync",
        "replace",
        "delete",
        "make_folder",
        "delete_folder",
        "rename",
        "point",
        "set_executable",
    )
)
NEW = {**FILES, "readme": b"new words", "bin/run": b"#!/bin/sh\nexec false\n", "bin/more": b"#!/bin/sh\n"}
del NEW["lib/noise"]


class PowerCut(BaseException):
    """The machine stopped."""


class Fragile:
    """A storage whose power goes at the operation of that number, half of the times after it was done."""

    def __init__(self, storage: Any, cut_at: int) -> None:
        self._storage = storage
        self._cut_at = cut_at
        self.count = 0

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method: Callable[..., Any] = getattr(self._storage, name)
        if name not in CHANGES:
            return method

        def counted(*args: Any) -> Any:
            self.count += 1
            if self.count > self._cut_at:
                raise PowerCut(name)
            if self.count < self._cut_at:
                return method(*args)
            if self._cut_at % 2:
                method(*args)
            raise PowerCut(name)

        return counted


class CrashTests(SynchronousTestCase):
    def test_a_node_runs_the_old_version_or_the_new_one_wherever_staging_and_switching_stopped(self) -> None:
        cuts = self.cut_everywhere(self.after_upgrade)
        self.assertGreater(cuts, 30)

    def cut_everywhere(self, check: Callable[[int], bool]) -> int:
        cut_at = 1
        while check(cut_at):
            cut_at += 1
            self.assertLess(cut_at, 400, "it ends some time")
        return cut_at

    def after_upgrade(self, cut_at: int) -> bool:
        """Upgrade with the power cut there, and look. False when it came to its end before."""
        simulation = Simulation(cut_at)
        try:
            return self.upgraded(simulation, cut_at)
        finally:
            simulation.close()

    def upgraded(self, simulation: Simulation, cut_at: int, files: Storage | None = None) -> bool:
        workshop = Workshop()
        workshop.publish("1.0.0")
        node = Node(simulation, workshop, storage=files)
        node.stage("1.0.0", Mirror(workshop.shelf))
        node.run(node.library.activate("broker", "1.0.0"))
        workshop.publish("1.1.0", NEW, folders=["spool"])
        finished = self.upgrade(node, workshop, cut_at)
        node.reboot()
        library = node.library
        current = library.current("broker")
        assert current is not None, "something always runs"
        self.assertIn(current.version, ("1.0.0", "1.1.0"))
        for tree in library.shelf.trees.staged():
            self.assertEqual(inspect_tree(library.shelf, tree), [], f"{tree} after cut {cut_at}")
        self.assertEqual(node.files(current.version), FILES if current.version == "1.0.0" else NEW)
        self.assertEqual(finished and current.version != "1.1.0", False)
        node.stage("1.1.0", Mirror(workshop.shelf))
        node.run(library.activate("broker", "1.1.0"))
        self.assertEqual(node.files("1.1.0"), NEW)
        previous = library.previous("broker")
        self.assertEqual(previous and previous.version, "1.0.0")
        node.run(library.tidy())
        self.assertEqual(inspect(library.shelf), [])
        return not finished

    def upgrade(self, node: Node, workshop: Workshop, cut_at: int) -> bool:
        fragile = Fragile(node.world.storage, cut_at)
        node.world.storage = fragile
        library = Library(node.world)
        try:
            node.run(library.stage("broker", "1.1.0", [Mirror(workshop.shelf)]))
            node.run(library.activate("broker", "1.1.0"))
        except PowerCut:
            return False
        finally:
            node.world.storage = fragile._storage
        return True

    def test_it_is_the_same_on_real_files(self) -> None:
        for cut_at in range(1, 41, 6):
            folder = Path(self.mktemp())
            simulation = Simulation(cut_at)
            self.upgraded(simulation, cut_at, FileStorage(folder))
            simulation.close()
            links = [path for path in folder.rglob("*") if path.is_symlink()]
            self.assertEqual([path.name for path in links], ["broker"])

    def test_a_publisher_that_stopped_anywhere_has_published_all_of_it_or_nothing(self) -> None:
        self.assertGreater(self.cut_everywhere(self.after_publish), 12)

    def after_publish(self, cut_at: int) -> bool:
        disk = SimDisk(random.Random(cut_at))
        workshop = Workshop(disk)
        workshop.publish("1.0.0")
        before = [each.version for each in workshop.publisher().documents()]
        fragile = Fragile(disk, cut_at)
        publisher = Publisher(Shelf(fragile), NOW_S)
        finished = True
        try:
            publisher.publish("broker", "1.1.0", found(NEW), [], workshop.keys)
        except PowerCut:
            finished = False
        disk.power_lost()
        versions = [each.version for each in workshop.publisher().documents()]
        self.assertIn(versions, (before, [*before, "1.1.0"]))
        self.assertEqual(inspect(workshop.shelf), [], f"after cut {cut_at}")
        workshop.publish("1.1.0", NEW)
        self.assertEqual([each.version for each in workshop.publisher().documents()], ["1.0.0", "1.1.0"])
        disk.discard()
        return not finished

    def test_a_change_of_keys_that_stopped_anywhere_is_finished_by_a_refresh(self) -> None:
        self.assertGreater(self.cut_everywhere(self.after_rotation), 3)

    def after_rotation(self, cut_at: int) -> bool:
        disk = SimDisk(random.Random(cut_at))
        workshop = Workshop(disk, release_keys=2)
        workshop.publish("1.0.0")
        root = workshop.shelf.trust().root
        gone = workshop.release_keys[0].id
        left = tuple(key for key in root.rules["release"].keys if key != gone)
        rules = {**root.rules, "release": type(root.rules["release"])(left, 1)}
        finished = True
        try:
            Publisher(Shelf(Fragile(disk, cut_at)), NOW_S).change_root(
                root.keys, rules, [workshop.root], workshop.keys
            )
        except PowerCut:
            finished = False
        disk.power_lost()
        workshop.publisher().refresh(workshop.keys)
        self.assertEqual(inspect(workshop.shelf), [], f"after cut {cut_at}")
        self.assertEqual([each.version for each in workshop.publisher().documents()], ["1.0.0"])
        disk.discard()
        return not finished
