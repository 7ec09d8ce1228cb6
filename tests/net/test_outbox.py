"""What a connection writes leaves in as few writes as can be, and not before the peer can take it."""

from collections.abc import Callable
from typing import Any

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from pushnet.net.outbox import FLUSH_BYTES, FLUSH_MESSAGES, FLUSH_MESSAGES_MAX, LARGE_BYTES, Outbox, Turn


class Wire:
    """A transport that notes each write and lets the test say when it is full."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.producer: Any = None
        self.full_at: int | None = None

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        self.producer = producer

    def unregisterProducer(self) -> None:
        self.producer = None

    def write(self, data: bytes) -> None:
        self.writes.append(data)
        if self.full_at is not None and sum(map(len, self.writes)) >= self.full_at:
            self.producer.pauseProducing()


class OutboxTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.turn = Turn(self.clock.callLater)
        self.wire = Wire()
        self.congestion: list[bool] = []
        self.outbox = self.box(self.wire, self.congestion.append)

    def box(self, wire: Wire, congested: Callable[[bool], None]) -> Outbox:
        return Outbox(self.turn, wire, congested)

    def test_a_lone_message_leaves_at_once(self) -> None:
        self.outbox.write(b"a")
        self.assertEqual(self.wire.writes, [b"a"])

    def test_what_follows_in_the_same_turn_leaves_together_at_its_end(self) -> None:
        for data in (b"a", b"b", b"c"):
            self.outbox.write(data)
        self.assertEqual(self.wire.writes, [b"a"])
        self.clock.advance(0)
        self.assertEqual(self.wire.writes, [b"a", b"bc"])

    def test_all_that_one_call_of_the_reactor_causes_leaves_when_it_returns(self) -> None:
        self.turn.enter()
        self.outbox.write(b"a")
        self.outbox.write(b"b")
        self.assertEqual(self.wire.writes, [])
        self.turn.leave()
        self.assertEqual(self.wire.writes, [b"ab"])

    def test_a_long_turn_does_not_keep_what_it_has_until_its_end(self) -> None:
        self.turn.enter()
        for _ in range(3 * FLUSH_MESSAGES + 1):
            self.outbox.write(b"a")
        self.assertEqual(self.wire.writes, [b"a" * FLUSH_MESSAGES, b"a" * 2 * FLUSH_MESSAGES])
        self.turn.leave()
        self.assertEqual(self.wire.writes[2:], [b"a"])

    def test_in_a_very_long_turn_ever_more_leaves_together_up_to_a_limit(self) -> None:
        for _ in range(2):
            self.wire.writes.clear()
            self.turn.enter()
            for _ in range(4 * FLUSH_MESSAGES_MAX):
                self.outbox.write(b"a")
            self.turn.leave()
            sizes = [len(each) for each in self.wire.writes]
            self.assertEqual(sizes[:3], [FLUSH_MESSAGES, 2 * FLUSH_MESSAGES, 4 * FLUSH_MESSAGES])
            self.assertEqual(max(sizes), FLUSH_MESSAGES_MAX)
            self.assertEqual(sum(sizes), 4 * FLUSH_MESSAGES_MAX)

    def test_of_longer_messages_fewer_leave_together(self) -> None:
        message = b"m" * (FLUSH_BYTES // 4)
        self.turn.enter()
        for _ in range(20):
            self.outbox.write(message)
        self.turn.leave()
        self.assertEqual([len(each) // len(message) for each in self.wire.writes], [4, 8, 8])

    def test_a_turn_does_not_keep_large_messages_until_its_end(self) -> None:
        half = b"h" * (FLUSH_BYTES // 2)
        self.turn.enter()
        self.outbox.write(half)
        self.assertEqual(self.wire.writes, [])
        self.outbox.write(half)
        self.assertEqual(self.wire.writes, [half + half])
        self.outbox.write(half + half)
        self.assertEqual(self.wire.writes[1:], [half + half])
        self.turn.leave()
        self.assertEqual(len(self.wire.writes), 2)

    def test_a_large_message_leaves_at_once_behind_what_was_written_before(self) -> None:
        self.turn.enter()
        self.outbox.write(b"small")
        self.outbox.write_parts(b"start", bytearray(b"rest" * LARGE_BYTES))
        self.assertEqual(b"".join(self.wire.writes), b"smallstart" + b"rest" * LARGE_BYTES)
        self.turn.leave()

    def test_large_messages_wait_for_a_slow_peer_in_their_order(self) -> None:
        self.wire.full_at = 10
        told: list[int] = []
        self.outbox.write_parts(b"1", b"a" * LARGE_BYTES)
        self.outbox.on_flush = lambda: told.append(len(self.wire.writes))
        for number in range(2, 40):
            self.outbox.write_parts(b"%d" % number, b"b" * LARGE_BYTES)
        self.outbox.write(b"end")
        self.assertTrue(self.outbox.full)
        self.assertEqual(len(self.wire.writes), 1)
        self.wire.full_at = None
        self.outbox.resumeProducing()
        rest = b"".join(b"%d" % number + b"b" * LARGE_BYTES for number in range(2, 40))
        self.assertEqual(b"".join(self.wire.writes[1:]), rest + b"end")
        self.assertEqual(told, [len(self.wire.writes)], "when all has left")
        self.assertFalse(self.outbox.queued)

    def test_calls_within_calls_end_with_the_outermost(self) -> None:
        self.turn.enter()
        self.turn.enter()
        self.outbox.write(b"a")
        self.turn.leave()
        self.assertEqual(self.wire.writes, [])
        self.turn.leave()
        self.assertEqual(self.wire.writes, [b"a"])

    def test_one_turn_gathers_for_every_connection(self) -> None:
        other = Wire()
        second = self.box(other, self.congestion.append)
        self.turn.enter()
        for box in (self.outbox, second, self.outbox, second):
            box.write(b"x")
        self.turn.leave()
        self.assertEqual((self.wire.writes, other.writes), ([b"xx"], [b"xx"]))

    def test_above_the_mark_it_keeps_what_comes_and_says_so(self) -> None:
        self.wire.full_at = 1
        self.outbox.write(b"a")
        self.assertEqual(self.congestion, [True])
        self.clock.advance(0)
        self.outbox.write(b"b")
        self.clock.advance(0)
        self.assertEqual(self.wire.writes, [b"a"])
        self.wire.full_at = None
        self.wire.producer.resumeProducing()
        self.assertEqual(self.wire.writes, [b"a", b"b"])
        self.assertEqual(self.congestion, [True, False])

    def test_a_peer_that_is_full_again_at_once_is_still_too_slow(self) -> None:
        self.wire.full_at = 1
        self.outbox.write(b"a")
        self.outbox.write(b"b")
        self.wire.producer.resumeProducing()
        self.assertEqual(self.wire.writes, [b"a", b"b"])
        self.assertEqual(self.congestion, [True, True])

    def test_dropped_it_forgets_and_writes_no_more(self) -> None:
        self.turn.enter()
        self.outbox.write(b"a")
        self.outbox.drop()
        self.outbox.write(b"b")
        self.turn.leave()
        self.clock.advance(0)
        self.assertEqual(self.wire.writes, [])
        self.assertIsNone(self.wire.producer)

    def test_who_waits_for_a_flush_is_told_once(self) -> None:
        told: list[int] = []
        self.turn.enter()
        self.outbox.on_flush = lambda: told.append(1)
        self.outbox.write(b"a")
        self.assertEqual(told, [])
        self.turn.leave()
        self.outbox.write(b"b")
        self.assertEqual(told, [1])
