"""The simulated world of one process."""

from twisted.internet.defer import Deferred, fail
from twisted.internet.interfaces import IReactorTime
from twisted.internet.task import Clock, LoopingCall, deferLater
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from pushnet.sim import Simulation
from pushnet.world import World


class SimWorldTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.host = self.simulation.host("h")
        self.world: World = self.host.boot()

    def test_the_clock_serves_twisted_helpers(self) -> None:
        verifyObject(IReactorTime, self.world.clock)
        times: list[float] = []
        begun = self.world.monotonic()
        loop = LoopingCall(lambda: times.append(round(self.world.monotonic() - begun, 6)))
        loop.clock = self.world.clock
        loop.start(0.25)
        self.simulation.run_for(1.1)
        loop.stop()
        self.assertEqual(times, [0.0, 0.25, 0.5, 0.75, 1.0])

    def test_a_file_the_configuration_names_is_on_the_hosts_disk(self) -> None:
        self.world.storage.replace("etc/node.pem", b"certificate")
        self.assertEqual(self.world.read_file("/etc/node.pem"), b"certificate")
        self.assertRaises(FileNotFoundError, self.world.read_file, "/missing")
        self.world.replace_file("/etc/node.pem", b"another")
        self.assertEqual(self.world.read_file("/etc/node.pem"), b"another")

    def test_a_machine_is_another_with_each_start_and_each_host(self) -> None:
        first = self.world.machine()
        self.host.kill()
        self.assertEqual(self.host.boot().machine(), first)
        self.host.power_off()
        others = {self.host.boot().machine(), self.simulation.host("other").boot().machine()}
        self.assertEqual(len(others | {first}), 3)

    def test_a_timer_sees_at_least_its_time(self) -> None:
        for delay_s in (0.1, 0.3, 1e-7, 2.2250738585e-3, 17.77):
            begun = self.world.monotonic()
            self.simulation.run_until(deferLater(self.world.clock, delay_s))
            self.assertGreaterEqual(round(self.world.monotonic() - begun, 9), delay_s)

    def test_keyword_arguments_reach_a_timer_as_with_a_reactor(self) -> None:
        heard: list[int] = []
        for clock in (Clock(), self.world.clock):
            clock.callLater(0, lambda number: heard.append(number), number=7)
        self.simulation.run_for(1)
        self.assertEqual(heard, [7])

    def test_each_host_has_its_own_monotonic_clock(self) -> None:
        other = self.simulation.host("other").boot()
        self.assertGreater(abs(other.monotonic() - self.world.monotonic()), 1.0)
        self.assertEqual(other.wall(), self.world.wall())

    def test_a_draw_in_one_stream_never_shifts_another(self) -> None:
        again = Simulation(1).host("h").boot()
        again.rng("other").random()
        self.assertEqual(self.world.rng("a").random(), again.rng("a").random())
        self.assertIs(self.world.rng("a"), self.world.rng("a"))

    def test_entropy_is_seeded_and_differs_after_a_restart(self) -> None:
        self.assertEqual(Simulation(1).host("h").boot().entropy.uuid(), self.world.entropy.uuid())
        token = self.world.entropy.token(16)
        self.host.kill()
        self.assertNotEqual(self.host.boot().entropy.token(16), token)

    def test_there_are_no_programs_and_no_epoll(self) -> None:
        self.assertRaises(
            FileNotFoundError, self.world.processes.spawn, ["sh"], env={}, output=lambda data: None
        )
        self.assertIsNone(self.world.epoll_streams())

    def test_a_background_failure_is_kept_for_the_checkers(self) -> None:
        self.world.background("sweeping", fail(ValueError("dust")))
        self.assertEqual(self.simulation.failures, ["h: sweeping: dust"])
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)

    def test_what_a_process_leaves_behind_is_listed(self) -> None:
        self.world.call_later(5, print)
        self.world.worker("w").submit(print, "")
        self.world.background("waiting", Deferred())
        self.assertEqual(
            self.simulation.leftovers(),
            [
                "h: timer h w",
                "h: timer print",
                "h: worker with 1 jobs",
                "h: background waiting",
            ],
        )
        self.host.kill()
        self.assertEqual(self.simulation.leftovers(), [])

    def test_blocking_work_answers_later(self) -> None:
        self.assertEqual(self.simulation.run_until(self.world.run_blocking(int, "7")), 7)
