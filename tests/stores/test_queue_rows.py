"""What the embedded queue's rows do: trimming, limits on names, recovery."""

import sqlite3

from twisted.trial.unittest import SynchronousTestCase

from pushnet.stores import queue_rows as rows
from pushnet.stores.migration import migrate
from pushnet.stores.queue import GROUPS_MAX, LEASE_MAX_S, TOPICS_MAX, QueueRefused

DAY_MS = 24 * 3600 * 1000


class QueueRowsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.addCleanup(self.connection.close)
        migrate(self.connection, rows.SCHEMA)
        self.topic, self.line = rows.line_row(self.connection, "t", "g")

    def _publish(self, key: str = "", now_ms: int = 0) -> int:
        return rows.publish(self.connection, self.topic, b"x", key, b"", now_ms, 100).id

    def _take(self, most: int = 10, now_ms: int = 0) -> list[int]:
        taken = rows.take(self.connection, self.topic, self.line, most, 1000, now_ms, 5)
        return [each.id for each in taken]

    def _count(self, table: str) -> int:
        return self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]

    def test_a_topic_and_a_group_come_to_be_once(self) -> None:
        self.assertEqual(rows.line_row(self.connection, "t", "g"), (self.topic, self.line))
        self.assertEqual(rows.find_line(self.connection, "t", "g"), (self.topic, self.line))
        self.assertIsNone(rows.find_line(self.connection, "t", "other"))

    def test_there_are_only_so_many_topics_and_groups(self) -> None:
        for number in range(TOPICS_MAX - 1):
            rows.topic_row(self.connection, f"topic-{number}")
        self.assertRaises(QueueRefused, rows.topic_row, self.connection, "one-more")
        for number in range(GROUPS_MAX - 1):
            rows.line_row(self.connection, "t", f"group-{number}")
        self.assertRaises(QueueRefused, rows.line_row, self.connection, "t", "one-more")

    def test_an_id_is_never_used_again(self) -> None:
        first = self._publish()
        rows.acknowledge(self.connection, self.topic, self.line, self._take())
        self.assertEqual(self._count("messages"), 0)
        self.assertGreater(self._publish(), first)

    def test_old_keys_are_trimmed_and_young_ones_kept(self) -> None:
        self._publish("old", 0)
        self._publish("young", DAY_MS // 2)
        self.assertEqual(rows.trim(self.connection, DAY_MS, 10, 100), (1, []))
        self.assertEqual(self.connection.execute("SELECT key FROM keys").fetchall(), [("young",)])

    def test_the_oldest_parked_messages_make_room(self) -> None:
        ids = [self._publish() for _ in range(5)]
        for id in self._take():
            rows.park(self.connection, self.line, id, "poison")
        _, dropped = rows.trim(self.connection, 0, 2, 100)
        self.assertEqual(sorted(dropped), ids[:3])
        self.assertEqual([each.id for each in rows.parked(self.connection, self.line, 10)], ids[3:])
        self.assertEqual(self._count("messages"), 2)

    def test_what_never_reached_its_consumer_does_not_count_as_an_attempt(self) -> None:
        self._publish()
        taken = rows.take(self.connection, self.topic, self.line, 1, 1000, 0, 5)
        rows.give_back(self.connection, self.line, taken, 0)
        (again,) = rows.take(self.connection, self.topic, self.line, 1, 1000, 0, 5)
        self.assertEqual(again, taken[0])

    def test_giving_back_what_is_in_other_hands_changes_nothing(self) -> None:
        self._publish()
        taken = rows.take(self.connection, self.topic, self.line, 1, 1000, 0, 5)
        self._take(now_ms=1000)
        rows.give_back(self.connection, self.line, taken, 1000)
        self.assertEqual(self._take(now_ms=1500), [])

    def test_the_next_message_to_come_back_is_known(self) -> None:
        self.assertIsNone(rows.next_due(self.connection, self.line))
        one, two = self._publish(), self._publish()
        self._take(now_ms=500)
        rows.retry(self.connection, self.line, two, 700, "later", 5)
        self.assertEqual(rows.next_due(self.connection, self.line), 700)
        rows.acknowledge(self.connection, self.topic, self.line, [two])
        self.assertEqual((rows.next_due(self.connection, self.line), one), (1500, 1))

    def test_recovery_brings_leases_from_a_far_future_near(self) -> None:
        self._publish()
        self._take(now_ms=10**12)
        rows.recover(self.connection, 0)
        self.assertEqual(rows.next_due(self.connection, self.line), LEASE_MAX_S * 1000)
