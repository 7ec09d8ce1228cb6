"""The contract `Queue` onto a store."""

from __future__ import annotations

from prometheus_client import CollectorRegistry
from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.queue import Delivery, QueueRefusedException, TopicStats
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.roles.queue.counts import Counts
from pushnet.roles.queue.servant import ANSWER_MARGIN_S, QueueI
from pushnet.rpc.stubs import Current
from pushnet.sim import Simulation
from pushnet.stores.queue import Limits
from pushnet.stores.queue_log import EmbeddedQueue
from tests.roles.queue.test_consumers import Line


class QueueServantTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.world = self.simulation.host("queue").boot()
        self.store = EmbeddedQueue(self.world, Limits(waiting_max=3, body_bytes_max=10))
        self._play(self.store.open())
        self.servant = QueueI(self.world, self.store, Counts(CollectorRegistry()))

    def _play(self, flow):
        return self.simulation.run_until(flow)

    def _current(self, line: Line, deadline: float | None = None) -> Current:
        return Current(line, None, None, 1, deadline)

    def _publish(self, body: bytes = b"x", key: str = ""):
        return self._play(self.servant.publish("push", body, key, b"answer"))

    def test_a_message_goes_through_its_life(self) -> None:
        receipt = self._publish(b"1", "key")
        self.assertTrue(self._publish(b"1", "key").duplicate)
        taken = self._play(self.servant.take("push", "pusher", 5, 0, 1000))
        self.assertEqual(taken, [Delivery(receipt.id, 1, b"1")])
        self._play(self.servant.retry("push", "pusher", receipt.id, 0, "again"))
        self._play(self.servant.take("push", "pusher", 5, 100, 1000))
        self._play(self.servant.park("push", "pusher", receipt.id, "poison"))
        (parked,) = self._play(self.servant.parked("push", "pusher", 5))
        self.assertEqual((parked.id, parked.attempts, parked.reason), (receipt.id, 2, "poison"))
        self.assertEqual(self._play(self.servant.stats("push", "pusher")), TopicStats(1, 0, 0, 1))
        self.assertEqual(self._play(self.servant.replay("push", "pusher", [receipt.id])), 1)
        self._play(self.servant.take("push", "pusher", 5, 0, 1000))
        self._play(self.servant.acknowledge("push", "pusher", [receipt.id]))
        self.assertEqual(self._play(self.servant.stats("push", "pusher")), TopicStats(1, 0, 0, 0))

    def test_what_cannot_be_is_refused_with_the_reason(self) -> None:
        error = self.assertRaises(QueueRefusedException, self._publish, b"x" * 11)
        self.assertIn("11 bytes", error.reason)
        taking = self.servant.take("no such name", "g", 1, 0, 1000)
        self.assertRaises(QueueRefusedException, self._play, taking)

    def test_where_the_contract_has_no_refusal_a_bad_name_means_nothing(self) -> None:
        self._play(self.servant.acknowledge("?", "g", [1]))
        self._play(self.servant.retry("?", "g", 1, 0, ""))
        self._play(self.servant.park("?", "g", 1, ""))
        self.assertEqual(self._play(self.servant.parked("?", "g", 1)), [])
        self.assertEqual(self._play(self.servant.replay("?", "g", [1])), 0)
        self.assertEqual(self._play(self.servant.stats("?", "g")), TopicStats())

    def test_a_full_topic_and_a_closed_store_are_unavailable(self) -> None:
        for _ in range(3):
            self._publish()
        self.assertRaises(UnavailableException, self._publish)
        self._play(self.store.close())
        error = self.assertRaises(UnavailableException, self._publish)
        self.assertIn("closed", error.reason)
        self.assertRaises(UnavailableException, self._play, self.servant.stats("push", "g"))

    def test_a_consumer_that_is_gone_takes_nothing_with_it(self) -> None:
        line = Line()
        waiting = ensureDeferred(self.servant.take("push", "g", 1, 30_000, 60_000, self._current(line)))
        self.simulation.run_for(1)
        line.close()
        self._publish()
        (taken,) = self._play(self.servant.take("push", "g", 1, 0, 60_000))
        self.assertEqual((taken.attempt, self.successResultOf(waiting)), (1, []))
        self.assertEqual(self.servant.consumers_waiting, 0)

    def test_what_a_killed_consumer_had_taken_goes_to_the_next_at_once(self) -> None:
        killed = Line()
        for body in (b"1", b"2"):
            self._publish(body)
        first, second = self._play(self.servant.take("push", "g", 2, 0, 60_000, self._current(killed)))
        self._play(self.servant.acknowledge("push", "g", [first.id], self._current(killed)))
        killed.close()
        taken = self._play(self.servant.take("push", "g", 2, 1_000, 60_000, self._current(Line())))
        self.assertEqual([(each.id, each.attempt) for each in taken], [(second.id, 2)])

    def test_a_wait_ends_before_its_caller_stops_waiting(self) -> None:
        begun = self.world.monotonic()
        current = self._current(Line(), begun + 2.0)
        self.assertEqual(self._play(self.servant.take("push", "g", 1, 60_000, 1000, current)), [])
        self.assertAlmostEqual(self.world.monotonic() - begun, 2.0 - ANSWER_MARGIN_S, 1)

    def test_consumers_are_let_go_when_the_node_closes_and_nothing_more_is_handed_out(self) -> None:
        waiting = ensureDeferred(self.servant.take("push", "g", 1, 30_000, 1000, self._current(Line())))
        self.simulation.run_for(1)
        self.servant.release_consumers()
        self.assertEqual(self.successResultOf(waiting), [])
        self._publish()
        self.assertEqual(self._play(self.servant.take("push", "g", 1, 30_000, 1000)), [])
