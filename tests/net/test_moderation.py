"""A busy connection is read when several messages have come; one that is not is read at once."""

from typing import Any

from twisted.internet.task import Clock
from twisted.internet.tcp import Connection
from twisted.trial.unittest import SynchronousTestCase

from pushnet.net.moderation import (
    EVIDENCE_READS_MIN,
    LOOK_S,
    LOOKS_PROVED,
    MESSAGES_A_LOOK_MIN,
    MESSAGES_S_MIN,
    MESSAGES_TOGETHER,
    READ_BYTES,
    READ_BYTES_MAX,
    Moderation,
)

MESSAGE_BYTES = 59


class Socket:
    """Notes what the kernel is told."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int, int]] = []
        self.broken = False

    def setsockopt(self, level: int, option: int, value: int) -> None:
        if self.broken:
            raise OSError("bad file descriptor")
        self.told.append((level, option, value))


class Stream(Connection):
    """A plain TCP transport, as far as this looks at it."""

    def __init__(self, socket: Socket) -> None:
        self.socket: Any = socket
        self.TLS = False


class ModerationTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.clock.advance(1000)
        self.socket = Socket()
        self.moderation = Moderation(Stream(self.socket), self.clock.seconds, self.clock.callLater)
        self.addCleanup(self.moderation.stop)

    def reads(self, count: int, rate: float, together: int = 1) -> None:
        """So many reads of so many messages each, at so many messages a second."""
        for _ in range(count):
            self.clock.advance(together / rate)
            self.moderation.read(together, together * MESSAGE_BYTES, 0)

    def test_the_kernel_waits_for_several_messages_of_a_peer_that_sends_one_by_one_at_a_high_rate(
        self,
    ) -> None:
        self.reads(2 * EVIDENCE_READS_MIN, 2 * MESSAGES_S_MIN)
        self.assertEqual(self.socket.told, [(1, 18, MESSAGES_TOGETHER * MESSAGE_BYTES)])

    def test_who_waits_for_each_answer_is_read_at_once(self) -> None:
        self.reads(10_000, MESSAGES_S_MIN / 2)
        self.assertEqual(self.socket.told, [])

    def test_who_sends_many_together_is_read_at_once(self) -> None:
        self.reads(10_000, 4 * MESSAGES_S_MIN, together=16)
        self.assertEqual(self.socket.told, [])

    def test_it_is_over_two_looks_after_the_last_message(self) -> None:
        self.reads(2 * EVIDENCE_READS_MIN, 2 * MESSAGES_S_MIN)
        self.assertTrue(self.moderation.waiting)
        self.clock.advance(LOOK_S)
        self.clock.advance(LOOK_S)
        self.assertEqual(self.socket.told[1:], [(1, 18, 1)])
        self.assertFalse(self.moderation.waiting)

    def test_who_was_misjudged_is_judged_later_each_time(self) -> None:
        needed = []
        for _ in range(4):
            count = 0
            while not self.moderation.waiting:
                self.reads(1, 2 * MESSAGES_S_MIN)
                count += 1
            needed.append(count)
            self.clock.pump([LOOK_S] * 3)
        self.assertEqual(needed[1:], [count * EVIDENCE_READS_MIN for count in (2, 4, 8)])

    def test_who_was_judged_well_is_judged_as_soon_again(self) -> None:
        self.reads(2 * EVIDENCE_READS_MIN, 2 * MESSAGES_S_MIN)
        for _ in range(LOOKS_PROVED + 1):
            self.moderation.read(MESSAGES_A_LOOK_MIN, 1, 0)
            self.clock.advance(LOOK_S)
        self.assertTrue(self.moderation.waiting)
        self.clock.pump([LOOK_S] * 2)
        self.assertFalse(self.moderation.waiting)
        self.reads(EVIDENCE_READS_MIN, 2 * MESSAGES_S_MIN)
        self.assertTrue(self.moderation.waiting)

    def test_a_connection_that_is_gone_leaves_nothing_behind(self) -> None:
        self.reads(2 * EVIDENCE_READS_MIN, 2 * MESSAGES_S_MIN)
        self.socket.broken = True
        self.moderation.stop()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_a_large_message_is_read_in_large_pieces_and_what_follows_as_ever(self) -> None:
        stream = Stream(self.socket)
        moderation = Moderation(stream, self.clock.seconds, self.clock.callLater)
        moderation.read(0, READ_BYTES, 10 * READ_BYTES)
        self.assertEqual(stream.bufferSize, READ_BYTES_MAX)
        moderation.read(1, 10 * READ_BYTES, 0)
        self.assertEqual(stream.bufferSize, READ_BYTES)

    def test_other_transports_are_left_alone(self) -> None:
        self.moderation = Moderation(object(), self.clock.seconds, self.clock.callLater)
        self.reads(3 * EVIDENCE_READS_MIN, 2 * MESSAGES_S_MIN)
        self.assertFalse(self.moderation.waiting)
