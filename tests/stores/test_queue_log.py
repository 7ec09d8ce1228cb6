"""The embedded queue under the contract, on real files and in the simulated world; and what is its own."""

from functools import partial

from twisted.internet.defer import ensureDeferred, gatherResults
from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim import Simulation
from pushnet.stores.queue import KEY_KEPT_S, WAITERS_MAX, Limits
from pushnet.stores.queue_log import EmbeddedQueue
from pushnet.stores.sqlite import StoreBusyException, StoreFailedException
from tests.stores.queue_contract import QueueContract
from tests.stores.worlds import OnFiles, Simulated


class _Embedded(QueueContract):
    async def open_queue(self, limits: Limits) -> EmbeddedQueue:
        queue = EmbeddedQueue(self.world, limits)
        await queue.open()
        return queue


class QueueOnFilesTests(_Embedded, OnFiles):
    pass


class QueueSimulatedTests(_Embedded, Simulated):
    pass


class EmbeddedQueueTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(5)
        self.addCleanup(self.simulation.close)
        self.host = self.simulation.host("q")
        self.host.boot()
        self.run_until = partial(self.simulation.run_until, limit_s=10 * KEY_KEPT_S)
        self.queue = self._open()

    def _open(self) -> EmbeddedQueue:
        queue = EmbeddedQueue(self.host.world, Limits())
        self.run_until(queue.open())
        return queue

    def test_a_key_is_forgotten_after_a_day(self) -> None:
        self.run_until(self.queue.publish("t", b"1", "key"))
        self.simulation.run_for(KEY_KEPT_S - 60)
        self.assertTrue(self.run_until(self.queue.publish("t", b"1", "key")).duplicate)
        self.simulation.run_for(180)
        self.assertFalse(self.run_until(self.queue.publish("t", b"1", "key")).duplicate)

    def test_an_idle_queue_leaves_nothing_running_when_closed(self) -> None:
        self.queue.take("t", "g", 1, 60, 60)
        self.simulation.run_for(1)
        self.run_until(self.queue.close())
        self.assertEqual(self.simulation.leftovers(), [])

    def test_a_wall_clock_that_jumped_ahead_and_back_delays_a_lease_by_no_more_than_the_longest(self) -> None:
        self.run_until(self.queue.publish("t", b"1"))
        self.run_until(self.queue.take("t", "g", 1, 0, 10))
        self.host.kill()
        self.host.boot().wall_offset_s = -365 * 24 * 3600.0
        again = self._open()
        waiting = again.take("t", "g", 1, 60, 10)
        self.assertEqual(self.run_until(waiting), [])
        self.simulation.run_for(3600)
        self.assertEqual(len(self.run_until(again.take("t", "g", 1, 0, 10))), 1)

    def test_what_is_on_its_way_to_a_consumer_is_given_back_before_the_end(self) -> None:
        self.run_until(self.queue.publish("t", b"1"))
        for number in range(20):
            taking = self.queue.take("t", "g", 1, 60, 3600)
            self.simulation.run_for(0.000_3 * number)
            taking.cancel() if not taking.called else None
            taking.addErrback(lambda failure: [])
            self.run_until(self.queue.close())
            self.host.kill()
            self.host.boot()
            self.queue = self._open()
            taken = self.successResultOf(taking)
            if not taken:
                taken = self.run_until(self.queue.take("t", "g", 1, 0, 3600))
            self.assertEqual([(each.body, each.attempt) for each in taken], [(b"1", 1)])
            self.run_until(self.queue.acknowledge("t", "g", [taken[0].id]))
            self.run_until(self.queue.publish("t", b"1"))
        self.assertEqual(self.simulation.failures, [])

    def test_too_many_consumers_in_line_are_told_at_once(self) -> None:
        for _ in range(WAITERS_MAX):
            self.queue.take("t", "g", 1, 60, 60)
        self.failureResultOf(self.queue.take("t", "g", 1, 60, 60), StoreBusyException)
        self.run_until(self.queue.close())

    def test_consumers_hear_that_the_store_is_closed(self) -> None:
        self.run_until(self.queue.close())
        self.failureResultOf(self.queue.take("t", "g", 1, 60, 60), StoreFailedException)
        self.failureResultOf(self.queue.publish("t", b""), StoreFailedException)

    def test_nothing_acknowledged_comes_back_and_nothing_else_is_lost_whenever_the_process_dies(self) -> None:
        for seed in range(40):
            self._life_and_death(seed)

    def _life_and_death(self, seed: int) -> None:
        simulation = Simulation(seed)
        self.addCleanup(simulation.close)
        host, accepted, finished, seen = simulation.host("q"), [], [], []
        for life in range(4):
            queue = EmbeddedQueue(host.boot(), Limits(attempts_max=100))
            simulation.run_until(queue.open())
            for number in range(10):
                simulation.later(number * 0.002, _produce, queue, b"%d-%d" % (life, number), accepted)
                simulation.later(number * 0.003, _consume, queue, seen, finished)
            simulation.run_for(0.03 * simulation.rng(f"life {life}").random())
            done_before = list(finished)
            host.kill()
            queue = EmbeddedQueue(host.boot(), Limits(attempts_max=100))
            simulation.run_until(queue.open())
            rest = _drain(simulation, queue)
            self.assertEqual([body for body in rest if body in done_before], [])
            missing = [body for body in accepted if body not in rest and body not in finished]
            self.assertEqual([body for body in missing if body not in seen], [], f"seed {seed}")
            finished += rest + missing
            seen.clear()
            host.kill()


def _produce(queue: EmbeddedQueue, body: bytes, accepted: list[bytes]) -> None:
    queue.publish("t", body, body.decode()).addCallback(lambda receipt: accepted.append(body))


def _consume(queue: EmbeddedQueue, seen: list[bytes], finished: list[bytes]) -> None:
    async def flow() -> None:
        for taken in await queue.take("t", "g", 2, 0.01, 0.1):
            seen.append(taken.body)
            await queue.acknowledge("t", "g", [taken.id])
            finished.append(taken.body)

    ensureDeferred(flow())


def _drain(simulation: Simulation, queue: EmbeddedQueue) -> list[bytes]:
    bodies: list[bytes] = []
    while taken := simulation.run_until(queue.take("t", "g", 10, 1.0, 60)):
        bodies += [each.body for each in taken]
        acknowledged = [queue.acknowledge("t", "g", [each.id]) for each in taken]
        simulation.run_until(gatherResults(acknowledged))
    return bodies
