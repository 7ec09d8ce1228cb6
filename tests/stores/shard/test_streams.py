"""Devices' own streams: contiguous, once for each device, and every message accounted for."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.dbagent import StreamEntry
from pushnet.stores.shard.apps import census
from pushnet.stores.shard.devices import credentials
from pushnet.stores.shard.streams import acknowledge, newest, read, standing
from tests.stores.shard.opened import APP, OTHER_APP, message, new_device, opened, put


class StreamTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.connection = opened()
        for key in ("phone", "tablet", "watch"):
            new_device(self.connection, key)

    def _seqs(self, ordinal: int, since: int = 0) -> list[int]:
        return [entry.seq for entry in read(self.connection, APP, ordinal, since, 1000, 1 << 20)]

    def _body(self, id: int) -> bytes:
        body: bytes
        (body,) = self.connection.execute("SELECT body FROM messages WHERE id = ?", (id,)).fetchone()
        return body

    def test_each_device_counts_its_own_messages(self) -> None:
        self.assertEqual(put(self.connection, message(1), 5, 6), ({5: 1, 6: 1}, []))
        self.assertEqual(put(self.connection, message(2), 6, 7), ({6: 2, 7: 1}, []))
        self.assertEqual([self._seqs(ordinal) for ordinal in (5, 6, 7)], [[1], [1, 2], [1]])

    def test_a_message_given_again_has_the_same_place(self) -> None:
        put(self.connection, message(1), 5)
        put(self.connection, message(2), 5)
        self.assertEqual(put(self.connection, message(1), 5, 6, 5), ({5: 1, 6: 1}, []))
        self.assertEqual(self._seqs(5), [1, 2])

    def test_a_message_given_again_after_its_acknowledgement_has_the_same_place(self) -> None:
        put(self.connection, message(1), 5)
        acknowledge(self.connection, [(APP, 5, False, 1)])
        self.assertEqual(put(self.connection, message(1), 5), ({5: 1}, []))
        self.assertEqual(self._seqs(5), [])
        self.assertEqual(census(self.connection, APP)["stored"], 1)

    def test_those_that_are_no_devices_are_told_and_counted_once(self) -> None:
        for _ in range(2):
            self.assertEqual(put(self.connection, message(1), 5, 99, -1), ({5: 1}, [99, -1]))
        self.assertEqual(census(self.connection, APP)["unregistered"], 2)
        self.assertEqual(put(self.connection, message(3), 5, app=OTHER_APP), ({}, [5]))

    def test_a_page_is_bounded_in_messages_and_bytes_but_never_empty(self) -> None:
        for id in range(1, 6):
            put(self.connection, message(id, b"x" * 100), 5)
        page = read(self.connection, APP, 5, 1, 2, 1 << 20)
        self.assertEqual(
            page,
            [StreamEntry(1, 2, message(2, b"x" * 100)), StreamEntry(2, 3, message(3, b"x" * 100))],
        )
        self.assertEqual(len(read(self.connection, APP, 5, 0, 10, 150)), 2)
        self.assertEqual(len(read(self.connection, APP, 5, 0, 10, 1)), 1)
        self.assertEqual(read(self.connection, OTHER_APP, 5, 0, 10, 1), [])

    def test_a_device_and_its_stream_are_read_as_of_one_moment(self) -> None:
        for id in range(1, 4):
            put(self.connection, message(id), 5)
        found = standing(self.connection, APP, 5, 1, 1, 1 << 20)
        assert found is not None
        known, entries = found
        self.assertEqual((known.head, [entry.seq for entry in entries]), (3, [2]))
        self.assertIsNone(standing(self.connection, APP, 99, 0, 1, 1))

    def test_an_acknowledgement_is_cumulative_and_counts_each_message_once(self) -> None:
        for id in range(1, 5):
            put(self.connection, message(id), 5, 6)
        acknowledge(self.connection, [(APP, 5, False, 3), (APP, 6, False, 1), (APP, 5, False, 2)])
        acknowledge(self.connection, [(APP, 5, False, 3), (APP, 99, False, 9), ("no app", 5, False, 4)])
        self.assertEqual((self._seqs(5), self._seqs(6)), ([4], [2, 3, 4]))
        told = census(self.connection, APP)
        self.assertEqual((told["delivered"], told["pending"]), (4, 4))

    def test_nobody_acknowledges_what_was_never_stored(self) -> None:
        put(self.connection, message(1), 5)
        acknowledge(self.connection, [(APP, 5, False, 1 << 62)])
        put(self.connection, message(2), 5)
        known = credentials(self.connection, APP, 5)
        assert known is not None
        self.assertEqual((known.seen, known.head), (1, 2))
        self.assertEqual(self._seqs(5), [2])

    def test_acknowledgements_of_the_group_log_only_move_forward(self) -> None:
        acknowledge(self.connection, [(APP, 5, True, 7), (APP, 5, True, 6)])
        known = credentials(self.connection, APP, 5)
        assert known is not None
        self.assertEqual(known.group_seen, 7)

    def test_a_body_is_kept_as_long_as_a_device_waits_for_it(self) -> None:
        put(self.connection, message(1), 5, 6)
        acknowledge(self.connection, [(APP, 5, False, 1)])
        self.assertEqual(self._body(1), b"body")
        acknowledge(self.connection, [(APP, 6, False, 1)])
        self.assertEqual(self._body(1), b"")
        put(self.connection, message(1), 5, 6, 7)
        self.assertEqual(read(self.connection, APP, 7, 0, 9, 99), [StreamEntry(0, 1, message(1))])

    def test_the_oldest_go_when_too_many_wait(self) -> None:
        for id in range(1, 6):
            put(self.connection, message(id), 5, kept_max=3)
        page = read(self.connection, APP, 5, 0, 10, 1 << 20)
        self.assertEqual([(entry.prev, entry.seq) for entry in page], [(2, 3), (3, 4), (4, 5)])
        told = census(self.connection, APP)
        self.assertEqual((told["overflowed"], told["pending"], told["stored"]), (2, 3, 5))
        self.assertEqual([self._body(1), self._body(5)], [b"", b"body"])

    def test_the_newest_waiting_message_is_found_for_each_device(self) -> None:
        put(self.connection, message(1), 5, 6)
        put(self.connection, message(2), 6, 7)
        put(self.connection, message(3), 7)
        acknowledge(self.connection, [(APP, 7, False, 2)])
        found = newest(self.connection, APP, [5, 6, 7, 99])
        self.assertEqual(found, [(message(1), [(5, 1)]), (message(2), [(6, 2)])])
        self.assertEqual(newest(self.connection, OTHER_APP, [5]), [])
