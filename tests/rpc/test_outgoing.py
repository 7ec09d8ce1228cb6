"""Connections are shared, tried in turn, and fail with the name Ice has for it."""

from twisted.internet.error import ConnectionRefusedError as Refused
from twisted.internet.error import DNSLookupError
from twisted.internet.error import TimeoutError as TookTooLong
from twisted.internet.protocol import Factory, Protocol
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.exceptions import (
    ConnectFailedException,
    ConnectionRefusedException,
    ConnectTimeoutException,
    DNSException,
    NoEndpointException,
)
from pushnet.rpc.outgoing import connect_error
from pushnet.rpc.reference import EndpointSelectionType
from tests.golden.calls import EverythingPrx
from tests.rpc.given import EverythingI, Grid


class ConnectErrorTest(SynchronousTestCase):
    def test_each_way_to_fail_has_its_name(self) -> None:
        for error, kind in (
            (Refused(), ConnectionRefusedException),
            (TookTooLong(), ConnectTimeoutException),
            (DNSLookupError(), DNSException),
            (OSError("odd"), ConnectFailedException),
        ):
            found = connect_error(Failure(error), "host:1")
            self.assertIs(type(found), kind)
            self.assertIn("host:1", str(found))


class OutgoingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)

    def connections(self) -> int:
        return len(self.grid.communicator("client")._outgoing.connections)

    def test_calls_made_before_there_is_a_connection_share_the_one_that_is_being_made(self) -> None:
        self.grid.serve("server", EverythingI())
        proxies = [
            EverythingPrx(self.grid.proxy("client", "object:tcp -h server -p 4000").ice_reference)
            for _ in "abc"
        ]
        for call in [proxy.add(1, 2) for proxy in proxies]:
            self.assertEqual(self.grid.wait(call), 3)
        self.assertEqual(self.connections(), 1)

    def test_another_connection_id_is_another_connection(self) -> None:
        _, proxy = self.grid.pair()
        self.grid.wait(proxy.add(1, 2))
        self.grid.wait(proxy.ice_connectionId("second").add(1, 2))
        self.assertEqual(self.connections(), 2)

    def test_the_next_endpoint_is_tried_when_one_refuses(self) -> None:
        self.grid.serve("server", EverythingI())
        text = "object:tcp -h server -p 1:tcp -h server -p 4000"
        proxy = EverythingPrx(self.grid.proxy("client", text).ice_reference)
        ordered = proxy.ice_endpointSelection(EndpointSelectionType.Ordered)
        self.assertEqual(self.grid.wait(ordered.add(1, 2)), 3)

    def test_an_endpoint_with_a_connection_is_preferred(self) -> None:
        first, second = EverythingI(), EverythingI()
        self.grid.serve("a", first)
        self.grid.serve("b", second)
        self.grid.wait(self.grid.proxy("client", "object:tcp -h b -p 4000").ice_ping())
        both = EverythingPrx(
            self.grid.proxy("client", "object:tcp -h a -p 4000:tcp -h b -p 4000").ice_reference
        )
        self.grid.wait(both.add(1, 2))
        self.assertEqual((first.called, second.called), ([], ["add"]))

    def test_nobody_listening_is_a_refused_connection(self) -> None:
        self.grid.communicator("server")
        with self.assertRaises(ConnectionRefusedException):
            self.grid.wait(self.grid.proxy("client", "object:tcp -h server -p 9").ice_ping())

    def test_a_server_that_never_validates_is_given_up(self) -> None:
        world = self.grid.communicator("mute").world
        self.grid.wait(world.server_endpoint("mute", 4000).listen(Factory.forProtocol(Protocol)))
        with self.assertRaises(ConnectTimeoutException):
            self.grid.wait(self.grid.proxy("client", "object:tcp -h mute -p 4000 -t 2000").ice_ping())

    def test_a_proxy_without_an_endpoint_we_can_use_says_so(self) -> None:
        with self.assertRaises(NoEndpointException):
            self.grid.wait(self.grid.proxy("client", "object:udp -h server -p 9").ice_ping())
