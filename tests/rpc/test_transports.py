"""Objects are called over each transport as over TCP: on a simulated network, with every way to fail."""

from typing import Any

from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import SynchronousTestCase

from pushnet.net.handshakes import HANDSHAKE_S
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.exceptions import (
    ConnectFailedException,
    ConnectTimeoutException,
    FeatureNotSupportedException,
)
from pushnet.rpc.properties import Properties
from pushnet.rpc.transports import Transports
from pushnet.wire.endpoint_text import EndpointDefaults
from pushnet.wire.endpoints import TCP, StreamEndpoint
from pushnet.wire.identity import Identity
from pushnet.wire.proxy_text import parse_endpoints
from pushnet.world import Families
from tests.golden.calls import EverythingPrx
from tests.rpc.given import EverythingI, Grid
from tests.sim.peers import Recorder

BOTH = ("192.0.2.1", "2001:db8::1")


class WebSocketTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)

    def serve(self, endpoints: str, **properties: str) -> tuple[EverythingI, ObjectAdapter]:
        servant = EverythingI()
        communicator = self.grid.communicator("server", **properties)
        adapter = communicator.createObjectAdapterWithEndpoints("A", endpoints)
        adapter.add(servant, Identity("object"))
        self.grid.wait(adapter.activate())
        return servant, adapter

    def proxy(self, text: str) -> EverythingPrx:
        return EverythingPrx(self.grid.proxy("client", text).ice_reference)

    def raw(self, port: int, sent: bytes) -> Recorder:
        world = self.grid.communicator("client").world
        connecting = world.client_endpoint("server", port).connect(Factory.forProtocol(Recorder))
        peer: Any = self.grid.wait(connecting)
        peer.transport.write(sent)
        return peer

    def test_calls_of_every_kind_come_through(self) -> None:
        servant, adapter = self.serve("ws -h server -p 4000 -r /here")
        proxy = self.proxy("object:ws -h server -p 4000 -r /here")
        self.assertEqual(self.grid.wait(proxy.add(1, 2)), 3)
        self.grid.wait(proxy.ice_oneway().nothing())
        batch = proxy.ice_batchOneway()
        batch.nothing()
        batch.nothing()
        self.grid.wait(batch.ice_flushBatchRequests())
        self.grid.simulation.run_for(1)
        self.assertEqual(servant.called, ["add", "nothing", "nothing", "nothing"])
        (incoming,) = adapter.connections
        self.assertEqual(incoming.getInfo().headers["Host"], "server:4000")

    def test_an_adapter_that_is_deactivated_ends_its_connections(self) -> None:
        _, adapter = self.serve("ws -h server -p 4000")
        proxy = self.proxy("object:ws -h server -p 4000")
        connection = self.grid.wait(proxy.ice_getConnection())
        halfway = self.raw(4000, b"GET /")
        self.grid.wait(adapter.deactivate())
        self.grid.wait(connection.gone())
        self.grid.simulation.run_for(1)
        self.assertTrue(halfway.ended)

    def test_a_server_that_never_answers_the_handshake_is_given_up_in_the_endpoints_time(self) -> None:
        world = self.grid.communicator("server").world
        self.grid.wait(world.server_endpoint("server", 4000).listen(Factory.forProtocol(Protocol)))
        with self.assertRaises(ConnectTimeoutException):
            self.grid.wait(self.proxy("object:ws -h server -p 4000 -t 2000").ice_ping(), 5.0)

    def test_a_peer_that_fails_or_delays_the_handshake_is_counted_and_cut(self) -> None:
        _, adapter = self.serve("ws -h server -p 4000")
        wrong, slow = self.raw(4000, b"IceP\x01\x00\x01\x00\r\n\r\n"), self.raw(4000, b"G")
        self.grid.simulation.run_for(HANDSHAKE_S + 1)
        self.assertTrue(wrong.ended and slow.ended)
        self.assertEqual(self.grid.communicator("server").counters.refused_peers, 2)
        self.assertEqual(adapter.connections, [])

    def test_only_allowed_origins_are_let_in(self) -> None:
        self.serve("ws -h server -p 4000", A_AllowedOrigins="https://good")
        asked = (
            b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOrigin: %s\r\n\r\n"
        )
        good, bad = self.raw(4000, asked % b"https://good"), self.raw(4000, asked % b"https://bad")
        self.grid.simulation.run_for(1)
        self.assertTrue(good.text.startswith(b"HTTP/1.1 101 "), good.text)
        self.assertTrue(bad.text.startswith(b"HTTP/1.1 403 "), bad.text)

    def test_a_tcp_server_is_no_websocket(self) -> None:
        self.serve("tcp -h server -p 4000")
        with self.assertRaises(ConnectFailedException):
            self.grid.wait(self.proxy("object:ws -h server -p 4000").ice_ping())

    def test_a_broken_frame_ends_the_connection_as_malformed(self) -> None:
        _, adapter = self.serve("ws -h server -p 4000")
        self.grid.wait(self.proxy("object:ws -h server -p 4000").ice_ping())
        outgoing = self.grid.communicator("client")._outgoing.connections[0]
        outgoing.transport.transport.write(b"\x81\x00")
        self.grid.simulation.run_for(1)
        self.assertEqual(self.grid.communicator("server").counters.malformed, 1)
        self.assertEqual(adapter.connections, [])

    def test_what_cannot_be_listened_at_is_told_at_once(self) -> None:
        with self.assertRaises(FeatureNotSupportedException):
            self.grid.communicator("server").createObjectAdapterWithEndpoints("B", "opaque -t 9 -v AAAA")


class AddressesTest(SynchronousTestCase):
    """Which addresses are listened at, dialled, and told to others."""

    def setUp(self) -> None:
        self.grid = Grid(self)
        self.simulated = self.grid.communicator("server").world

    def transports(self, addresses: tuple[str, ...] = BOTH, **properties: str) -> Transports:
        named = {f"Ice.{name.replace('_', '.')}": value for name, value in properties.items()}
        return Transports(Here(self.simulated, addresses), Properties(named))

    def published(self, transports: Transports, text: str, host: str = "") -> list[str]:
        endpoints = parse_endpoints(text, EndpointDefaults(any_host=True))
        return [str(endpoint) for endpoint in transports.published(endpoints, host)]

    def test_all_interfaces_are_told_one_by_one(self) -> None:
        text = "tcp -h * -p 1 -t 5:udp -h 0.0.0.0 -p 2:ws -h h -p 3 -t 5 -r /"
        self.assertEqual(
            self.published(self.transports(), text),
            [
                "tcp -h 192.0.2.1 -p 1 -t 5",
                'tcp -h "2001:db8::1" -p 1 -t 5',
                "udp -h 192.0.2.1 -p 2",
                "ws -h h -p 3 -t 5 -r /",
            ],
        )

    def test_a_family_may_be_left_out(self) -> None:
        text = "tcp -h * -p 1 -t 5"
        self.assertEqual(
            self.published(self.transports(IPv4="0"), text),
            ['tcp -h "2001:db8::1" -p 1 -t 5'],
        )
        self.assertEqual(self.published(self.transports(IPv6="0"), text), ["tcp -h 192.0.2.1 -p 1 -t 5"])

    def test_another_host_may_be_told_instead(self) -> None:
        told = self.transports(Default_Host="example.org")
        self.assertEqual(self.published(told, "tcp -h * -p 1 -t 5"), ["tcp -h example.org -p 1 -t 5"])
        self.assertEqual(self.published(told, "tcp -h h -p 1 -t 5"), ["tcp -h h -p 1 -t 5"])
        self.assertEqual(self.published(told, "tcp -h h -p 1 -t 5", "front"), ["tcp -h front -p 1 -t 5"])
        self.assertEqual(self.published(told, "udp -h 239.1.1.1 -p 1", "front"), ["udp -h 239.1.1.1 -p 1"])

    def test_the_defaults_hold_for_adapters_as_for_proxies(self) -> None:
        told = {"Ice_Default_Protocol": "ws", "Ice_Default_Timeout": "7", "Ice_Default_Host": "server"}
        server = self.grid.communicator("other", **told)
        adapter = server.createObjectAdapterWithEndpoints("A", "default -p 4000")
        self.assertEqual([str(each) for each in adapter.getEndpoints()], ["ws -h server -p 4000 -t 7 -r /"])
        self.assertEqual(
            str(server.stringToProxy("object:default -p 4000")),
            "object -t -e 1.1:ws -h server -p 4000 -t 7 -r /",
        )
        self.assertEqual(self.transports(Default_Timeout="0").defaults().timeout_ms, 60_000)
        source = self.transports(Default_SourceAddress="192.0.2.9")
        self.assertEqual((source.defaults().source, source.defaults(adapter=True).source), ("192.0.2.9", ""))

    def test_both_families_are_listened_at_where_there_are_both(self) -> None:
        self.assertEqual(self.transports().any_host(), "::")
        self.assertEqual(self.transports(IPv6="0").any_host(), "")
        self.assertEqual(self.transports(("192.0.2.1",)).any_host(), "")

    def test_names_are_dialled_as_the_properties_say(self) -> None:
        self.assertEqual(self.transports().families, Families())
        told = self.transports(IPv4="0", PreferIPv6Address="1")
        self.assertEqual(told.families, Families(ipv4=False, prefer_ipv6=True))

    def test_sockets_have_the_buffers_and_backlog_the_properties_ask_for(self) -> None:
        told = self.transports(TCP_RcvSize="1000", TCP_SndSize="2000", TCP_Backlog="7")
        world: Any = told._world
        told.tune("transport")
        told.server_endpoint(StreamEndpoint(TCP, "h", 1))
        self.transports().tune("transport")
        self.assertEqual(world.done, [("transport", 1000, 2000), ("h", 1, 7)])


class Here:
    """A world with addresses of its own, that notes what is asked of it."""

    def __init__(self, world: Any, addresses: tuple[str, ...]) -> None:
        self._world = world
        self._addresses = addresses
        self.done: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world, name)

    def local_addresses(self, families: Families) -> list[str]:
        return [each for each in self._addresses if (families.ipv6 if ":" in each else families.ipv4)]

    def set_stream_buffers(self, transport: Any, receive_bytes: int, send_bytes: int) -> None:
        self.done.append((transport, receive_bytes, send_bytes))

    def server_endpoint(self, host: str, port: int, *, backlog: int) -> Any:
        self.done.append((host, port, backlog))
