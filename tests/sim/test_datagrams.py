"""Simulated datagrams arrive after a while at whoever has the port, or nowhere."""

from twisted.internet.error import CannotListenError
from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim import Simulation
from pushnet.sim.datagrams import DATAGRAM_BYTES_MAX
from pushnet.world import DatagramOptions


class SimDatagramsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.a, self.b = self.simulation.host("a").boot(), self.simulation.host("b").boot()
        self.heard: list[tuple[bytes, str, int]] = []
        self.there = self.b.datagrams("", 500, lambda *what: self.heard.append(what))
        self.here = self.a.datagrams("", 0, lambda *what: None)

    def send(self, data: bytes, port: int = 500) -> None:
        self.here.send(data, self.there.address()[0], port)
        self.simulation.run_for(1)

    def test_a_datagram_arrives_with_its_senders_address(self) -> None:
        self.send(b"hello")
        self.assertEqual(self.heard, [(b"hello", *self.here.address())])

    def test_what_swallows_a_datagram(self) -> None:
        self.send(b"to nobody", 501)
        self.send(bytes(DATAGRAM_BYTES_MAX + 1))
        self.here.send(b"nowhere", "10.9.9.9", 500)
        self.simulation.network.paths.partition("a", "b")
        self.send(b"into a partition")
        self.simulation.network.paths.heal("a", "b")
        self.simulation.host("b").power_off()
        self.send(b"into the dark")
        self.assertEqual(self.heard, [])

    def test_a_port_is_taken_until_it_is_closed(self) -> None:
        self.assertRaises(CannotListenError, self.b.datagrams, "", 500, print)
        self.assertIn("b: datagrams on 500", self.b.leftovers())
        self.successResultOf(self.there.close())
        self.send(b"late")
        self.assertEqual(self.b.datagrams("", 500, print).address()[1], 500)
        self.assertEqual(self.heard, [])

    def test_a_group_is_heard_by_all_who_have_joined_it(self) -> None:
        group = DatagramOptions(group="239.1.1.1")
        heard: list[str] = []
        first = self.a.datagrams("", 600, lambda *what: heard.append("a"), group)
        self.b.datagrams("", 600, lambda *what: heard.append("b"), group)
        self.b.datagrams("", 601, lambda *what: heard.append("another port"), group)
        self.assertEqual(self.successResultOf(self.a.resolve("239.1.1.1")), "239.1.1.1")
        self.here.send(b"all", "239.1.1.1", 600)
        self.simulation.run_for(1)
        self.assertEqual(sorted(heard), ["a", "b"])
        self.successResultOf(first.close())
        self.here.send(b"all", "239.1.1.1", 600)
        self.simulation.run_for(1)
        self.assertEqual(sorted(heard), ["a", "b", "b"])

    def test_a_process_that_ends_gives_its_ports_back(self) -> None:
        self.simulation.host("b").kill()
        again = self.simulation.host("b").boot()
        again.datagrams("", 500, lambda *what: self.heard.append(what))
        self.send(b"again")
        self.assertEqual(len(self.heard), 1)
