"""A connected device hears of what it was not told, sooner or later."""

from __future__ import annotations

from itertools import pairwise

from pushnet.gen.pushnet.broker import Target
from pushnet.gen.pushnet.dbagent import Acknowledgement, Registration
from pushnet.roles.dbagent.reminders import EXPECTED_MAX, PAUSE_FIRST_S, PAUSE_MAX_S
from tests.roles.dbagent.scene import APP, ShardCase


class ReminderTests(ShardCase):
    def setUp(self) -> None:
        super().setUp()
        self.made = self.register()
        self.epoch = self.login(self.made).epoch
        self.told = self.broker("broker-1").delivered

    def _store(self, id: int, made: Registration | None = None) -> None:
        self.run_until(self.shard.store(APP, self.message(id), [(made or self.made).ordinal]))

    def _remind_after(self, seconds: float) -> None:
        self.simulation.run_for(seconds)
        self.run_until(self.reminders.remind(self.world.monotonic()))

    def test_what_is_not_acknowledged_is_handed_over_again(self) -> None:
        self._store(1)
        self._store(2)
        self._remind_after(PAUSE_FIRST_S - 0.1)
        self.assertEqual(self.told, [])
        self._remind_after(0.2)
        self.assertEqual(self.told, [(2, [Target(self.made.ordinal, self.epoch, 1, 2)])])

    def test_what_is_acknowledged_is_not(self) -> None:
        self._store(1)
        self._store(2)
        self.run_until(self.shard.acknowledge([Acknowledgement(APP, self.made.ordinal, False, 1)]))
        self.assertEqual(len(self.reminders), 1)
        self.run_until(self.shard.acknowledge([Acknowledgement(APP, self.made.ordinal, True, 9)]))
        self.assertEqual(len(self.reminders), 1)
        self.run_until(self.shard.acknowledge([Acknowledgement(APP, self.made.ordinal, False, 2)]))
        self.assertEqual(len(self.reminders), 0)
        self._remind_after(PAUSE_FIRST_S + 0.1)
        self.assertEqual(self.told, [])

    def test_pauses_double_up_to_a_limit(self) -> None:
        self._store(1)
        started_s, at_s = self.simulation.now_s, []
        while len(at_s) < 7:
            before = len(self.told)
            self._remind_after(0.5)
            if len(self.told) > before:
                at_s.append(self.simulation.now_s - started_s)
        pauses = [later - earlier for earlier, later in pairwise(at_s)]
        for pause, wanted in zip(pauses, [6, 12, 24, PAUSE_MAX_S, PAUSE_MAX_S, PAUSE_MAX_S], strict=True):
            self.assertApproximates(pause, wanted, 0.6)

    def test_a_device_without_a_route_is_not_waited_for(self) -> None:
        self._store(1)
        self.run_until(self.shard.logout(APP, self.made.ordinal, "broker-1", self.epoch))
        self._store(2)
        self._remind_after(PAUSE_FIRST_S + 0.1)
        self.assertEqual((self.told, len(self.reminders)), ([], 0))

    def test_a_broker_that_does_not_hold_the_device_loses_the_route(self) -> None:
        self.broker("broker-1").without = [self.made.ordinal]
        self._store(1)
        self._remind_after(PAUSE_FIRST_S + 0.1)
        self.assertIsNone(self.routes.find(APP, self.made.ordinal))
        self._remind_after(PAUSE_MAX_S)
        self.assertEqual((len(self.told), len(self.reminders)), (1, 0))

    def test_a_broker_that_fails_is_tried_again(self) -> None:
        self.broker("broker-1").failing = True
        self._store(1)
        self._remind_after(PAUSE_FIRST_S + 0.1)
        self.broker("broker-1").failing = False
        self._remind_after(2 * PAUSE_FIRST_S + 0.1)
        self.assertEqual(len(self.told), 1)

    def test_what_is_gone_from_the_stream_is_owed_no_more(self) -> None:
        self._store(1)
        self.run_until(self.store.acknowledge([(APP, self.made.ordinal, False, 1)]))
        self._remind_after(PAUSE_FIRST_S + 0.1)
        self.assertEqual((self.told, len(self.reminders)), ([], 0))

    def test_only_so_many_are_waited_for(self) -> None:
        for ordinal in range(EXPECTED_MAX + 5):
            self.reminders.expect("other", ordinal, 1, 0.0)
        self.assertEqual(len(self.reminders), EXPECTED_MAX)
        self.reminders.acknowledged("other", 0, 1)
        self.assertEqual(len(self.reminders), EXPECTED_MAX)
