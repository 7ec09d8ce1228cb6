"""A journal keeps what was answered, whatever happens to its process and its disk."""

from __future__ import annotations

from collections.abc import Sequence

from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.disk import DiskFault
from pushnet.sim.simulation import Simulation
from pushnet.stores.journal import Journal

SIZE = 200


class JournalTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.host = self.simulation.host("one")

    def opened(self, point: int) -> tuple[Journal, list[bytes]]:
        journal = Journal(self.host.boot(), "journal", SIZE)
        return journal, self.simulation.run_until(journal.open(point))

    def append(self, journal: Journal, payloads: Sequence[bytes]) -> None:
        self.simulation.run_until(journal.append(payloads))

    def test_what_was_answered_is_there_after_the_power_went(self) -> None:
        journal, found = self.opened(7)
        self.assertEqual(found, [])
        self.append(journal, [b"one", b"two"])
        self.append(journal, [b"three"])
        self.host.power_off()
        self.assertEqual(self.opened(7)[1], [b"one", b"two", b"three"])

    def test_what_is_appended_after_a_restart_follows_what_was_there(self) -> None:
        journal, _ = self.opened(7)
        self.append(journal, [b"one"])
        self.host.kill()
        journal, _ = self.opened(7)
        self.append(journal, [b"two"])
        self.host.power_off()
        self.assertEqual(self.opened(7)[1], [b"one", b"two"])

    def test_when_the_store_has_moved_on_its_records_are_void_and_it_begins_anew(self) -> None:
        journal, _ = self.opened(7)
        self.append(journal, [b"one", b"two", b"three"])
        journal.moved(9)
        self.append(journal, [b"new"])
        self.host.kill()
        self.assertEqual(self.opened(9)[1], [b"new"])
        self.host.kill()
        self.assertEqual(self.opened(7)[1], [], "the store's file is of another time")

    def test_it_has_room_for_so_much_and_again_when_the_store_has_moved_on(self) -> None:
        journal, _ = self.opened(7)
        large = [b"x" * 100]
        self.assertTrue(journal.has_room(large))
        self.append(journal, large)
        self.assertFalse(journal.has_room(large))
        journal.moved(7)
        self.assertFalse(journal.has_room(large), "the store has not moved")
        journal.moved(8)
        self.assertTrue(journal.has_room(large))

    def test_what_was_torn_and_what_follows_it_does_not_count(self) -> None:
        journal, _ = self.opened(7)
        self.append(journal, [b"one", b"two", b"three"])
        self.host.kill()
        whole = self.host.disk.read("journal")
        second = whole.index(b"two")
        for torn in range(second - 16, second + 3):
            self.host.disk.replace("journal", whole[:torn] + bytes([whole[torn] ^ 0x55]) + whole[torn + 1 :])
            self.assertEqual(self.opened(7)[1], [b"one"], f"byte {torn}")
            self.host.kill()

    def test_after_a_failed_sync_it_takes_nothing_more(self) -> None:
        journal, _ = self.opened(7)
        self.host.disk.fault = DiskFault.BROKEN
        self.failureResultOf(self._ended(journal), OSError)
        self.assertIn("Input/output", journal.broken)
        self.host.disk.fault = DiskFault.NONE
        self.assertFalse(journal.has_room([b"small"]))

    def test_on_a_full_disk_there_is_none_and_the_store_goes_on_without(self) -> None:
        self.host.disk.fault = DiskFault.FULL
        journal, found = self.opened(7)
        self.assertEqual(found, [])
        self.assertIn("No space", journal.broken)
        self.simulation.run_until(journal.close())

    def _ended(self, journal: Journal) -> object:
        work = journal.append([b"lost"])
        self.simulation.run_for(1.0)
        return work
