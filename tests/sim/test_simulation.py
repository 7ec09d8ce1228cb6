"""Runs under a seed: what ends them, what a crash does, and that they repeat."""

import os
import sys
from pathlib import Path

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.task import deferLater
from twisted.internet.utils import getProcessOutput
from twisted.trial.unittest import SynchronousTestCase, TestCase

from pushnet.sim import Simulation, SimulationFailed
from tests.sim.peers import Pair, Recorder

REPLAY = """
from tests.sim.peers import Pair
pair = Pair(11)
for number in range(200):
    pair.client.transport.write(b"x" * number)
    pair.server.transport.write(b"y")
    pair.settle(0.0003)
pair.s.kill()
pair.settle()
print(pair.simulation.trace_hash)
"""


class SimulationTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.host = self.simulation.host("h")
        self.world = self.host.boot()

    def test_a_run_ends_with_its_result_and_virtual_time_has_passed(self) -> None:
        waiting = deferLater(self.world.clock, 3600, lambda: "tea")
        self.assertEqual(self.simulation.run_until(waiting, limit_s=4000), "tea")
        self.assertEqual(self.simulation.now_s, 3600)

    def test_the_dead_are_collected_in_silence(self) -> None:
        """A coroutine that the collector closes wakes another that it has closed already."""

        async def waits(gate: Deferred[None]) -> None:
            await gate

        async def wakes(gate: Deferred[None], own: Deferred[None]) -> None:
            try:
                await own
            finally:
                gate.callback(None)

        for end in (self.host.kill, self.simulation.close):
            gate, own = Deferred(), Deferred()
            waiting = waits(gate)
            self.world.background("waits", Deferred.fromCoroutine(waiting))
            self.world.background("wakes", Deferred.fromCoroutine(wakes(gate, own)))
            waiting.close()
            del waiting, gate, own
            end()
            if end == self.host.kill:
                self.world = self.host.boot()
        self.assertEqual(self.simulation.failures, [])
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_a_coroutine_will_do(self) -> None:
        async def flow() -> int:
            await deferLater(self.world.clock, 1)
            return 7

        self.assertEqual(self.simulation.run_until(flow()), 7)

    def test_a_run_that_can_never_end_says_so(self) -> None:
        error = self.assertRaises(SimulationFailed, self.simulation.run_until, Deferred())
        self.assertIn("nothing is left to happen", str(error))
        self.assertIn("seed 1", str(error))

    def test_a_run_that_takes_too_long_says_so(self) -> None:
        waiting = deferLater(self.world.clock, 20)
        error = self.assertRaises(SimulationFailed, self.simulation.run_until, waiting, limit_s=10)
        self.assertIn("not done after 10 s", str(error))

    def test_a_livelock_is_found(self) -> None:
        simulation = Simulation(2, steps_max=1000)
        world = simulation.host("h").boot()

        def again() -> None:
            world.call_later(0, again)

        again()
        error = self.assertRaises(SimulationFailed, simulation.run_for, 1)
        self.assertIn("a livelock", str(error))
        self.assertIn("again", str(error))

    def test_an_exception_in_a_timer_is_kept_and_the_run_goes_on(self) -> None:
        self.world.call_later(1, int, "x")
        self.simulation.run_for(2)
        self.assertEqual(len(self.simulation.failures), 1)
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)

    def test_a_killed_process_does_nothing_more(self) -> None:
        done: list[int] = []
        self.world.call_later(1, done.append, 1)
        self.host.kill()
        self.world.call_later(1, done.append, 2)
        self.simulation.run_for(5)
        self.assertEqual(done, [])

    def test_the_disk_outlives_the_process(self) -> None:
        self.world.storage.append("a", b"x")
        self.host.kill()
        self.assertEqual(self.host.boot().storage.read("a"), b"x")

    def test_what_a_killed_process_had_sent_arrives_and_its_peers_hear_the_end(self) -> None:
        pair = Pair()
        pair.server.transport.write(b"last words")
        pair.s.kill()
        pair.settle()
        self.assertEqual((pair.client.text, pair.client.ended), (b"last words", "ConnectionDone"))
        self.assertEqual(pair.server.ended, "")

    def test_peers_of_a_dark_host_hear_nothing_until_it_is_back(self) -> None:
        pair = Pair()
        pair.server.transport.write(b"last words")
        pair.s.power_off()
        pair.settle(3600)
        self.assertEqual((pair.client.text, pair.client.ended), (b"", ""))

    def test_whoever_spoke_to_a_dark_host_hears_when_it_is_back(self) -> None:
        pair = Pair()
        quiet = pair.simulation.run_until(pair.connect())
        pair.s.power_off()
        pair.client.transport.write(b"are you there?")
        pair.settle(3600)
        pair.s.boot()
        pair.settle(10)
        self.assertEqual((pair.client.ended, quiet.ended), ("ConnectionLost", ""))
        quiet.transport.write(b"and you?")
        pair.settle()
        self.assertEqual(quiet.ended, "ConnectionLost")

    def test_a_client_killed_while_connecting_leaves_no_half_connection(self) -> None:
        for seed in range(30):
            pair = Pair(seed)
            pair.connect()
            pair.settle(0.000_5)
            pair.c.kill()
            pair.settle(20)
            self.assertEqual([each.ended for each in pair.servers], ["ConnectionDone"] * len(pair.servers))
            self.assertEqual(pair.simulation.network.connections(), [])

    def test_a_killed_server_hands_its_port_to_the_next_process(self) -> None:
        pair = Pair()
        pair.s.kill()
        world = pair.s.boot()
        listening = world.server_endpoint("", 7000).listen(Factory.forProtocol(Recorder))
        pair.simulation.run_until(listening)
        pair.simulation.run_until(pair.connect())
        self.assertEqual(len(pair.servers), 1)

    def test_other_seeds_take_other_ways(self) -> None:
        hashes = {Pair(seed).simulation.trace_hash for seed in range(10)}
        self.assertEqual(len(hashes), 10)


class ReplayTests(TestCase):
    async def test_a_seed_gives_one_trace_in_every_process(self) -> None:
        hashes = []
        for hash_seed in ("0", "1", "4711"):
            env = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
            printed = await getProcessOutput(
                sys.executable, ["-c", REPLAY], env=env, path=str(Path.cwd()), reactor=reactor
            )
            hashes.append(printed.strip())
        self.assertEqual(len(hashes[0]), 64)
        self.assertEqual(hashes, [hashes[0]] * 3)


class PauseTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.host = self.simulation.host("h")
        self.world = self.host.boot()
        self.happened: list[tuple[float, str]] = []

    def note(self, what: str) -> None:
        self.happened.append((round(self.simulation.now_s, 3), what))

    def test_a_stopped_process_does_all_it_missed_in_order_when_it_goes_on(self) -> None:
        for delay_s, what in ((1.0, "one"), (2.0, "two"), (6.0, "six")):
            self.world.call_later(delay_s, self.note, what)
        cancelled = self.world.call_later(1.5, self.note, "never")
        self.host.pause()
        self.simulation.run_for(5.0)
        self.assertEqual((self.happened, self.host.is_paused), ([], True))
        cancelled.cancel()
        self.host.resume()
        self.simulation.run_for(2.0)
        self.assertEqual(self.happened, [(5.0, "one"), (5.0, "two"), (6.0, "six")])

    def test_a_stopped_process_hears_nobody_until_it_goes_on(self) -> None:
        class Echo(Protocol):
            def dataReceived(self, data: bytes) -> None:
                assert self.transport is not None
                self.transport.write(data)

        class Ear(Protocol):
            def dataReceived(ear, data: bytes) -> None:
                self.note(data.decode())

        self.world.server_endpoint("", 7000).listen(Factory.forProtocol(Echo))
        client = self.simulation.host("c").boot()
        known, late = (client.client_endpoint("h", 7000), client.client_endpoint("h", 7000))
        ear = self.simulation.run_until(known.connect(Factory.forProtocol(Ear)))
        self.host.pause()
        ear.transport.write(b"a")
        other = self.simulation.run_until(late.connect(Factory.forProtocol(Ear)))
        other.transport.write(b"b")
        self.simulation.run_for(1.0)
        ear.transport.write(b"c")
        self.simulation.run_for(1.0)
        self.assertEqual(self.happened, [])
        self.host.resume()
        self.simulation.run_for(1.0)
        self.assertEqual(sorted("".join(what for _, what in self.happened)), ["a", "b", "c"])

    def test_one_that_is_killed_while_it_is_stopped_stays_dead(self) -> None:
        self.world.call_later(1.0, self.note, "one")
        self.host.pause()
        self.simulation.run_for(2.0)
        self.host.kill()
        self.host.resume()
        self.simulation.run_for(2.0)
        self.assertEqual((self.happened, self.host.is_paused), ([], False))
