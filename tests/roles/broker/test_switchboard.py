"""A Broker at work: devices come, receive, stay away and come back; shards fail; the node stops."""

from __future__ import annotations

from twisted.internet.address import IPv4Address
from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.device.device_session import Directed
from pushnet.device.frames import Ack, Get, Reason, Stream
from pushnet.device.writing import HEARTBEAT, encode
from pushnet.grid.lists import ADDRESS, DEVICE, NOBODY, ONLY_ADDRESS, Lists, Rule
from pushnet.grid.lists import APP as DENIED_APP
from pushnet.grid.moving import Place
from pushnet.roles.broker.switchboard import LineFactory
from tests.roles.broker.fakes import APP, FakeShard, Stage


class SwitchboardTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.stage = Stage()
        self.shard = self.stage.shard
        self.addCleanup(lambda: self.assertEqual(self.stage.world.failures, []))

    def test_a_heartbeat_is_answered(self) -> None:
        phone = self.stage.phone()
        phone.line.dataReceived(HEARTBEAT)
        self.assertEqual(phone.transport.value(), HEARTBEAT)

    def test_a_silent_device_is_hung_up_on_after_two_and_a_half_heartbeats(self) -> None:
        phone = self.stage.phone()
        self.stage.advance(149)
        self.assertFalse(phone.line.closed)
        self.stage.advance(2)
        phone.pump()
        self.assertEqual(phone.farewells, [Reason.TOO_SLOW])
        self.assertEqual((self.stage.board.lines.count, self.stage.board.connections), (0, 0))

    def test_a_device_that_beats_stays(self) -> None:
        phone = self.stage.phone()
        for _ in range(5):
            self.stage.advance(100)
            phone.line.dataReceived(HEARTBEAT)
        self.assertFalse(phone.line.closed)

    def test_acknowledgements_reach_the_shard_in_a_batch(self) -> None:
        phones = [self.stage.phone(f"phone-{number}") for number in range(3)]
        self.stage.advance(1)
        self.shard.asked.clear()
        for phone in phones:
            for body in (b"a", b"b"):
                self.stage.deliver(phone.ordinal, self.shard.store(phone.ordinal, body))
                phone.pump()
        self.shard.acks.clear()
        self.stage.world.clock.advance(0.06)
        self.assertEqual(
            [(ack.ordinal, ack.group, ack.seq) for ack in self.shard.acks],
            [(phone.ordinal, False, 2) for phone in phones],
        )
        self.assertEqual(self.shard.asked.count("acknowledge"), 1)

    def test_a_device_that_leaves_is_logged_out(self) -> None:
        phone = self.stage.phone()
        epoch = phone.line.epoch
        phone.hang_up()
        self.assertEqual(self.shard.logouts, [(phone.ordinal, epoch)])

    def test_an_acknowledgement_of_what_was_not_sent_ends_the_connection(self) -> None:
        phone = self.stage.phone()
        phone.line.dataReceived(encode(Ack(Stream.OWN, 99)))
        phone.pump()
        self.assertEqual(phone.farewells, [Reason.BROKE_PROTOCOL])

    def test_questions_upon_questions_end_the_connection(self) -> None:
        phone = self.stage.phone()
        self.shard.waiting = []
        phone.line.dataReceived(encode(Get(Stream.OWN, 0)))
        phone.line.dataReceived(encode(Get(Stream.OWN, 0)))
        phone.pump()
        self.assertEqual(phone.farewells, [Reason.BROKE_PROTOCOL])
        self.shard.waiting.pop().callback(None)

    def test_with_the_shard_gone_devices_stay_and_newcomers_come_later(self) -> None:
        phone = self.stage.phone()
        self.shard.down = True
        self.stage.advance(20)
        newcomer = self.stage.phone("newcomer")
        self.assertEqual((phone.line.closed, newcomer.farewells), (False, [Reason.TRY_LATER]))

    def test_a_stop_sends_devices_elsewhere_hands_over_and_logs_out(self) -> None:
        phone = self.stage.phone()
        self.stage.deliver(phone.ordinal, self.shard.store(phone.ordinal, b"a"))
        phone.pump()
        self.shard.acks.clear()
        self.successResultOf(ensureDeferred(self.stage.board.close()))
        phone.pump()
        self.assertEqual(phone.farewells, [Reason.GOING_AWAY])
        self.assertIn((phone.ordinal, False, 1), [(a.ordinal, a.group, a.seq) for a in self.shard.acks])
        self.assertEqual(len(self.shard.logouts), 1)
        self.assertEqual(self.stage.world.clock.getDelayedCalls(), [])

    def test_a_stop_gives_devices_to_where_they_shall_go_a_few_at_a_time(self) -> None:
        phones = [self.stage.phone(f"phone-{number}") for number in range(30)]
        place = Place("broker-2", "there", 7002, 0, 20)
        ending = ensureDeferred(self.stage.board.close([place], limit_s=1.0))
        self.assertEqual(sum(phone.line.closed for phone in phones), 5)
        self.stage.advance(0.2, 0.01)
        self.assertNoResult(ending)
        self.assertLess(sum(phone.line.closed for phone in phones), 30)
        self.stage.advance(3.0, 0.01)
        self.successResultOf(ending)
        for phone in phones:
            phone.pump()
            self.assertEqual(phone.farewells, [Reason.GOING_AWAY])
        told = [event for phone in phones for event in phone.events if isinstance(event, Directed)]
        self.assertEqual(told, [Directed("there", 7002)] * 20)

    def test_devices_are_given_away_as_many_as_others_have_room_for(self) -> None:
        phones = [self.stage.phone(f"phone-{number}") for number in range(8)]
        moving = ensureDeferred(self.stage.board.move(6, [Place("broker-2", "there", 7002, 16, 20)]))
        self.assertEqual(self.successResultOf(moving), 4)
        self.assertEqual(sum(phone.line.closed for phone in phones), 4)

    def test_who_comes_after_the_stop_is_sent_elsewhere(self) -> None:
        self.successResultOf(ensureDeferred(self.stage.board.close()))
        self.assertEqual(self.stage.phone().farewells, [Reason.GOING_AWAY])

    def test_nobody_is_let_in_past_the_limit(self) -> None:
        factory = LineFactory(self.stage.board, 1)
        self.assertIsNotNone(factory.buildProtocol(None))  # type: ignore[arg-type]
        self.stage.phone()
        self.assertIsNone(factory.buildProtocol(None))  # type: ignore[arg-type]

    def test_lists_hold_for_those_who_are_here(self) -> None:
        phones = [self.stage.phone(f"phone-{number}") for number in range(3)]
        one, *others = phones
        self.stage.board.go_by(Lists([Rule(DEVICE, APP, one.session.memory.registration_id)]))
        one.pump()
        self.assertEqual(one.farewells, [Reason.NOT_ALLOWED])
        self.assertEqual([phone.line.closed for phone in others], [False, False])
        self.stage.board.go_by(Lists([Rule(DENIED_APP, "", APP)]))
        self.assertEqual(self.stage.board.lines.count, 0)

    def test_an_address_that_is_denied_is_not_let_in_and_who_is_here_from_there_goes(self) -> None:
        phone = self.stage.phone()
        here = phone.transport.getPeer().host
        self.stage.board.go_by(Lists([Rule(ADDRESS, "", here)]))
        self.assertTrue(phone.line.closed)
        factory = LineFactory(self.stage.board, 10)
        self.assertIsNone(factory.buildProtocol(IPv4Address("TCP", here, 1)))
        self.assertIsNotNone(factory.buildProtocol(IPv4Address("TCP", "203.0.113.9", 1)))
        self.stage.board.go_by(Lists([Rule(ONLY_ADDRESS, "", NOBODY)]))
        self.assertIsNone(factory.buildProtocol(IPv4Address("TCP", "203.0.113.9", 1)))


class TwoBrokersTests(SynchronousTestCase):
    def test_a_device_that_moves_to_another_broker_misses_and_repeats_nothing(self) -> None:
        shard = FakeShard()
        first, second = Stage(shard), Stage(shard)
        phone = first.phone()
        ordinal = phone.ordinal
        first.deliver(ordinal, shard.store(ordinal, b"own 1"))
        first.spread(shard.append(b"group 1", ordinal))
        phone.pump()
        first.deliver(ordinal, shard.store(ordinal, b"own 2"))
        first.spread(shard.append(b"group 2", ordinal))
        phone.hang_up()
        shard.store(ordinal, b"own 3")
        shard.append(b"group 3", ordinal)
        phone.stage = second
        phone.call()
        self.assertEqual(
            sorted(phone.bodies), sorted(f"{s} {n}".encode() for s in ("own", "group") for n in (1, 2, 3))
        )
        second.board.lines.evict(APP, ordinal, phone.line.epoch)
        self.assertFalse(phone.line.closed)
