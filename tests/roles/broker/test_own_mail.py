"""A device's own stream: inline, told, paged, gone."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.device.frames import SERVER_FRAME_BYTES_MAX, GapReason, Notify, Push, Stream
from pushnet.device.outflow import WINDOW
from pushnet.device.reading import split
from tests.roles.broker.fakes import EPOCH_S, Stage


class OwnMailTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.stage = Stage()
        self.shard = self.stage.shard
        self.phone = self.stage.phone()
        self.addCleanup(lambda: self.assertEqual(self.stage.world.failures, []))

    def send(self, body: bytes, **more: int) -> list[int]:
        ordinal = self.phone.ordinal
        return self.stage.deliver(ordinal, self.shard.store(ordinal, body, **more))

    def sent(self) -> list[object]:
        frames, rest = split(self.phone.transport.value(), SERVER_FRAME_BYTES_MAX)
        self.assertEqual(rest, b"")
        return list(frames)

    def test_a_small_message_goes_inline_with_its_id(self) -> None:
        self.send(b"hello")
        self.assertEqual(self.sent(), [Push(Stream.OWN, 1, 86400, b"hello", 0, 1001)])

    def test_the_same_message_again_is_not_sent_again(self) -> None:
        entry = self.shard.store(self.phone.ordinal, b"hello")
        for _ in range(3):
            self.assertEqual(self.stage.deliver(self.phone.ordinal, entry), [])
        self.assertEqual(len(self.sent()), 1)

    def test_a_large_message_is_told_of_and_pulled(self) -> None:
        self.send(b"x" * 65)
        self.assertEqual(self.sent(), [Notify(Stream.OWN, 1)])
        self.phone.pump()
        self.assertEqual(self.phone.bodies, [b"x" * 65])

    def test_after_a_pull_messages_go_inline_again(self) -> None:
        self.send(b"x" * 65)
        self.phone.pump()
        self.send(b"small")
        self.assertEqual(self.sent(), [Push(Stream.OWN, 2, 86400, b"small", 1, 1002)])

    def test_a_message_that_overtook_another_is_pulled_with_it(self) -> None:
        ordinal = self.phone.ordinal
        entries = [self.shard.store(ordinal, body) for body in (b"a", b"b")]
        self.stage.deliver(ordinal, entries[1])
        self.phone.pump()
        self.stage.deliver(ordinal, entries[0])
        self.phone.pump()
        self.assertEqual(self.phone.bodies, [b"a", b"b"])

    def test_a_device_that_does_not_read_gets_a_window_and_one_notice(self) -> None:
        for number in range(100):
            self.send(b"%d" % number)
        frames = self.sent()
        self.assertEqual(len(frames), WINDOW + 1)
        self.assertEqual(frames[-1], Notify(Stream.OWN, WINDOW + 1))
        self.phone.pump()
        self.assertEqual(self.phone.bodies, [b"%d" % number for number in range(100)])

    def test_a_device_whose_way_is_full_is_only_told(self) -> None:
        self.phone.line.pauseProducing()
        self.send(b"a")
        self.send(b"b")
        self.assertEqual(self.sent(), [Notify(Stream.OWN, 1)])
        self.phone.line.resumeProducing()
        self.phone.pump()
        self.assertEqual(self.phone.bodies, [b"a", b"b"])

    def test_an_expired_message_is_stepped_over_and_said_so(self) -> None:
        self.send(b"late", expires_ms=EPOCH_S * 1000 - 1)
        self.send(b"in time")
        self.phone.pump()
        self.assertEqual((self.phone.bodies, self.phone.gaps), ([b"in time"], [(0, 1, GapReason.EXPIRED)]))

    def test_messages_that_overflowed_are_announced(self) -> None:
        self.phone.hang_up()
        for number in range(5):
            self.shard.store(0, b"%d" % number)
        del self.shard.streams[0][:3]
        self.phone.call()
        self.assertEqual((self.phone.bodies, self.phone.gaps), ([b"3", b"4"], [(0, 3, GapReason.OVERFLOWED)]))

    def test_a_stream_that_was_emptied_meanwhile_does_not_leave_the_device_waiting(self) -> None:
        self.send(b"x" * 65)
        del self.shard.streams[0][:]
        self.phone.pump()
        self.assertEqual(self.phone.gaps, [(0, 1, GapReason.EXPIRED)])

    def test_a_question_is_answered_when_the_shard_is_back(self) -> None:
        self.send(b"x" * 65)
        self.shard.down = True
        self.phone.pump()
        self.stage.advance(8)
        self.assertEqual((self.phone.bodies, self.phone.line.closed), ([], False))
        self.shard.down = False
        self.stage.advance(8)
        self.phone.pump()
        self.assertEqual(self.phone.bodies, [b"x" * 65])

    def test_devices_that_are_not_here_are_named(self) -> None:
        self.shard.streams[99] = []
        self.assertEqual(self.stage.deliver(99, self.shard.store(99, b"a")), [99])
