"""A folder of a storage is a storage: the same contract, and nothing outside is touched."""

from __future__ import annotations

import random
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.realworld_storage import FileStorage
from pushnet.sim.disk import SimDisk
from pushnet.stores.releases.within import Within
from tests.world.test_storage import FoldersContract


class WithinDiskTests(FoldersContract, SynchronousTestCase):
    def setUp(self) -> None:
        self.disk = SimDisk(random.Random(1))
        self.addCleanup(self.disk.discard)
        self.disk.append("outside", b"x")
        self.storage = Within(self.disk, "releases")

    def tearDown(self) -> None:
        self.assertEqual(self.disk.read("outside"), b"x")
        self.assertTrue(all(name.startswith(("outside", "releases/")) for name in self.disk.names()))

    def test_everything_else_is_passed_on_too(self) -> None:
        self.storage.replace("a", b"12")
        self.storage.fdatasync("a")
        self.assertEqual((self.storage.size("a"), self.storage.path("a")), (2, "/releases/a"))
        self.storage.delete("a")
        self.storage.connect_sqlite("db").close()
        self.assertEqual(self.disk.names(), ["outside", "releases/db"])


class WithinFilesTests(FoldersContract, SynchronousTestCase):
    def setUp(self) -> None:
        self.storage = Within(FileStorage(Path(self.mktemp())), "releases")

    def test_a_name_cannot_climb_out(self) -> None:
        self.assertRaises(ValueError, self.storage.read, "../outside")
