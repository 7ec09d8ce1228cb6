"""The real world as a whole: clocks, entropy, random streams, background work."""

from pathlib import Path

from twisted.internet import reactor
from twisted.internet.defer import Deferred, fail
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import LoopingCall
from twisted.trial.unittest import TestCase
from zope.interface.verify import verifyObject

from pushnet.app.realworld import RealWorld, steady_timers
from pushnet.world import World


class RealWorldTests(TestCase):
    def setUp(self) -> None:
        self.world: World = RealWorld(reactor, Path(self.mktemp()))

    def test_the_clock_serves_twisted_helpers(self) -> Deferred[LoopingCall]:
        verifyObject(IReactorTime, self.world.clock)
        loop = LoopingCall(lambda: loop.stop())
        loop.clock = self.world.clock
        return loop.start(0.001)

    def test_a_file_the_configuration_names_is_read_wherever_it_is(self) -> None:
        path = Path(self.mktemp())
        path.write_bytes(b"certificate")
        self.assertEqual(self.world.read_file(str(path.absolute())), b"certificate")
        self.assertRaises(FileNotFoundError, self.world.read_file, "/missing")

    def test_timers_and_monotonic_time_agree(self) -> Deferred[None]:
        done: Deferred[float] = Deferred()
        begun = self.world.monotonic()
        self.world.call_later(0.01, lambda: done.callback(self.world.monotonic()))
        return done.addCallback(lambda ended: self.assertGreaterEqual(ended - begun, 0.009))

    def test_a_random_stream_goes_on_where_it_was(self) -> None:
        self.assertIs(self.world.rng("a"), self.world.rng("a"))
        self.assertNotEqual(self.world.rng("a").random(), self.world.rng("b").random())

    def test_entropy_has_the_size_asked_for_and_never_repeats(self) -> None:
        self.assertEqual(len(self.world.entropy.token(24)), 24)
        self.assertNotEqual(self.world.entropy.uuid(), self.world.entropy.uuid())
        self.assertEqual(len(self.world.entropy.uuid()), 36)

    def test_a_background_failure_is_logged(self) -> None:
        self.world.background("sweeping", fail(ValueError("dust")))
        logged = self.flushLoggedErrors(ValueError)
        self.assertEqual(len(logged), 1)

    def test_blocking_work_runs_off_the_reactor(self) -> Deferred[None]:
        return self.world.run_blocking(lambda a, b: a + b, 1, 2).addCallback(self.assertEqual, 3)

    def test_steady_timers_measure_by_the_monotonic_clock(self) -> None:
        class Reactor:
            seconds = None

        ours = Reactor()
        steady_timers(ours)
        self.assertLess(abs(ours.seconds() - self.world.monotonic()), 1.0)
