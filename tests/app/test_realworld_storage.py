"""Files and databases in a real folder."""

import os
import sqlite3
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.realworld_storage import FileStorage, FolderTaken, claim, replace_file


class FileStorageTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.folder = Path(self.mktemp())
        self.storage = FileStorage(self.folder)

    def test_the_folder_is_its_owner_s_alone(self) -> None:
        self.assertEqual(self.folder.stat().st_mode & 0o777, 0o700)

    def test_appended_data_is_read_back_from_any_offset(self) -> None:
        self.storage.append("log/1", b"abc")
        self.storage.append("log/1", b"def")
        self.storage.fdatasync("log/1")
        self.assertEqual(self.storage.read("log/1"), b"abcdef")
        self.assertEqual(self.storage.read("log/1", 2, 3), b"cde")
        self.assertEqual(self.storage.size("log/1"), 6)

    def test_replacing_leaves_the_new_content_and_no_neighbour(self) -> None:
        self.storage.replace("state", b"old")
        self.storage.replace("state", b"new")
        self.assertEqual(self.storage.read("state"), b"new")
        self.assertEqual([path.name for path in self.folder.iterdir()], ["state"])

    def test_a_file_that_the_configuration_names_is_replaced_whole_and_leaves_no_neighbour(self) -> None:
        folder = Path(self.mktemp())
        folder.mkdir()
        for text in (b"one", b"another"):
            replace_file(folder / "m1.pem", text)
            self.assertEqual((folder / "m1.pem").read_bytes(), text)
        self.assertEqual([path.name for path in folder.iterdir()], ["m1.pem"])
        self.assertRaises(OSError, replace_file, folder / "absent" / "m1.pem", b"")

    def test_names_are_sorted_and_start_with_the_prefix(self) -> None:
        for name in ("b/2", "a", "b/1", "bb"):
            self.storage.append(name, b"x")
        self.assertEqual(self.storage.names(), ["a", "b/1", "b/2", "bb"])
        self.assertEqual(self.storage.names("b/"), ["b/1", "b/2"])

    def test_what_was_deleted_is_gone(self) -> None:
        self.storage.append("a", b"x")
        self.storage.delete("a")
        self.assertRaises(FileNotFoundError, self.storage.read, "a")

    def test_what_stands_behind_what_was_given_back_stays_where_it_is(self) -> None:
        self.storage.append("log", bytes(range(256)) * 4096)
        self.storage.give_back("log", 800_000)
        self.assertEqual(self.storage.size("log"), 2**20)
        self.assertEqual(self.storage.read("log", 800_000), (bytes(range(256)) * 4096)[800_000:])

    def test_a_name_cannot_leave_the_folder(self) -> None:
        for name in ("../a", "/a", "a//b", "a/../../b", "", "a\0b"):
            self.assertRaises(ValueError, self.storage.read, name)

    def test_databases_are_durable_and_shared_between_connections(self) -> None:
        writer = self.storage.connect_sqlite("db")
        self.addCleanup(writer.close)
        self.assertEqual(writer.execute("PRAGMA journal_mode").fetchone(), ("wal",))
        self.assertEqual(writer.execute("PRAGMA synchronous").fetchone(), (2,))
        writer.execute("CREATE TABLE t (x)")
        writer.execute("INSERT INTO t VALUES (1)")
        reader = self.storage.connect_sqlite("db", read_only=True)
        self.addCleanup(reader.close)
        self.assertEqual(reader.execute("SELECT x FROM t").fetchall(), [(1,)])
        self.assertRaises(sqlite3.OperationalError, reader.execute, "INSERT INTO t VALUES (2)")


class ClaimTest(SynchronousTestCase):
    def test_a_folder_has_one_owner_who_is_named(self) -> None:
        folder = Path(self.mktemp())
        held = claim(folder)
        taken = self.assertRaises(FolderTaken, claim, folder)
        self.assertEqual(taken.pid, os.getpid())
        os.close(held)
        os.close(claim(folder))

    def test_an_owner_who_has_not_said_his_number_holds_it_all_the_same(self) -> None:
        folder = Path(self.mktemp())
        held = claim(folder)
        self.addCleanup(os.close, held)
        os.ftruncate(held, 0)
        self.assertEqual(self.assertRaises(FolderTaken, claim, folder).pid, 0)

    def test_what_is_started_from_here_does_not_hold_it(self) -> None:
        held = claim(Path(self.mktemp()))
        self.addCleanup(os.close, held)
        self.assertFalse(os.get_inheritable(held))
