"""Listening sockets that several processes have, one after the other and side by side."""

from __future__ import annotations

from twisted.internet.error import CannotListenError
from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import TestCase

from pushnet.sim.simulation import Simulation
from pushnet.sim.world import SimWorld

PORT = 7000


class Echo(Protocol):
    """Sends back what it gets."""

    def dataReceived(self, data: bytes) -> None:
        self.transport.write(data)


class Taking(Factory):
    """Counts whom it has accepted."""

    def __init__(self) -> None:
        self.accepted = 0

    def buildProtocol(self, addr: object) -> Protocol:
        self.accepted += 1
        return Echo()


class Speaking(Protocol):
    """Says a word as soon as it is connected."""

    def __init__(self) -> None:
        self.heard = b""
        self.ended = False

    def connectionMade(self) -> None:
        self.transport.write(b"word")

    def dataReceived(self, data: bytes) -> None:
        self.heard += data

    def connectionLost(self, reason: object) -> None:
        self.ended = True


class DoorsTests(TestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.client = self.simulation.host("c").boot()
        self.agent = self.simulation.host("s").boot()
        self.doors = self.simulation.network.doors

    def another(self, name: str) -> SimWorld:
        """A process that stands for one on the host s: doors look at processes, not at hosts."""
        return self.simulation.host(name).boot()

    def connected(self) -> Speaking:
        factory = Factory.forProtocol(Speaking)
        connecting = self.client.client_endpoint("s", PORT).connect(factory)
        return self.simulation.run_until(connecting)

    def test_who_is_connected_while_nobody_accepts_waits_and_is_served(self) -> None:
        self.doors.hold("s", PORT, self.agent)
        speaking = self.connected()
        self.simulation.run_for(1.0)
        self.assertEqual((speaking.heard, speaking.ended), (b"", False))
        successor = self.another("successor")
        self.doors.hand_on("s", PORT, self.agent, successor)
        self.doors.listen("s", PORT, successor, Taking())
        self.simulation.run_for(1.0)
        self.assertEqual(speaking.heard, b"word")

    def test_two_that_have_the_socket_share_who_comes(self) -> None:
        self.doors.hold("s", PORT, self.agent)
        both = []
        for name in ("old", "new"):
            process, taking = self.another(name), Taking()
            self.doors.hand_on("s", PORT, self.agent, process)
            self.doors.listen("s", PORT, process, taking)
            both.append(taking)
        for _ in range(20):
            self.connected()
        self.assertEqual(sum(taking.accepted for taking in both), 20)
        self.assertTrue(all(taking.accepted for taking in both))

    def test_who_stops_accepting_leaves_the_rest_to_the_other(self) -> None:
        self.doors.hold("s", PORT, self.agent)
        old, new, taking = self.another("old"), self.another("new"), Taking()
        for process, factory in ((old, Taking()), (new, taking)):
            self.doors.hand_on("s", PORT, self.agent, process)
            self.doors.listen("s", PORT, process, factory)
        self.doors.leave("s", PORT, old)
        for _ in range(5):
            self.connected()
        self.assertEqual(taking.accepted, 5)

    def test_the_socket_ends_with_the_last_process_that_has_it_and_so_does_who_waits(self) -> None:
        self.doors.hold("s", PORT, self.agent)
        speaking = self.connected()
        self.simulation.host("s").kill()
        self.simulation.run_for(1.0)
        self.assertTrue(speaking.ended)
        self.assertIsNone(self.doors.at("s", PORT))

    def test_nobody_takes_a_socket_that_was_not_handed_on(self) -> None:
        self.doors.hold("s", PORT, self.agent)
        stranger = self.another("stranger")
        self.assertRaises(CannotListenError, self.doors.listen, "s", PORT, stranger, Taking())
        self.assertRaises(CannotListenError, self.doors.hold, "s", PORT, stranger)
        self.assertRaises(KeyError, self.doors.hand_on, "s", PORT, stranger, self.agent)
