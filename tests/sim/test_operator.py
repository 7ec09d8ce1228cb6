"""Parked pushes are accounted for, and put back in line."""

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.queue import QueuePrx
from pushnet.sim.cluster import SimCluster, small_cluster
from pushnet.sim.operator import EVERY_S, GROUP, TOPIC, Operator
from pushnet.sim.simulation import Simulation


class OperatorTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.cluster = SimCluster(self.simulation, small_cluster())
        for name in ("registry-1", "queue-1"):
            self.simulation.run_until(self.cluster.boot(name))
        self.operator = Operator(self.cluster)
        ensureDeferred(self.operator.look_after())
        communicator = self.cluster.running["queue-1"].communicator
        queue = QueuePrx.uncheckedCast(communicator.stringToProxy("Queue"))
        assert queue is not None
        self.queue = queue

    def tearDown(self) -> None:
        self.flushLoggedErrors()

    def test_what_is_parked_is_put_back_in_line(self) -> None:
        receipt = self.simulation.run_until(self.queue.publish(TOPIC, b"x", "", b""))
        self.simulation.run_until(self.queue.take(TOPIC, GROUP, 1, 0, 60_000))
        self.simulation.run_until(self.queue.park(TOPIC, GROUP, receipt.id, "poison"))
        (again,) = self.simulation.run_until(self.queue.take(TOPIC, GROUP, 1, 9_000, 60_000))
        self.assertEqual((again.id, again.attempt), (receipt.id, 1))
        self.simulation.run_for(EVERY_S)
        self.assertEqual(
            (self.operator.replayed, self.operator.reasons), (1, [f"parked {receipt.id}: poison"])
        )

    def test_a_queue_that_is_away_is_asked_again(self) -> None:
        self.cluster.kill("queue-1")
        self.simulation.run_for(3 * EVERY_S)
        self.assertGreater(len(self.operator.reasons), 1)
        self.assertEqual(self.operator.replayed, 0)
