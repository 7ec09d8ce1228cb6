"""Connecting and listening in the simulated world."""

from twisted.internet.error import (
    ConnectingCancelledError,
    ConnectionRefusedError,
    DNSLookupError,
    NoProtocol,
    TimeoutError,
)
from twisted.internet.interfaces import IListeningPort, IStreamClientEndpoint, IStreamServerEndpoint
from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from tests.sim.peers import Pair, Recorder


class Greeter(Recorder):
    def connectionMade(self) -> None:
        self.transport.write(b"hello")


class Picky(Factory):
    def buildProtocol(self, address: object) -> Protocol | None:
        return None


class EndpointTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.pair = Pair()
        self.run_until = self.pair.simulation.run_until

    def _connect(self, host: str, port: int = 7000, factory: Factory | None = None):
        endpoint = self.pair.c.world.client_endpoint(host, port, timeout_s=5.0)
        return endpoint.connect(factory or Factory.forProtocol(Recorder))

    def test_endpoints_are_what_twisted_expects(self) -> None:
        verifyObject(IStreamClientEndpoint, self.pair.c.world.client_endpoint("s", 1))
        verifyObject(IStreamServerEndpoint, self.pair.c.world.server_endpoint("", 1))
        verifyObject(IListeningPort, self.pair.port)

    def test_both_sides_may_talk_first(self) -> None:
        for seed in range(20):
            pair = Pair(seed, Greeter)
            pair.settle()
            self.assertEqual((pair.client.text, pair.server.text), (b"hello", b"hello"))

    def test_an_address_does_as_well_as_a_name(self) -> None:
        self.run_until(self._connect("10.0.0.1"))
        self.assertEqual(len(self.pair.servers), 2)

    def test_a_host_without_a_name_is_not_found(self) -> None:
        self.assertRaises(DNSLookupError, self.run_until, self._connect("nowhere"))

    def test_a_port_where_nobody_listens_refuses(self) -> None:
        self.assertRaises(ConnectionRefusedError, self.run_until, self._connect("s", 7001))

    def test_a_port_refuses_after_listening_has_stopped(self) -> None:
        self.run_until(self.pair.port.stopListening())
        self.assertRaises(ConnectionRefusedError, self.run_until, self._connect("s"))

    def test_a_dead_process_refuses_and_a_dark_host_is_silent(self) -> None:
        self.pair.s.kill()
        self.assertRaises(ConnectionRefusedError, self.run_until, self._connect("s"))
        self.pair.s.boot()
        self.pair.s.power_off()
        begun = self.pair.simulation.now_s
        self.assertRaises(TimeoutError, self.run_until, self._connect("s"))
        self.assertAlmostEqual(self.pair.simulation.now_s - begun, 5.0, 3)

    def test_a_partition_that_heals_in_time_only_delays(self) -> None:
        self.pair.simulation.paths.partition("c", "s")
        connecting = self._connect("s")
        self.pair.settle(2.5)
        self.assertNoResult(connecting)
        self.pair.simulation.paths.heal("c", "s")
        self.run_until(connecting)
        self.assertEqual(len(self.pair.servers), 2)

    def test_who_gives_up_leaves_no_connection_behind(self) -> None:
        connecting = self._connect("s")
        connecting.cancel()
        self.failureResultOf(connecting, ConnectingCancelledError)
        self.pair.settle()
        self.assertEqual(len(self.pair.simulation.network.connections()), 1)

    def test_a_client_factory_may_decline(self) -> None:
        self.assertRaises(NoProtocol, self.run_until, self._connect("s", factory=Picky()))
        self.pair.settle()
        self.assertEqual(self.pair.servers[1].ended, "ConnectionDone")

    def test_a_server_factory_may_decline(self) -> None:
        self.run_until(self.pair.s.world.server_endpoint("", 7002).listen(Picky()))
        client = self.run_until(self._connect("s", 7002))
        self.pair.settle()
        self.assertEqual(client.ended, "ConnectionDone")

    def test_loopback_reaches_the_own_host(self) -> None:
        endpoint = self.pair.s.world.client_endpoint("127.0.0.1", 7000)
        self.run_until(endpoint.connect(Factory.forProtocol(Recorder)))
        self.assertEqual(len(self.pair.servers), 2)
