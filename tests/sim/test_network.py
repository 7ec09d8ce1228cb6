"""Hosts, listeners, connections, and what goes wrong with them."""

from twisted.internet.error import CannotListenError, ConnectionRefusedError
from twisted.internet.protocol import Factory
from twisted.trial.unittest import SynchronousTestCase

from tests.sim.peers import Pair


class NetworkTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.pair = Pair()
        self.network = self.pair.simulation.network

    def test_a_host_is_found_by_name_and_address(self) -> None:
        self.assertEqual(self.network.host_named("10.0.0.1"), "s")
        self.assertEqual(self.network.host_named("c"), "c")
        self.assertIsNone(self.network.host_named("nobody"))

    def test_a_port_is_had_once(self) -> None:
        again = self.pair.s.world.server_endpoint("", 7000).listen(Factory())
        self.failureResultOf(again, CannotListenError)

    def test_a_reset_ends_both_sides(self) -> None:
        (connection,) = self.network.connections("c")
        connection.reset()
        self.pair.settle()
        self.assertEqual(
            (self.pair.client.ended, self.pair.server.ended), ("ConnectionLost", "ConnectionLost")
        )
        self.assertEqual(self.network.connections(), [])

    def test_nobody_hears_of_a_connection_that_vanished(self) -> None:
        self.network.connections("s")[0].vanish()
        self.pair.client.transport.write(b"hello?")
        self.pair.settle(3600)
        self.assertEqual(
            (self.pair.server.text, self.pair.client.ended, self.pair.server.ended), (b"", "", "")
        )

    def test_a_host_may_refuse_for_a_while(self) -> None:
        self.network.refuse("s")
        self.assertRaises(ConnectionRefusedError, self.pair.simulation.run_until, self.pair.connect())
        self.network.refuse("s", False)
        self.pair.simulation.run_until(self.pair.connect())
        self.assertEqual(len(self.network.connections()), 2)

    def test_free_ports_come_round(self) -> None:
        ports = [self.network.doors.free_port("s") for _ in range(30_000)]
        self.assertEqual(ports[25_001], ports[0])
