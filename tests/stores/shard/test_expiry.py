"""What time takes away is counted, and readers pass over what is gone."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.dbagent import GroupEntry
from pushnet.gen.pushnet.push import Message
from pushnet.stores.shard import groups, streams
from pushnet.stores.shard.apps import census
from pushnet.stores.shard.expiry import GRACE_MS, MESSAGES_MAX, NOBODY, expire, forget
from tests.stores.shard.opened import APP, HOUR_MS, NOW_MS, message, new_device, opened, put

DAY_MS = 24 * HOUR_MS


class ExpiryTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.connection = opened()
        for key in ("phone", "tablet"):
            new_device(self.connection, key)

    def _count(self, table: str) -> int:
        (rows,) = self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(rows)

    def test_expired_messages_leave_the_streams_and_are_counted(self) -> None:
        put(self.connection, message(1, life_ms=1000), 5, 6)
        put(self.connection, message(2), 5)
        streams.acknowledge(self.connection, [(APP, 6, False, 1)])
        self.assertFalse(expire(self.connection, NOW_MS + 1000 + GRACE_MS))
        page = streams.read(self.connection, APP, 5, 0, 10, 1 << 20)
        self.assertEqual([(entry.prev, entry.seq) for entry in page], [(1, 2)])
        told = census(self.connection, APP)
        self.assertEqual([told[what] for what in ("stored", "delivered", "pending", "expired")], [3, 1, 1, 1])

    def test_nothing_expires_before_its_time_and_a_little(self) -> None:
        put(self.connection, message(1, life_ms=1000), 5)
        expire(self.connection, NOW_MS + 1000 + GRACE_MS - 1)
        self.assertEqual(census(self.connection, APP)["pending"], 1)

    def test_an_expired_message_given_again_is_recognised(self) -> None:
        put(self.connection, message(1, life_ms=0), 5)
        expire(self.connection, NOW_MS + GRACE_MS)
        self.assertEqual(put(self.connection, message(1, life_ms=0), 5), ({5: 1}, []))
        self.assertEqual(census(self.connection, APP)["stored"], 1)

    def test_an_expired_group_entry_is_for_nobody(self) -> None:
        groups.append(self.connection, APP, message(1, life_ms=0), b"everybody", NOW_MS)
        expire(self.connection, NOW_MS + GRACE_MS)
        self.assertEqual(
            groups.read(self.connection, APP, 0, 10, 1 << 20),
            [GroupEntry(1, Message(1, NOW_MS, b""), NOBODY)],
        )

    def test_a_day_later_all_is_forgotten_but_the_end_of_the_log(self) -> None:
        put(self.connection, message(1, life_ms=0), 5)
        for id in (2, 3):
            groups.append(self.connection, APP, message(id, life_ms=0), b"everybody", NOW_MS)
        expire(self.connection, NOW_MS + GRACE_MS)
        self.assertFalse(forget(self.connection, NOW_MS + DAY_MS - 1))
        self.assertEqual([self._count(table) for table in ("messages", "stored", "group_log")], [3, 1, 2])
        self.assertFalse(forget(self.connection, NOW_MS + DAY_MS))
        self.assertEqual([self._count(table) for table in ("messages", "stored", "group_log")], [1, 0, 1])
        self.assertEqual([entry.seq for entry in groups.read(self.connection, APP, 0, 10, 1 << 20)], [2])
        self.assertEqual(groups.append(self.connection, APP, message(4), b"", NOW_MS), 3)

    def test_a_message_that_lives_longer_than_a_day_is_not_forgotten_before(self) -> None:
        put(self.connection, message(1, life_ms=3 * DAY_MS), 5)
        streams.acknowledge(self.connection, [(APP, 5, False, 1)])
        expire(self.connection, NOW_MS + 2 * DAY_MS)
        forget(self.connection, NOW_MS + 2 * DAY_MS)
        self.assertEqual(put(self.connection, message(1, life_ms=3 * DAY_MS), 5), ({5: 1}, []))

    def test_work_is_done_in_portions(self) -> None:
        for id in range(MESSAGES_MAX + 1):
            put(self.connection, message(id, life_ms=0), 5)
        late_ms = NOW_MS + 2 * DAY_MS
        self.assertEqual([expire(self.connection, late_ms) for _ in range(2)], [True, False])
        self.assertEqual([forget(self.connection, late_ms) for _ in range(2)], [True, False])
        self.assertEqual(self._count("messages"), 0)
