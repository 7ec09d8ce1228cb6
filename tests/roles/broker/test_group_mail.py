"""The group log on its way to devices: one frame for all, pages for those behind."""

from __future__ import annotations

import attrs
from twisted.trial.unittest import SynchronousTestCase

from pushnet.device.frames import SERVER_FRAME_BYTES_MAX, GapReason, Notify, Push, Stream
from pushnet.device.reading import split
from pushnet.roles.broker.group_mail import VAIN_ROWS_MAX
from tests.roles.broker.fakes import EPOCH_S, Phone, Stage


class GroupMailTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.stage = Stage()
        self.shard = self.stage.shard
        self.phones = [self.stage.phone(f"phone-{number}") for number in range(3)]
        self.addCleanup(lambda: self.assertEqual(self.stage.world.failures, []))

    def push(self, body: bytes, *ordinals: int, **more: int) -> None:
        self.stage.spread(self.shard.append(body, *ordinals, **more))

    def bodies(self) -> list[list[bytes]]:
        for phone in self.phones:
            phone.pump()
        return [phone.bodies for phone in self.phones]

    def sent(self, phone: Phone) -> list[object]:
        return list(split(phone.transport.value(), SERVER_FRAME_BYTES_MAX)[0])

    def test_a_row_reaches_its_audience_and_nobody_else(self) -> None:
        self.push(b"a", 0, 2, 77)
        self.assertEqual(self.bodies(), [[b"a"], [], [b"a"]])

    def test_devices_of_one_row_get_the_same_bytes_whatever_came_before(self) -> None:
        self.push(b"a", 0)
        self.push(b"b", 0, 1)
        self.assertEqual(self.sent(self.phones[1]), [Push(Stream.GROUP, 2, 86400, b"b", None, 5002)])
        self.assertEqual(self.sent(self.phones[0])[1:], self.sent(self.phones[1]))
        self.assertEqual(self.bodies(), [[b"a", b"b"], [b"b"], []])

    def test_rows_that_arrive_twice_or_in_disorder_are_shown_once_in_order(self) -> None:
        entries = [self.shard.append(b"%d" % number, 0) for number in range(4)]
        for at in (1, 0, 1, 3, 2, 2):
            self.stage.spread(entries[at])
        self.assertEqual(self.bodies()[0], [b"0", b"1", b"2", b"3"])

    def test_a_row_that_nobody_delivered_is_found_by_the_next_beat(self) -> None:
        self.shard.append(b"forgotten", 1)
        self.stage.advance(1.25)
        self.assertEqual(self.bodies(), [[], [b"forgotten"], []])

    def test_a_large_row_is_told_of_and_pulled(self) -> None:
        self.push(b"x" * 65, 0, 1)
        self.assertEqual(self.sent(self.phones[0]), [Notify(Stream.GROUP, 1)])
        self.push(b"b", 0)
        self.assertEqual(self.bodies(), [[b"x" * 65, b"b"], [b"x" * 65], []])
        self.push(b"c", 0, 1, 2)
        self.assertEqual(self.sent(self.phones[0]), [Push(Stream.GROUP, 3, 86400, b"c", None, 5003)])
        self.assertEqual(self.bodies()[1:], [[b"x" * 65, b"c"], [b"c"]])

    def test_an_expired_row_goes_to_nobody(self) -> None:
        self.push(b"late", 0, 1, 2, expires_ms=EPOCH_S * 1000)
        self.push(b"in time", 0)
        self.assertEqual(self.bodies(), [[b"in time"], [], []])

    def test_an_expired_row_in_a_page_is_said_so(self) -> None:
        self.phones[0].hang_up()
        self.push(b"late", 0, expires_ms=EPOCH_S * 1000)
        self.push(b"in time", 0)
        self.phones[0].call()
        self.assertEqual(self.phones[0].gaps, [(0, 1, GapReason.EXPIRED)])
        self.assertEqual(self.phones[0].bodies, [b"in time"])

    def test_a_slow_device_is_told_and_pulls_when_it_can(self) -> None:
        self.phones[0].line.pauseProducing()
        for number in range(40):
            self.push(b"%d" % number, 0, 1)
        self.assertEqual(self.sent(self.phones[0]), [Notify(Stream.GROUP, 1)])
        self.phones[0].line.resumeProducing()
        expected = [b"%d" % number for number in range(40)]
        self.assertEqual(self.bodies(), [expected, expected, []])

    def test_a_device_that_comes_back_after_many_rows_for_others_is_put_ahead(self) -> None:
        phone = self.phones[0]
        phone.hang_up()
        for _ in range(VAIN_ROWS_MAX):
            self.push(b"x", 1)
        phone.call()
        self.assertEqual((phone.bodies, phone.session.memory.group), ([], VAIN_ROWS_MAX))

    def test_a_log_whose_beginning_is_gone_is_announced_from_where_it_is(self) -> None:
        stage = Stage(self.shard)
        self.phones[0].hang_up()
        for number in range(6):
            self.shard.append(b"%d" % number, 0)
        del self.shard.log[:3]
        memory = attrs.evolve(self.phones[0].session.memory, group=1)
        phone = stage.phone("phone-0", memory)
        self.assertEqual((phone.bodies, phone.gaps), ([b"3", b"4", b"5"], [(1, 3, GapReason.EXPIRED)]))

    def test_when_the_home_shard_fails_a_page_waits_for_it(self) -> None:
        stage = Stage(self.shard)
        phone = self.phones[0]
        phone.hang_up()
        for number in range(3):
            self.shard.append(b"%d" % number, 0)
        other = stage.phone("phone-1")
        self.assertTrue(other.line.is_open)
        phone.stage = stage
        self.shard.failing = ["group"]
        phone.call()
        stage.advance(3)
        self.assertEqual((phone.bodies, phone.line.closed), ([], False))
        self.shard.failing = []
        stage.advance(20)
        phone.pump()
        self.assertEqual(phone.bodies, [b"0", b"1", b"2"])
