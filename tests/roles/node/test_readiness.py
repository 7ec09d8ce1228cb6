"""By what it is known that a server serves."""

from __future__ import annotations

from twisted.internet.defer import succeed

from pushnet.gen.pushnet.server import Readiness, ServerPhase
from pushnet.roles.node.readiness import heard
from tests.roles.node.fleets import MachineCase


class ReadinessTest(MachineCase):
    def test_one_that_says_nothing_serves_when_it_listens(self) -> None:
        self.follow(self.plan(readiness=Readiness.Listens))
        self.pass_time(0.2)
        self.assertEqual(self.phase(), ServerPhase.Starting, "the system takes connections in for it")
        self.pass_time(0.3)
        self.assertEqual(self.phase(), ServerPhase.Serving)

    def test_one_that_ends_at_once_has_never_listened_though_its_agent_does(self) -> None:
        self.habits.ends_at_once = ("1",)
        self.follow(self.plan(readiness=Readiness.Listens))
        self.pass_time(0.1)
        self.assertEqual(self.phase(), ServerPhase.Pausing)

    def test_a_line_that_says_so_is_json_however_it_is_spaced(self) -> None:
        self.habits.never_ready = ("1",)
        self.follow(self.plan())
        self.pass_time(0.2)
        (run,) = self.server.runs
        for line in (b'{"message": "not serving"}', b'["serving"]', b'he said "serving"'):
            heard(run, line)
            self.assertEqual(self.phase(), ServerPhase.Starting, line)
        heard(run, b'{"message": "serving", "http": "http://h:1"}')
        self.assertEqual((self.phase(), run.http), (ServerPhase.Serving, "http://h:1"))

    def test_a_program_of_which_nothing_is_known_serves_while_it_runs(self) -> None:
        self.habits.never_ready = ("1",)
        self.follow(self.plan(readiness=Readiness.Runs))
        self.pass_time(0.5)
        self.assertEqual(self.phase(), ServerPhase.Serving)

    def test_one_that_ends_at_once_has_never_served(self) -> None:
        self.habits.ends_at_once = ("1",)
        self.follow(self.plan(readiness=Readiness.Runs))
        self.pass_time(0.1)
        self.assertEqual(self.phase(), ServerPhase.Pausing)

    def test_one_that_registers_serves_when_the_registry_says_so(self) -> None:
        there: list[str] = []
        self.fleet._ways = self.ways(registered=lambda ids: succeed(all(id in there for id in ids)))
        self.follow(self.plan(readiness=Readiness.Registered, adapters=["A", "B"]))
        self.pass_time(1.0)
        there.append("A")
        self.pass_time(1.0)
        self.assertEqual(self.phase(), ServerPhase.Starting)
        there.append("B")
        self.pass_time(1.0)
        self.assertEqual(self.phase(), ServerPhase.Serving)

    def test_a_line_that_is_no_json_tells_nothing(self) -> None:
        self.habits.never_ready = ("1",)
        self.follow(self.plan())
        self.pass_time(0.2)
        self.processes[0].write('not json, yet "message":"serving"')
        self.pass_time(0.5)
        self.assertEqual(self.phase(), ServerPhase.Starting)
