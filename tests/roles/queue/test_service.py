"""The queue as a node: found by name, durable, closed in order."""

from __future__ import annotations

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.queue import Delivery, QueuePrx
from pushnet.rpc.communicator import Communicator
from pushnet.sim.cluster import SimCluster, small_cluster
from pushnet.sim.simulation import Simulation


class QueueServiceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.cluster = SimCluster(self.simulation, small_cluster())
        for name in ("registry-1", "queue-1"):
            self.simulation.run_until(self.cluster.boot(name))
        self.host = self.simulation.host("consumer")
        self.queue = self._consumer()

    def tearDown(self) -> None:
        self.flushLoggedErrors()

    def _consumer(self) -> QueuePrx:
        properties = {"Ice.Default.Locator": self.cluster.settings.locator}
        communicator = Communicator(self.host.boot(), properties=properties)
        queue = QueuePrx.uncheckedCast(communicator.stringToProxy("Queue"))
        assert queue is not None
        return queue.ice_invocationTimeout(10_000)

    def _publish(self, body: bytes) -> int:
        return self.simulation.run_until(self.queue.publish("push", body, "", b"")).id

    def test_it_is_found_by_its_name(self) -> None:
        found = self.simulation.run_until(QueuePrx.checkedCast(self.queue))
        self.assertIsNotNone(found)

    def test_what_was_answered_is_there_after_a_kill(self) -> None:
        id = self._publish(b"kept")
        self.cluster.kill("queue-1")
        self.simulation.run_until(self.cluster.boot("queue-1"))
        taken = self.simulation.run_until(self.queue.take("push", "g", 1, 0, 1000))
        self.assertEqual(taken, [Delivery(id, 1, b"kept")])

    def test_a_consumer_that_dies_while_it_waits_takes_nothing_with_it(self) -> None:
        self.queue.take("push", "g", 1, 60_000, 60_000)
        self.simulation.run_for(1)
        gauges = self.cluster.running["queue-1"].service.gauges()
        self.assertEqual(gauges["consumers_waiting"], 1)
        self.host.kill()
        self.simulation.run_for(1)
        self.queue = self._consumer()
        id = self._publish(b"x")
        taken = self.simulation.run_until(self.queue.take("push", "g", 1, 0, 1000))
        self.assertEqual(taken, [Delivery(id, 1, b"x")])

    def test_a_wait_is_answered_before_the_call_times_out(self) -> None:
        self.assertEqual(self.simulation.run_until(self.queue.take("push", "g", 1, 60_000, 1000)), [])

    def test_closing_answers_those_who_wait_and_leaves_nothing_running(self) -> None:
        waiting = ensureDeferred(self.queue.take("push", "g", 1, 8_000, 1000))
        self.simulation.run_for(1)
        service = self.cluster.running["queue-1"].service
        stopping = self.cluster.stop("queue-1")
        self.simulation.run_until(stopping, 5)
        self.simulation.run_for(1)
        self.assertEqual(self.successResultOf(waiting), [])
        self.assertFalse(service.health()["ok"])

    def test_it_is_well_while_its_store_is(self) -> None:
        service = self.cluster.running["queue-1"].service
        self.assertEqual(service.health(), {"ok": True, "failure": ""})
