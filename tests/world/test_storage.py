"""One suite for folders, pointers and kinds of files: real files and the simulated disk keep the contract."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.realworld_storage import FileStorage
from pushnet.sim.disk import SimDisk
from pushnet.world import Entry


class FoldersContract:
    """What both storages promise."""

    storage: Any
    assertEqual: Any
    assertRaises: Any

    def test_a_folder_tells_what_is_in_it_with_kinds_and_sizes(self) -> None:
        self.storage.append("trees/a/bin/run", b"#!")
        self.storage.set_executable("trees/a/bin/run", True)
        self.storage.append("trees/a/readme", b"words")
        self.storage.make_folder("trees/a/empty/deep")
        self.storage.point("trees/a/latest", "trees/a/bin")
        self.assertEqual(
            self.storage.entries("trees/a"),
            [
                Entry("bin", "folder"),
                Entry("bin/run", "file", 2, True),
                Entry("empty", "folder"),
                Entry("empty/deep", "folder"),
                Entry("latest", "pointer"),
                Entry("readme", "file", 5),
            ],
        )
        self.assertEqual(self.storage.entries("nothing"), [])
        self.assertEqual(
            [entry.path for entry in self.storage.entries()],
            ["trees", "trees/a"]
            + [f"trees/a/{name}" for name in ("bin", "bin/run", "empty", "empty/deep", "latest", "readme")],
        )

    def test_a_reserved_file_has_its_room_from_the_start_and_keeps_what_is_written_over_it(self) -> None:
        file = self.storage.reserve("logs/journal", 10)
        self.assertEqual(self.storage.read("logs/journal"), bytes(10))
        file.write(3, b"abc")
        file.write(4, b"B")
        file.fdatasync()
        file.close()
        again = self.storage.reserve("logs/journal", 10)
        again.close()
        self.assertEqual(self.storage.read("logs/journal"), b"\0\0\0aBc\0\0\0\0")
        self.storage.reserve("logs/journal", 20).close()
        self.assertEqual(self.storage.read("logs/journal"), bytes(20))

    def test_a_file_is_renamed_over_another(self) -> None:
        self.storage.append("a", b"new")
        self.storage.append("deep/b", b"old")
        self.storage.rename("a", "deep/b")
        self.assertEqual((self.storage.names(), self.storage.read("deep/b")), (["deep/b"], b"new"))
        self.assertRaises(FileNotFoundError, self.storage.rename, "a", "c")

    def test_a_folder_is_renamed_with_all_that_is_in_it_and_takes_no_taken_place(self) -> None:
        self.storage.append("work/x/1", b"1")
        self.storage.append("work/y", b"2")
        self.storage.append("work2", b"a neighbour")
        self.storage.rename("work", "trees/v1")
        self.assertEqual(self.storage.names(), ["trees/v1/x/1", "trees/v1/y", "work2"])
        self.storage.append("work/z", b"3")
        self.assertRaises(OSError, self.storage.rename, "work", "trees/v1")
        self.assertEqual(self.storage.read("work/z"), b"3")

    def test_a_folder_is_deleted_with_all_that_is_in_it_and_nothing_else(self) -> None:
        self.storage.append("trees/v1/a", b"1")
        self.storage.append("trees/v10/a", b"2")
        self.storage.point("trees/v1/other", "trees/v10")
        self.storage.delete_folder("trees/v1")
        self.assertEqual(self.storage.names(), ["trees/v10/a"])
        self.assertRaises(FileNotFoundError, self.storage.delete_folder, "trees/v1")

    def test_a_pointer_is_turned_to_another_folder(self) -> None:
        for version in ("1", "2"):
            self.storage.append(f"trees/{version}/a", b"")
            self.storage.point("current/broker", f"trees/{version}")
            self.assertEqual(self.storage.pointed("current/broker"), f"trees/{version}")
        self.assertRaises(FileNotFoundError, self.storage.pointed, "current/queue")
        self.assertEqual(self.storage.entries("current"), [Entry("broker", "pointer")])
        self.assertEqual(self.storage.names(), ["trees/1/a", "trees/2/a"])

    def test_names_below_a_folder_are_found_by_any_prefix(self) -> None:
        for name in ("a/b/1", "a/b/2", "a/bc", "d"):
            self.storage.append(name, b"x")
        self.assertEqual(self.storage.names("a/b"), ["a/b/1", "a/b/2", "a/bc"])
        self.assertEqual(self.storage.names("a/b/"), ["a/b/1", "a/b/2"])
        self.assertEqual(self.storage.names("none/b"), [])


class FilesTests(FoldersContract, SynchronousTestCase):
    def setUp(self) -> None:
        self.folder = Path(self.mktemp())
        self.storage = FileStorage(self.folder)

    def test_programs_find_what_a_pointer_points_to(self) -> None:
        self.storage.append("trees/1/run", b"#!")
        self.storage.point("current/broker", "trees/1")
        self.assertEqual(Path(self.storage.path("current/broker"), "run").read_bytes(), b"#!")

    def test_links_and_pipes_are_told_as_what_they_are_and_never_followed(self) -> None:
        self.storage.make_folder("tree")
        os.mkfifo(self.folder / "tree/pipe")
        (self.folder / "tree/link").symlink_to("/etc/passwd")
        (self.folder / "tree/out").symlink_to("/etc")
        kinds = [(entry.path, entry.kind) for entry in self.storage.entries("tree")]
        self.assertEqual(kinds, [("link", "pointer"), ("out", "pointer"), ("pipe", "special")])
        self.assertRaises(OSError, self.storage.fdatasync, "tree/link")
        self.assertRaises(OSError, self.storage.set_executable, "tree/link", True)

    def test_the_host_s_path_is_absolute(self) -> None:
        self.assertEqual(self.storage.path("a/b"), str(self.folder.absolute() / "a/b"))


class DiskTests(FoldersContract, SynchronousTestCase):
    def setUp(self) -> None:
        self.storage = SimDisk(random.Random(1))
        self.addCleanup(self.storage.discard)

    def test_what_was_renamed_without_a_sync_is_cut_when_the_power_goes(self) -> None:
        sizes = {self.size_after(seed, sync=False) for seed in range(30)}
        self.assertEqual(sorted(sizes), [0, 1, 2, 3])
        self.assertEqual(self.size_after(1, sync=True), 3)

    def size_after(self, seed: int, sync: bool) -> int:
        disk = SimDisk(random.Random(seed))
        self.addCleanup(disk.discard)
        disk.append("a", b"abc")
        if sync:
            disk.fdatasync("a")
        disk.rename("a", "b")
        disk.power_lost()
        return disk.size("b")
