"""Acknowledgements on their way to the shards."""

from __future__ import annotations

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.dbagent import Acknowledgement
from pushnet.roles.broker.acks import BATCH_MAX, GATHER_S, RETRY_S, AckBook
from pushnet.roles.broker.shards import Shards
from tests.roles.broker.fakes import APP, FakeShard, SmallWorld


class AckBookTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.world = SmallWorld()
        self.shard = FakeShard()
        self.book = AckBook(self.world, Shards([self.shard]))  # type: ignore[arg-type, list-item]
        self.addCleanup(lambda: self.assertEqual(self.world.failures, []))

    def test_of_several_for_one_stream_the_highest_is_told_once(self) -> None:
        for seq in (3, 7, 5):
            self.book.add(APP, 1, False, seq)
        self.book.add(APP, 1, True, 2)
        self.world.clock.advance(GATHER_S)
        expected = [Acknowledgement(APP, 1, False, 7), Acknowledgement(APP, 1, True, 2)]
        self.assertEqual(self.shard.acks, expected)

    def test_nothing_is_told_when_nothing_came(self) -> None:
        self.world.clock.advance(10)
        self.assertEqual(self.shard.asked, [])

    def test_what_a_shard_refuses_is_told_later(self) -> None:
        self.shard.down = True
        self.book.add(APP, 1, False, 3)
        self.world.clock.advance(GATHER_S)
        self.shard.down = False
        self.book.add(APP, 1, False, 4)
        self.world.clock.advance(RETRY_S)
        self.assertEqual(self.shard.acks, [Acknowledgement(APP, 1, False, 4)])

    def test_there_is_one_call_at_a_time(self) -> None:
        self.shard.waiting = []
        self.book.add(APP, 1, False, 3)
        self.world.clock.advance(GATHER_S)
        self.book.add(APP, 2, False, 3)
        self.world.clock.advance(10)
        self.assertEqual(len(self.shard.waiting), 1)
        self.shard.waiting.pop().callback(None)
        self.world.clock.advance(GATHER_S)
        self.shard.waiting.pop().callback(None)
        self.assertEqual([ack.ordinal for ack in self.shard.acks], [1, 2])

    def test_a_flush_tells_everything_in_batches(self) -> None:
        for ordinal in range(BATCH_MAX + 1):
            self.book.add(APP, ordinal, False, 1)
        self.successResultOf(ensureDeferred(self.book.flush()))
        self.assertEqual((len(self.shard.acks), len(self.shard.asked), len(self.book)), (BATCH_MAX + 1, 2, 0))

    def test_a_flush_waits_for_the_call_under_way(self) -> None:
        self.shard.waiting = []
        self.book.add(APP, 1, False, 3)
        self.world.clock.advance(GATHER_S)
        flushed = ensureDeferred(self.book.flush())
        self.assertNoResult(flushed)
        self.shard.waiting.pop().callback(None)
        self.successResultOf(flushed)

    def test_a_flush_gives_up_on_a_shard_that_fails(self) -> None:
        self.shard.down = True
        self.book.add(APP, 1, False, 3)
        self.successResultOf(ensureDeferred(self.book.flush()))
        self.assertEqual(len(self.book), 1)
