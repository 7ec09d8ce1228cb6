"""Errands to Brokers: bounded, and given up when a Broker does not take them."""

from __future__ import annotations

from twisted.internet.defer import Deferred

from pushnet.gen.pushnet.broker import Target
from pushnet.roles.dbagent.courier import AT_ONCE
from tests.roles.dbagent.scene import APP, ShardCase


class CourierTests(ShardCase):
    def test_errands_are_run(self) -> None:
        self.courier.evict("broker-1", APP, 5, 9)
        target = Target(5, 9, 0, 1)
        self.courier.deliver("broker-2", APP, self.message(7), [target])
        self.assertEqual(self.broker("broker-1").evicted, [(5, 9)])
        self.assertEqual(self.broker("broker-2").delivered, [(7, [target])])
        self.assertEqual(len(self.courier), 0)

    def test_only_so_many_are_under_way_to_one_broker(self) -> None:
        slow = self.broker("broker-1")
        slow.held = held = []
        for ordinal in range(AT_ONCE + 10):
            self.courier.evict("broker-1", APP, ordinal, 9)
        self.assertEqual((slow.calls, len(self.courier)), (AT_ONCE, AT_ONCE + 10))
        self.courier.evict("broker-2", APP, 1, 9)
        self.assertEqual(len(self.broker("broker-2").evicted), 1)
        while held:
            held.pop(0).callback(None)
        self.assertEqual([ordinal for ordinal, _ in slow.evicted], list(range(AT_ONCE + 10)))
        self.assertEqual(len(self.courier), 0)

    def test_a_broker_that_fails_gets_no_more_of_what_is_in_line(self) -> None:
        gone = self.broker("broker-1")
        gone.held = held = []
        for ordinal in range(AT_ONCE + 10):
            self.courier.evict("broker-1", APP, ordinal, 9)
        gone.failing = True
        while held:
            held.pop(0).callback(None)
        self.assertEqual((gone.calls, len(self.courier)), (AT_ONCE, 0))
        gone.failing, gone.held = False, None
        self.courier.evict("broker-1", APP, 77, 9)
        self.assertEqual(gone.evicted, [(77, 9)])

    def test_closing_gives_everything_up(self) -> None:
        slow = self.broker("broker-1")
        slow.held = []
        for ordinal in range(AT_ONCE + 10):
            self.courier.evict("broker-1", APP, ordinal, 9)
        self.courier.close()
        self.assertEqual(len(self.courier), 0)
        self.assertEqual(self.simulation.failures, [])
        self.assertTrue(all(isinstance(turn, Deferred) and turn.called for turn in slow.held))
