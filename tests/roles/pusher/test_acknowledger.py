"""Telling the queue in batches."""

from __future__ import annotations

from typing import cast

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.queue import Queue
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.roles.pusher.acknowledger import TRIES, Acknowledger
from pushnet.sim import Simulation
from tests.roles.memory import MemoryQueue
from tests.roles.pusher.given import LOG


class AcknowledgerTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        world = self.simulation.host("pusher").boot()
        self.queue = MemoryQueue(world)
        self.acknowledger = Acknowledger(world, cast(Queue, self.queue), "push", "pusher", LOG)

    def flush(self) -> None:
        self.simulation.run_until(ensureDeferred(self.acknowledger.flush()))

    def test_the_first_goes_at_once_and_the_rest_together(self) -> None:
        self.queue.hold("acknowledge")
        for number in range(5):
            self.acknowledger.done(number)
        self.assertEqual(self.queue.calls, ["acknowledge"])
        self.queue.release("acknowledge")
        self.flush()
        self.assertEqual((self.queue.calls, self.queue.done), (["acknowledge"] * 2, [0, 1, 2, 3, 4]))

    def test_a_call_that_fails_is_repeated(self) -> None:
        self.queue.trouble["acknowledge"] = [UnavailableException("busy")] * (TRIES - 1)
        self.acknowledger.done(7)
        self.flush()
        self.assertEqual(self.queue.done, [7])

    def test_it_gives_up_and_leaves_the_rest_to_the_lease(self) -> None:
        self.queue.trouble["acknowledge"] = [UnavailableException("busy")] * TRIES
        self.acknowledger.done(7)
        self.flush()
        self.acknowledger.done(8)
        self.flush()
        self.assertEqual(self.queue.done, [8])

    def test_with_nothing_to_tell_flushing_is_over_at_once(self) -> None:
        self.flush()
        self.assertEqual(self.queue.calls, [])
