"""`PushNet::Broker` as a Pusher calls it."""

from __future__ import annotations

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.broker import Target
from pushnet.roles.broker.servant import BrokerI
from tests.roles.broker.fakes import APP, Stage


class BrokerTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.stage = Stage()
        self.phone = self.stage.phone()
        self.broker = BrokerI(self.stage.board, self.stage.tally, self.rebalance)

    async def rebalance(self) -> int:
        return 3

    def test_it_tells_how_many_devices_are_on_their_way_to_others(self) -> None:
        self.assertEqual(self.successResultOf(ensureDeferred(self.broker.rebalance())), 3)

    def test_devices_that_are_here_get_it_and_the_others_are_named(self) -> None:
        entry = self.stage.shard.store(0, b"hello")
        targets = [Target(0, 0, entry.prev, entry.seq), Target(9, 0, 0, 1)]
        absent = self.successResultOf(ensureDeferred(self.broker.deliver(APP, entry.message, targets)))
        self.phone.pump()
        self.assertEqual((absent, self.phone.bodies), ([9], [b"hello"]))

    def test_a_row_goes_to_its_audience(self) -> None:
        row = self.stage.shard.append(b"hello", 0)
        self.successResultOf(
            ensureDeferred(self.broker.deliverGroup(APP, row.seq, row.message, row.audience))
        )
        self.phone.pump()
        self.assertEqual(self.phone.bodies, [b"hello"])

    def test_a_row_of_an_app_without_devices_here_costs_nothing(self) -> None:
        row = self.stage.shard.append(b"hello", 0)
        self.successResultOf(ensureDeferred(self.broker.deliverGroup("x", 1, row.message, b"not even read")))

    def test_an_eviction_closes_an_older_login(self) -> None:
        self.successResultOf(ensureDeferred(self.broker.evict(APP, 0, self.phone.line.epoch + 1)))
        self.assertTrue(self.phone.line.closed)

    def test_the_stats_count_devices(self) -> None:
        stats = self.successResultOf(ensureDeferred(self.broker.stats()))
        self.assertEqual((stats["devices"], stats["connections"], stats["logins"]), (1.0, 1.0, 1.0))
