"""Following group logs: opened once, holes filled, one read for a crowd."""

from __future__ import annotations

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.types import UnavailableException
from pushnet.roles.broker.group_log import GroupLog, Row
from pushnet.roles.broker.group_logs import ROWS_PER_CALL, GroupLogs
from pushnet.roles.broker.shards import Shards
from tests.roles.broker.fakes import APP, FakeShard, SmallWorld


class GroupLogsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.world = SmallWorld()
        self.shard = FakeShard()
        self.rows: list[int] = []
        self.logs = GroupLogs(
            self.world,  # type: ignore[arg-type]
            Shards([self.shard]),  # type: ignore[list-item]
            "broker-1",
            lambda: 7,
            self.seen,
        )
        self.addCleanup(lambda: self.assertEqual(self.world.failures, []))

    def seen(self, log: GroupLog, row: Row) -> None:
        self.rows.append(row.seq)

    def open(self) -> GroupLog:
        return self.successResultOf(ensureDeferred(self.logs.open(APP)))

    def append(self, count: int) -> None:
        for _ in range(count):
            self.shard.append(b"", 1)

    def test_a_log_is_followed_from_its_end(self) -> None:
        self.append(5)
        log = self.open()
        self.assertEqual((log.head, self.rows), (5, []))
        self.assertIs(self.open(), log)
        self.assertEqual(self.shard.asked, ["beat"])

    def test_a_crowd_opens_a_log_with_one_call(self) -> None:
        self.shard.waiting = []
        opening = [ensureDeferred(self.logs.open(APP)) for _ in range(5)]
        (turn,) = self.shard.waiting
        turn.callback(None)
        logs = [self.successResultOf(deferred) for deferred in opening]
        self.assertEqual(len({id(log) for log in logs}), 1)

    def test_a_crowd_whose_call_fails_fails_together_and_may_try_again(self) -> None:
        self.shard.waiting = []
        opening = [ensureDeferred(self.logs.open(APP)) for _ in range(3)]
        (turn,), self.shard.waiting = self.shard.waiting, None
        self.shard.down = True
        turn.callback(None)
        for deferred in opening:
            self.failureResultOf(deferred, UnavailableException)
        self.shard.down = False
        self.assertEqual(self.open().head, 0)

    def test_a_hole_is_filled_from_the_shard(self) -> None:
        self.open()
        self.append(3)
        last = self.shard.log[-1]
        self.logs.take(APP, 3, lambda: Row(3, last.message, last.audience))
        self.assertEqual(self.rows, [1, 2, 3])

    def test_a_log_that_went_on_for_long_is_followed_by_pages(self) -> None:
        self.open()
        self.append(3 * ROWS_PER_CALL + 1)
        self.logs.told({APP: len(self.shard.log)})
        self.assertEqual(self.rows, list(range(1, 3 * ROWS_PER_CALL + 2)))
        self.assertEqual(self.shard.asked.count("group"), 4)

    def test_a_shard_that_fails_is_asked_again_at_the_next_beat(self) -> None:
        self.open()
        self.append(1)
        self.shard.down = True
        self.logs.told({APP: 1})
        self.assertEqual(self.rows, [])
        self.shard.down = False
        self.logs.told({APP: 1})
        self.assertEqual(self.rows, [1])

    def test_rows_at_hand_are_not_asked_for(self) -> None:
        log = self.open()
        self.append(3)
        self.logs.told({APP: 3})
        self.shard.asked.clear()
        rows = self.successResultOf(ensureDeferred(self.logs.after(log, 1)))
        self.assertEqual(([row.seq for row in rows], self.shard.asked), ([2, 3], []))

    def test_a_crowd_that_asks_for_old_rows_makes_one_call(self) -> None:
        self.append(3)
        log = self.open()
        self.shard.waiting = []
        reading = [ensureDeferred(self.logs.after(log, 1)) for _ in range(4)]
        (turn,) = self.shard.waiting
        turn.callback(None)
        for deferred in reading:
            self.assertEqual([row.seq for row in self.successResultOf(deferred)], [2, 3])

    def test_a_forgotten_log_is_not_followed(self) -> None:
        self.open()
        self.logs.forget(APP)
        self.append(1)
        self.logs.told({APP: 1})
        self.assertEqual((self.rows, self.logs.apps()), ([], []))
