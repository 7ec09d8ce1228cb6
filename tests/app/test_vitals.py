"""What a node tells of how it does."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Gauge
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.vitals import CPU, LOOKS, MEMORY, TIMES_MIN, Vitals
from pushnet.rpc.exceptions import ObjectNotExistException
from pushnet.rpc.latencies import TIMED_MASK
from pushnet.wire.identity import Identity
from tests.golden.calls import EverythingPrx
from tests.rpc.given import Grid

EACH = TIMED_MASK + 1


class VitalsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.servant, self.proxy = self.grid.pair()
        self.metrics = CollectorRegistry()
        self.server = self.grid.communicators["server"]
        self.vitals = Vitals(lambda: self.grid.simulation.now_s, self.metrics, self.server)

    def test_a_node_of_whom_nothing_was_asked_says_so(self) -> None:
        self.grid.simulation.run_for(5.0)
        self.assertEqual(self.vitals.readings(), {"requests": 0.0, "failures": 0.0, "up_s": 5.0})

    def test_failures_are_counted_among_the_requests(self) -> None:
        self.grid.simulation.run_until(self.proxy.add(1, 2))
        stranger = EverythingPrx.uncheckedCast(self.proxy.ice_identity(Identity("nobody", "")))
        assert stranger is not None
        with self.assertRaises(ObjectNotExistException):
            self.grid.simulation.run_until(stranger.add(1, 2))
        told = self.vitals.readings()
        self.assertEqual((told["requests"], told["failures"]), (2.0, 1.0))

    def test_one_request_in_eight_tells_how_long_they_take(self) -> None:
        for _ in range(EACH * TIMES_MIN):
            self.servant.gate = Deferred()
            answer = self.proxy.nothing()
            self.grid.simulation.run_for(0.050)
            self.servant.gate.callback(None)
            self.grid.simulation.run_until(answer)
        p99_ms = self.vitals.readings()["p99_ms"]
        self.assertTrue(45.0 < p99_ms < 55.0, p99_ms)
        for _ in range(LOOKS):
            told = self.vitals.readings()
        self.assertNotIn("p99_ms", told)

    def test_memory_is_what_the_process_collector_says(self) -> None:
        Gauge(MEMORY, "as prometheus_client names it", registry=self.metrics).set(5e6)
        self.assertEqual(self.vitals.readings()["memory_bytes"], 5e6)

    def test_processor_time_is_what_the_process_collector_says(self) -> None:
        Gauge(CPU, "as prometheus_client names it", registry=self.metrics).set(1.23456)
        self.assertEqual(self.vitals.readings()["cpu_s"], 1.235)
