"""A Broker's sign of life, and what it hears in return."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.dbagent import Route
from pushnet.roles.broker.beats import REPORT_EVERY_S
from tests.roles.broker.fakes import APP, Stage


class BeatsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.stage = Stage()
        self.shard = self.stage.shard
        self.addCleanup(lambda: self.assertEqual(self.stage.world.failures, []))

    def test_the_shard_hears_a_beat_every_second(self) -> None:
        self.shard.asked.clear()
        self.stage.advance(5.5)
        self.assertEqual(self.shard.asked, ["beat"] * 5)

    def test_a_shard_that_restarted_is_told_all_routes(self) -> None:
        phones = [self.stage.phone(f"phone-{number}") for number in range(3)]
        self.stage.advance(3)
        self.shard.reported.clear()
        self.shard.incarnation += 1
        self.stage.advance(3)
        expected = [Route(APP, phone.ordinal, phone.line.epoch) for phone in phones]
        self.assertEqual(self.shard.reported, expected)

    def test_routes_that_were_dropped_for_lack_of_beats_are_told_again(self) -> None:
        phone = self.stage.phone()
        self.stage.advance(3)
        self.shard.reported.clear()
        self.shard.down = True
        self.stage.advance(5)
        self.assertEqual(self.stage.board.beats.silent, [0])
        self.shard.down = False
        self.stage.advance(1.5)
        self.assertEqual(self.shard.reported, [Route(APP, phone.ordinal, phone.line.epoch)])
        self.assertEqual(self.stage.board.beats.silent, [])

    def test_routes_are_told_again_once_in_a_while(self) -> None:
        phone = self.stage.phone()
        self.stage.advance(REPORT_EVERY_S)
        self.shard.reported.clear()
        self.stage.advance(REPORT_EVERY_S)
        self.assertEqual(self.shard.reported, [Route(APP, phone.ordinal, phone.line.epoch)])

    def test_a_shard_that_hangs_gets_no_second_beat(self) -> None:
        self.stage.advance(1)
        self.shard.waiting = []
        self.stage.advance(10)
        self.assertEqual(len(self.shard.waiting), 1)

    def test_the_log_of_an_app_without_devices_is_forgotten(self) -> None:
        phone = self.stage.phone()
        self.stage.advance(2)
        self.assertEqual(self.stage.board.logs.apps(), [APP])
        phone.hang_up()
        self.stage.advance(2)
        self.assertEqual(self.stage.board.logs.apps(), [])
