"""What programs do with a connection: look at it, keep it alive or not, close it."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.acm import ACM, ACMClose, ACMHeartbeat, ConnectionClose
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.connection import Connection
from pushnet.rpc.exceptions import (
    ConnectionManuallyClosedException,
    ConnectionTimeoutException,
    ConnectTimeoutException,
    TimeoutException,
)
from pushnet.wire.message import VALIDATE_MESSAGE, deflated
from pushnet.wire.request import encapsulated, request_message
from tests.golden.calls import EverythingPrx
from tests.rpc.given import PORT, EverythingI, Grid


class ApiCase(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)

    def connection(self, proxy: EverythingPrx) -> Connection:
        found: Connection = self.grid.wait(proxy.ice_getConnection())
        return found

    def given(self, **properties: str) -> tuple[EverythingI, EverythingPrx, ObjectAdapter]:
        """A servant, a client with those properties and its proxy, and the server's adapter."""
        servant = EverythingI()
        adapter = self.grid.serve("server", servant)
        self.grid.communicator("client", **properties)
        text = f"object:tcp -h server -p {PORT} -t 2000"
        return servant, EverythingPrx(self.grid.proxy("client", text).ice_reference), adapter


class LookingTests(ApiCase):
    def test_it_knows_its_endpoint_type_and_addresses(self) -> None:
        _, proxy, adapter = self.given()
        outgoing = self.connection(proxy)
        self.grid.simulation.run_for(1)
        (incoming,) = adapter.connections
        self.assertEqual((outgoing.type(), outgoing.timeout(), incoming.timeout()), ("tcp", 2000, 60_000))
        self.assertEqual(str(outgoing.getEndpoint()), f"tcp -h server -p {PORT} -t 2000")
        self.assertEqual(incoming.getEndpoint(), adapter.getEndpoints()[0])
        local, remote = outgoing.toString().split("\n")
        self.assertEqual(
            incoming.toString(),
            f"{remote.replace('remote', 'local')}\n{local.replace('local', 'remote')}",
        )

    def test_a_closed_one_tells_why(self) -> None:
        _, proxy, _ = self.given()
        connection = self.connection(proxy)
        connection.throwException()
        self.grid.wait(connection.close(ConnectionClose.Gracefully))
        for ask in (connection.getInfo, connection.throwException, connection.heartbeat):
            with self.assertRaises(ConnectionManuallyClosedException) as raised:
                ask()
            self.assertTrue(raised.exception.graceful)


class CallbackTests(ApiCase):
    def test_a_callback_that_fails_is_logged_and_harms_nobody(self) -> None:
        told: list[Connection] = []
        _, proxy, adapter = self.given()
        connection = self.connection(proxy)
        self.grid.simulation.run_for(0.1)
        connection.setHeartbeatCallback(lambda gone: 1 / 0)
        connection.setCloseCallback(lambda gone: 1 / 0)
        connection.setCloseCallback(told.append)
        adapter.connections[0].heartbeat()
        self.assertEqual(self.grid.wait(proxy.add(1, 2)), 3)
        self.grid.wait(connection.close())
        connection.setCloseCallback(lambda gone: 1 / 0)
        self.assertEqual(told, [connection])
        self.assertEqual(len(self.flushLoggedErrors(ZeroDivisionError)), 3)


class ClosingTests(ApiCase):
    def test_forcefully_fails_calls_at_once(self) -> None:
        servant, proxy, _ = self.given()
        servant.gate = Deferred()
        call = proxy.nothing()
        self.grid.simulation.run_for(1)
        self.connection(proxy).close(ConnectionClose.Forcefully)
        with self.assertRaises(ConnectionManuallyClosedException) as raised:
            self.grid.wait(call, 1.0)
        self.assertFalse(raised.exception.graceful)

    def test_gracefully_does_not_wait_for_answers(self) -> None:
        servant, proxy, _ = self.given()
        servant.gate = Deferred()
        call = proxy.nothing()
        self.grid.simulation.run_for(1)
        closing = self.connection(proxy).close(ConnectionClose.Gracefully)
        with self.assertRaises(ConnectionManuallyClosedException) as raised:
            self.grid.wait(call, 1.0)
        self.assertTrue(raised.exception.graceful)
        servant.gate.callback(None)
        self.grid.wait(closing)
        self.assertEqual(servant.called, ["nothing"])

    def test_with_wait_it_does(self) -> None:
        servant, proxy, _ = self.given()
        servant.gate = Deferred()
        call = proxy.nothing()
        self.grid.simulation.run_for(1)
        closing = self.connection(proxy).close()
        self.grid.simulation.run_for(1)
        self.assertNoResult(call)
        servant.gate.callback(None)
        self.assertIsNone(self.grid.wait(call))
        self.grid.wait(closing)

    def test_who_connected_waits_for_the_peer_no_longer_than_its_endpoint_says(self) -> None:
        _, proxy, _ = self.given()
        connection = self.connection(proxy)
        self.grid.simulation.network.connections("server")[0].vanish()
        self.grid.wait(connection.close(), 2.5)


class Stubborn(Protocol):
    """A server in raw bytes: says something, and may stop reading."""

    def __init__(self, said: bytes, reads: bool) -> None:
        self._said = said
        self._reads = reads
        self.got = b""

    def connectionMade(self) -> None:
        self.transport.write(self._said)
        if not self._reads:
            self.transport.pauseProducing()

    def dataReceived(self, data: bytes) -> None:
        self.got += data


class TimeoutTests(ApiCase):
    """The endpoint's timeout, `-t` or `ice_timeout`, as Ice 3.7 means it."""

    def raw(self, said: bytes, reads: bool = True) -> tuple[Any, list[Stubborn]]:
        peers: list[Stubborn] = []

        def build(address: Any) -> Stubborn:
            peers.append(Stubborn(said, reads))
            return peers[-1]

        factory = Factory()
        factory.buildProtocol = build  # type: ignore[method-assign]
        world = self.grid.communicator("raw").world
        self.grid.wait(world.server_endpoint("raw", PORT).listen(factory))
        return self.grid.proxy("client", f"object:tcp -h raw -p {PORT} -t 500"), peers

    def test_who_accepts_and_does_not_validate(self) -> None:
        proxy, _ = self.raw(b"")
        with self.assertRaises(ConnectTimeoutException) as raised:
            self.grid.wait(proxy.ice_ping(), 1.2)
        self.assertIsInstance(raised.exception, TimeoutException)

    def test_who_does_not_read_what_we_send_and_it_is_not_sent_again(self) -> None:
        proxy, peers = self.raw(VALIDATE_MESSAGE, reads=False)
        with self.assertRaises(ConnectionTimeoutException) as raised:
            self.grid.wait(proxy.ice_invoke("x", 0, encapsulated(bytes(900_000))), 2.0)
        self.assertIsInstance(raised.exception, TimeoutException)
        self.grid.simulation.run_for(5)
        self.assertEqual(len(peers), 1)

    def test_who_stops_in_the_middle_of_an_answer(self) -> None:
        proxy, peers = self.raw(VALIDATE_MESSAGE)
        call = proxy.ice_invoke("x", 0, encapsulated(b""))
        self.grid.simulation.run_for(0.1)
        peers[0].transport.write(VALIDATE_MESSAGE[:9])
        with self.assertRaises(ConnectionTimeoutException):
            self.grid.wait(call, 2.0)

    def test_who_takes_long_to_answer_is_waited_for(self) -> None:
        servant, _, _ = self.given()
        servant.gate = Deferred()
        text = f"object:tcp -h server -p {PORT} -t 500"
        call = EverythingPrx(self.grid.proxy("client", text).ice_reference).nothing()
        self.grid.simulation.run_for(30)
        self.assertNoResult(call)
        servant.gate.callback(None)
        self.grid.wait(call)

    def test_a_proxy_and_a_property_may_say_otherwise(self) -> None:
        proxy, _ = self.raw(VALIDATE_MESSAGE)
        self.assertEqual(self.grid.wait(proxy.ice_getConnection()).timeout(), 500)
        slower = proxy.ice_timeout(2000)
        self.assertEqual(self.grid.wait(slower.ice_getConnection()).timeout(), 2000)
        self.assertEqual(self.grid.wait(proxy.ice_timeout(-1).ice_getConnection()).timeout(), -1)
        self.grid.communicator("other", Ice_Override_Timeout="700")
        told: Any = self.grid.proxy("other", f"object:tcp -h raw -p {PORT} -t 500")
        self.assertEqual(self.grid.wait(told.ice_timeout(2000).ice_getConnection()).timeout(), 700)
        self.grid.communicator("third", Ice_Default_Timeout="800")
        third: Any = self.grid.proxy("third", f"object:tcp -h raw -p {PORT}")
        self.assertEqual(self.grid.wait(third.ice_getConnection()).timeout(), 800)


class AcmTests(ApiCase):
    def test_an_idle_connection_is_closed_and_the_next_call_makes_another(self) -> None:
        _, proxy, adapter = self.given(Ice_ACM_Timeout="1", Ice_ACM_Close="1", Ice_ACM_Heartbeat="0")
        told: list[Connection] = []
        first = self.connection(proxy)
        first.setCloseCallback(told.append)
        self.grid.simulation.run_for(3)
        self.assertEqual((told, adapter.connections), ([first], []))
        with self.assertRaises(ConnectionTimeoutException):
            first.throwException()
        self.assertEqual(self.grid.wait(proxy.add(1, 2)), 3)
        self.assertEqual(self.grid.communicators["client"].counters.retries, 0)

    def test_a_server_may_close_idle_connections_too(self) -> None:
        self.grid.communicator("server", Ice_ACM_Server_Timeout="1", Ice_ACM_Server_Close="3")
        _, proxy, adapter = self.given(Ice_ACM_Client_Timeout="0")
        self.connection(proxy)
        self.grid.simulation.run_for(3)
        self.assertEqual(adapter.connections, [])
        self.assertEqual(self.grid.wait(proxy.add(1, 2)), 3)

    def test_a_client_gives_up_a_server_that_serves_without_a_sign(self) -> None:
        self.grid.communicator("server", Ice_ACM_Heartbeat="0")
        servant, proxy, _ = self.given(Ice_ACM_Timeout="1", Ice_ACM_Close="2")
        servant.gate = Deferred()
        with self.assertRaises(ConnectionTimeoutException):
            self.grid.wait(proxy.nothing(), 3.0)
        servant.gate.callback(None)

    def test_heartbeats_while_serving_keep_the_client_waiting(self) -> None:
        beats: list[Connection] = []
        self.grid.communicator("server", Ice_ACM_Timeout="1")
        servant, proxy, _ = self.given(Ice_ACM_Timeout="1", Ice_ACM_Close="2")
        self.connection(proxy).setHeartbeatCallback(beats.append)
        servant.gate = Deferred()
        call = proxy.nothing()
        self.grid.simulation.run_for(5)
        self.assertNoResult(call)
        self.assertGreaterEqual(len(beats), 8)
        servant.gate.callback(None)
        self.grid.wait(call)

    def test_it_may_be_read_and_changed_on_a_connection(self) -> None:
        _, proxy, adapter = self.given(Ice_ACM_Timeout="15", Ice_ACM_Close="4", Ice_ACM_Heartbeat="0")
        connection = self.connection(proxy)
        before = ACM(15, ACMClose.CloseOnIdleForceful, ACMHeartbeat.HeartbeatOff)
        self.assertEqual(connection.getACM(), before)
        with self.assertRaises(RuntimeError):
            connection.setACM(-19, None, None)
        connection.setACM(None, None, None)
        self.assertEqual(connection.getACM(), before)
        connection.setACM(1, ACMClose.CloseOnInvocationAndIdle, ACMHeartbeat.HeartbeatAlways)
        self.assertEqual(
            connection.getACM(), ACM(1, ACMClose.CloseOnInvocationAndIdle, ACMHeartbeat.HeartbeatAlways)
        )
        beats: list[Connection] = []
        self.grid.simulation.run_for(0.1)
        adapter.connections[0].setHeartbeatCallback(beats.append)
        self.grid.simulation.run_for(3)
        self.assertGreaterEqual(len(beats), 5)

    def test_heartbeats_may_be_sent_by_hand(self) -> None:
        _, proxy, adapter = self.given()
        connection = self.connection(proxy)
        self.grid.simulation.run_for(0.1)
        beats: list[Connection] = []
        adapter.connections[0].setHeartbeatCallback(beats.append)
        for _ in range(3):
            self.assertIsNone(self.successResultOf(connection.heartbeat()))
        self.grid.simulation.run_for(0.1)
        self.assertEqual(beats, adapter.connections * 3)

    def test_a_connection_nobody_calls_through_is_closed_when_3_8s_property_says_so(self) -> None:
        _, proxy, adapter = self.given(Ice_Connection_Client_InactivityTimeout="300")
        self.connection(proxy)
        self.grid.simulation.run_for(290)
        self.assertEqual(len(adapter.connections), 1)
        self.grid.simulation.run_for(100)
        self.assertEqual(adapter.connections, [])


class InflatingTests(ApiCase):
    def test_of_many_bombs_that_arrive_at_once_few_are_inflated_in_one_turn(self) -> None:
        servant, proxy, adapter = self.given()
        self.connection(proxy)
        (connection,) = adapter.connections
        head = b"\x06object\0\0\x03one\2\0"
        bombs = b"".join(
            deflated(request_message(number, head, bytes(500_000)), 9) for number in range(100, 112)
        )
        connection.dataReceived(bombs)
        self.assertEqual(len(servant.called), 3)
        self.grid.simulation.run_for(1.0)
        self.assertEqual(len(servant.called), 12)
        self.assertEqual(self.grid.wait(proxy.one()), 1)
