"""The simulated disk, and what a crash leaves on it."""

import random
import sqlite3

from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.disk import SimDisk


class SimDiskTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.disk = SimDisk(random.Random(1))
        self.addCleanup(self.disk.discard)

    def test_files_are_kept_by_name(self) -> None:
        self.disk.append("b", b"abc")
        self.disk.append("b", b"def")
        self.disk.replace("a", b"x")
        self.assertEqual(self.disk.read("b", 2, 3), b"cde")
        self.assertEqual((self.disk.names(), self.disk.size("b")), (["a", "b"], 6))
        self.disk.delete("b")
        self.assertRaises(FileNotFoundError, self.disk.read, "b")

    def test_what_stands_behind_what_was_given_back_stays_where_it_is(self) -> None:
        self.disk.append("log", b"early late")
        self.disk.give_back("log", 6)
        self.assertEqual(self.disk.read("log", 6), b"late")

    def test_losing_power_keeps_what_was_synced_and_cuts_the_rest_anywhere(self) -> None:
        sizes = set()
        for seed in range(50):
            disk = SimDisk(random.Random(seed))
            disk.append("log", b"safe")
            disk.fdatasync("log")
            disk.append("log", b"hope")
            disk.power_lost()
            self.assertTrue(b"safehope".startswith(disk.read("log")))
            sizes.add(disk.size("log"))
        self.assertEqual(sorted(sizes), [4, 5, 6, 7, 8])

    def test_losing_power_tears_what_was_written_over_a_reserved_file_and_not_synced(self) -> None:
        found = set()
        for seed in range(100):
            disk = SimDisk(random.Random(seed))
            file = disk.reserve("journal", 6)
            file.write(0, b"ab")
            file.fdatasync()
            file.write(2, b"cd")
            file.write(4, b"ef")
            disk.power_lost()
            found.add(disk.read("journal"))
        whole = {left + right for left in (b"cd", b"c\0", b"\0\0") for right in (b"ef", b"e\0", b"\0\0")}
        self.assertEqual(found, {b"ab" + rest for rest in whole})

    def test_a_killed_process_loses_no_file_content(self) -> None:
        self.disk.append("log", b"hope")
        self.disk.process_ended()
        self.assertEqual(self.disk.read("log"), b"hope")

    def test_connections_share_one_database_that_outlives_them(self) -> None:
        writer = self.disk.connect_sqlite("db")
        writer.execute("CREATE TABLE t (x)")
        writer.execute("INSERT INTO t VALUES (1)")
        reader = self.disk.connect_sqlite("db", read_only=True)
        self.assertEqual(reader.execute("SELECT x FROM t").fetchall(), [(1,)])
        self.assertRaises(sqlite3.OperationalError, reader.execute, "DELETE FROM t")
        self.disk.power_lost()
        again = self.disk.connect_sqlite("db")
        self.assertEqual(again.execute("SELECT x FROM t").fetchall(), [(1,)])

    def test_an_open_transaction_is_undone_when_the_process_ends(self) -> None:
        connection = self.disk.connect_sqlite("db")
        connection.execute("CREATE TABLE t (x)")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO t VALUES (1)")
        self.disk.process_ended()
        again = self.disk.connect_sqlite("db")
        self.assertEqual(again.execute("SELECT x FROM t").fetchall(), [])

    def test_databases_of_two_disks_are_two(self) -> None:
        other = SimDisk(random.Random(1))
        self.addCleanup(other.discard)
        self.disk.connect_sqlite("db").execute("CREATE TABLE t (x)")
        error = self.assertRaises(
            sqlite3.OperationalError, other.connect_sqlite("db").execute, "SELECT * FROM t"
        )
        self.assertIn("no such table", str(error))
