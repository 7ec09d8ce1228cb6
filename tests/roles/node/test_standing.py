"""Fronts stand before servers: callers are led from one process to the next before that may end."""

from __future__ import annotations

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import CannotListenError

from pushnet.gen.pushnet.server import Handover, ServerPhase
from pushnet.roles.node.fronting import Front
from pushnet.roles.node.standing import Standing
from pushnet.world import World
from tests.roles.node.fleets import MachineCase

ENDPOINTS = "tcp -h m -p 7100"


class Told:
    """A front that notes what it is told, and takes its time. Implements `Front`."""

    def __init__(self, world: World, endpoints: str) -> None:
        self.endpoints = endpoints
        self.world = world
        self.told: list[str] = []

    def turn_to(self, host: str, port: int) -> Deferred[None]:
        return self._note(f"to {port}")

    def turn_away(self) -> Deferred[None]:
        return self._note("away")

    def gauges(self) -> dict[str, float]:
        return {"requests": 1.0}

    def close(self) -> Deferred[None]:
        return self._note("close")

    def _note(self, what: str) -> Deferred[None]:
        self.told.append(what)
        done: Deferred[None] = Deferred()
        self.world.call_later(1.0, done.callback, None)
        return done


class StandingTest(MachineCase):
    def setUp(self) -> None:
        self.fronts: list[Told] = []
        super().setUp()
        self.fleet.standing = Standing(self.world, self._front)

    def _front(self, world: World, endpoints: str) -> Deferred[Front]:
        if "taken" in endpoints:
            return fail(CannotListenError("m", 7100, OSError(98, "in use")))
        self.fronts.append(Told(world, endpoints))
        return succeed(self.fronts[-1])

    def ports(self) -> list[str]:
        """The private port of each process, the oldest first."""
        return [process.argv[2] for process in self.processes]

    def test_a_predecessor_ends_only_when_its_callers_have_been_led_away(self) -> None:
        command = ["server", "${version}", "${port}"]
        self.follow(self.plan(front=ENDPOINTS, sockets=[], command=command))
        self.pass_time(3.0)
        self.follow(self.plan("2", front=ENDPOINTS, sockets=[], command=command))
        self.pass_time(1.2)
        self.assertEqual(self.running, ["1", "2"], "the successor serves, callers are on their way")
        self.pass_time(2.0)
        self.assertEqual(self.running, ["2"])
        (front,) = self.fronts
        self.assertEqual(front.told, [f"to {port}" for port in self.ports()])
        self.assertEqual(len(set(self.ports())), 2)

    def test_with_stop_first_callers_wait_in_between(self) -> None:
        plan = self.plan(front=ENDPOINTS, sockets=[], handover=Handover.StopFirst)
        self.follow(plan)
        self.pass_time(3.0)
        self.server.again()
        self.pass_time(0.5)
        self.assertEqual(len(self.processes), 1)
        self.pass_time(4.0)
        (front,) = self.fronts
        self.assertEqual([told.split()[0] for told in front.told], ["to", "away", "to"])

    def test_a_server_that_crashed_gets_its_callers_back(self) -> None:
        self.follow(self.plan(front=ENDPOINTS, sockets=[]))
        self.pass_time(3.0)
        self.host.children[0].exit(1)
        self.pass_time(3.0)
        (front,) = self.fronts
        self.assertEqual([told.split()[0] for told in front.told], ["to", "to"])

    def test_a_front_goes_with_its_server_and_another_address_is_another_front(self) -> None:
        self.follow(self.plan(front=ENDPOINTS, sockets=[]))
        self.pass_time(3.0)
        self.follow(self.plan(front="tcp -h m -p 7200", sockets=[]))
        self.pass_time(5.0)
        self.assertEqual([front.endpoints for front in self.fronts], [ENDPOINTS, "tcp -h m -p 7200"])
        self.assertEqual(self.fronts[0].told[-1], "close")
        self.follow()
        self.pass_time(5.0)
        self.assertEqual((self.running, self.fronts[1].told[-1]), ([], "close"))

    def test_an_address_that_is_taken_is_told_and_nothing_starts(self) -> None:
        self.follow(self.plan(front="tcp -h m -p 7100 taken", sockets=[]))
        self.pass_time(1.0)
        self.assertEqual((self.running, self.phase()), ([], ServerPhase.Pausing))
        self.assertIn("7100: [Errno 98] in use", self.server.state("m").reason)
