"""A connection's life: validated, used both ways, kept alive, held back, and ended without losing a call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.error import ConnectionLost
from twisted.internet.protocol import Factory, Protocol
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.acm import ConnectionClose
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.cancelling import WELCOME_MESSAGE
from pushnet.rpc.connection import Connection
from pushnet.rpc.exceptions import (
    BadMagicException,
    CloseConnectionException,
    ConnectionLostException,
    ConnectionManuallyClosedException,
    ConnectionNotValidatedException,
    ConnectionTimeoutException,
    FixedProxyException,
    ObjectNotExistException,
    UnknownLocalException,
)
from pushnet.rpc.stubs import Current
from pushnet.wire.identity import Identity
from pushnet.wire.message import CLOSE_MESSAGE, VALIDATE_MESSAGE
from tests.golden.calls import CallbackPrx, CallbackServant, EverythingPrx
from tests.rpc.given import PORT, EverythingI, Grid


class CallbackI(CallbackServant):
    def __init__(self) -> None:
        self.told: list[str] = []

    def tell(self, text: str, current: Current | None = None) -> None:
        self.told.append(text)


class Recorder(Protocol):
    """A peer in raw bytes: says what it is given to say first, then keeps what it gets."""

    def __init__(self, first: bytes = b"") -> None:
        self._first = first
        self.got = b""
        self.over = False

    def connectionMade(self) -> None:
        self.transport.write(self._first)

    def dataReceived(self, data: bytes) -> None:
        self.got += data

    def connectionLost(self, reason: Any = None) -> None:
        self.over = True


class ConnectionCase(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)

    def connection(self, proxy: EverythingPrx) -> Connection:
        found: Connection = self.grid.wait(proxy.ice_getConnection())
        return found

    def incoming(self, adapter: ObjectAdapter) -> Connection:
        (connection,) = adapter.connections
        return connection

    def raw_server(self, make: Callable[[], Protocol], host: str = "raw") -> EverythingPrx:
        factory = Factory()
        factory.buildProtocol = lambda addr: make()  # type: ignore[method-assign,assignment]
        world = self.grid.communicator(host).world
        self.grid.wait(world.server_endpoint(host, PORT).listen(factory))
        return EverythingPrx(self.grid.proxy("client", f"object:tcp -h {host} -p {PORT}").ice_reference)

    def raw_client(self) -> Recorder:
        peer = Recorder()
        factory = Factory()
        factory.buildProtocol = lambda addr: peer  # type: ignore[method-assign,assignment]
        world = self.grid.communicator("raw").world
        self.grid.wait(world.client_endpoint("server", PORT).connect(factory))
        return peer

    def destroy(self, host: str) -> Deferred[None]:
        return Deferred.fromCoroutine(self.grid.communicators[host].destroy())


class BeginningTests(ConnectionCase):
    def test_a_server_must_validate_before_it_says_anything_else(self) -> None:
        for first, kind in (
            (CLOSE_MESSAGE, ConnectionNotValidatedException),
            (b"HTTP/1.1 400 No\r\n\r\n", BadMagicException),
        ):
            self.setUp()
            proxy = self.raw_server(lambda first=first: Recorder(first))
            with self.assertRaises(kind):
                self.grid.wait(proxy.ice_ping())

    def test_nothing_is_sent_before_the_server_has_validated(self) -> None:
        peers: list[Recorder] = []
        proxy = self.raw_server(lambda: peers.append(Recorder()) or peers[-1])
        call = proxy.ice_ping()
        self.grid.simulation.run_for(5.0)
        self.assertEqual([peer.got for peer in peers], [b""])
        call.addErrback(lambda failure: None)

    def test_both_ends_know_where_the_other_is(self) -> None:
        _, proxy = self.grid.pair()
        info = self.connection(proxy).getInfo()
        self.assertEqual((info.incoming, info.remotePort, info.adapterName), (False, PORT, ""))
        adapter = self.grid.communicators["server"].createObjectAdapterWithEndpoints(
            "B", "tcp -h server -p 1"
        )
        self.grid.wait(adapter.activate())
        self.grid.wait(self.grid.proxy("client", "x:tcp -h server -p 1").ice_getConnection())
        other = self.incoming(adapter).getInfo()
        self.assertEqual((other.incoming, other.localPort, other.adapterName), (True, 1, "B"))
        self.assertEqual(other.remoteAddress, info.localAddress)


class BothWaysTests(ConnectionCase):
    """The server calls objects of a client that nobody can connect to."""

    def setUp(self) -> None:
        super().setUp()
        self.adapter = self.grid.serve("server", EverythingI())
        self.proxy = EverythingPrx(self.grid.proxy("client", f"object:tcp -h server -p {PORT}").ice_reference)
        self.outgoing = self.connection(self.proxy)
        self.grid.simulation.run_for(0.1)
        self.back = CallbackPrx(self.incoming(self.adapter).createProxy(Identity("callback")).ice_reference)

    def test_without_an_adapter_there_is_no_object(self) -> None:
        with self.assertRaises(ObjectNotExistException):
            self.grid.wait(self.back.tell("x"))

    def test_with_one_its_objects_are_called(self) -> None:
        servant = CallbackI()
        callbacks = self.grid.communicators["client"].createObjectAdapter("")
        callbacks.add(servant, Identity("callback"))
        self.outgoing.setAdapter(callbacks)
        self.grid.wait(self.back.tell("hello"))
        self.assertEqual((servant.told, self.outgoing.getAdapter()), (["hello"], callbacks))

    def test_a_proxy_bound_to_a_connection_cannot_be_passed_on(self) -> None:
        with self.assertRaises(FixedProxyException):
            self.grid.wait(self.proxy.me(None, self.back))

    def test_it_ends_with_its_connection(self) -> None:
        self.grid.wait(self.outgoing.close())
        self.grid.simulation.run_for(1.0)
        with self.assertRaises(CloseConnectionException):
            self.grid.wait(self.back.tell("x"))


class LivenessTests(ConnectionCase):
    def test_both_ends_send_heartbeats_while_nothing_else_is_said(self) -> None:
        beats: list[Connection] = []
        _, proxy = self.grid.pair()
        self.connection(proxy).setHeartbeatCallback(beats.append)
        self.grid.simulation.run_for(300.0)
        self.assertGreaterEqual(len(beats), 10)
        self.assertTrue(self.connection(proxy).active)

    def test_a_server_that_vanished_is_found_by_who_waits_for_it(self) -> None:
        servant, proxy = self.grid.pair()
        servant.gate = Deferred()
        call = proxy.nothing()
        self.grid.simulation.run_for(1.0)
        for link in self.grid.simulation.network.connections("server"):
            link.vanish()
        with self.assertRaises(ConnectionTimeoutException):
            self.grid.wait(call, 80.0)
        self.assertEqual(self.grid.communicators["client"].counters.dead_peers, 1)

    def test_a_long_call_to_a_living_server_is_waited_for(self) -> None:
        servant, proxy = self.grid.pair()
        servant.gate = Deferred()
        call = proxy.nothing()
        self.grid.simulation.run_for(600.0)
        servant.gate.callback(None)
        self.assertIsNone(self.grid.wait(call))

    def test_who_reads_nothing_is_not_read_and_at_last_cut_off(self) -> None:
        adapter = self.grid.serve("server", EverythingI())
        peer = self.raw_client()
        self.grid.simulation.run_for(1.0)
        peer.transport.pauseProducing()
        connection = self.incoming(adapter)
        connection.send(bytes(1_000_000))
        self.grid.simulation.run_for(1.0)
        served = self.grid.communicators["server"].counters.requests
        peer.transport.write(PING)
        self.grid.simulation.run_for(5.0)
        self.assertEqual(self.grid.communicators["server"].counters.requests, served)
        self.grid.simulation.run_for(120.0)
        self.assertEqual(adapter.connections, [])


class HoldingBackTests(ConnectionCase):
    def test_with_too_much_under_way_a_connection_is_not_read(self) -> None:
        self.grid.communicator("server", Ice_Connection_MaxDispatches="5")
        servant, proxy = self.grid.pair()
        servant.gate = Deferred()
        calls = []
        for _ in range(20):
            calls.append(proxy.nothing())
            self.grid.simulation.run_for(0.1)
        self.assertEqual(len(servant.called), 5)
        servant.gate.callback(None)
        for call in calls:
            self.assertIsNone(self.grid.wait(call))
        self.assertEqual(len(servant.called), 20)

    def test_other_connections_are_served_meanwhile(self) -> None:
        self.grid.communicator("server", Ice_Connection_MaxDispatches="1")
        servant, proxy = self.grid.pair()
        servant.gate = Deferred()
        call = proxy.nothing()
        self.grid.simulation.run_for(0.1)
        other = proxy.ice_connectionId("other")
        self.assertEqual(self.grid.wait(other.add(1, 2)), 3)
        self.assertNoResult(call)
        servant.gate.callback(None)
        self.grid.wait(call)


class EndTests(ConnectionCase):
    def two_servers(self) -> tuple[EverythingI, EverythingI, EverythingPrx]:
        """A proxy that calls the first of two as long as that is there."""
        first, second = EverythingI(), EverythingI()
        self.grid.serve("server", first)
        self.grid.serve("second", second)
        self.grid.communicator("client", Ice_Default_EndpointSelection="Ordered")
        text = f"object:tcp -h server -p {PORT}:tcp -h second -p {PORT}"
        return first, second, EverythingPrx(self.grid.proxy("client", text).ice_reference)

    def test_two_way_calls_that_come_too_late_are_done_elsewhere_and_once(self) -> None:
        first, second, proxy = self.two_servers()
        first.gate = Deferred()
        before = proxy.nothing()
        self.grid.simulation.run_for(1.0)
        ending = self.destroy("server")
        late = proxy.add(1, 2)
        self.grid.simulation.run_for(1.0)
        self.assertNoResult(late)
        first.gate.callback(None)
        self.assertEqual(self.grid.wait(late), 3)
        self.assertIsNone(self.grid.wait(before))
        self.grid.wait(ending)
        self.assertEqual((first.called, second.called), (["nothing"], ["add"]))
        self.assertEqual(self.grid.communicators["server"].counters.ignored, 1)
        self.assertEqual(second.contexts[0]["_pn.att"], "1")

    def test_one_way_calls_that_come_too_late_are_still_done(self) -> None:
        first, second, proxy = self.two_servers()
        first.gate = Deferred()
        before = proxy.nothing()
        self.grid.simulation.run_for(1.0)
        ending = self.destroy("server")
        first.gate, gate = None, first.gate
        self.grid.wait(proxy.ice_oneway().nothing())
        batch = proxy.ice_batchOneway()
        batch.nothing()
        batch.nothing()
        self.grid.wait(batch.ice_flushBatchRequests())
        self.grid.simulation.run_for(1.0)
        self.assertEqual((first.called, second.called), (["nothing"] * 4, []))
        gate.callback(None)
        self.grid.wait(before)
        self.grid.wait(ending)

    def test_what_takes_too_long_is_told_so_and_does_not_hold_up_the_others(self) -> None:
        first, _, proxy = self.two_servers()
        first.gate = Deferred()
        stuck = proxy.nothing()
        self.grid.simulation.run_for(1.0)
        ending = self.destroy("server")
        late = proxy.add(1, 2)
        with self.assertRaises(UnknownLocalException):
            self.grid.wait(stuck, 6.0)
        self.assertEqual(self.grid.wait(late, 2.0), 3)
        self.grid.wait(ending, 2.0)
        first.gate.callback(None)

    def test_a_peer_that_never_hangs_up_is_cut_off_in_time(self) -> None:
        self.grid.serve("server", EverythingI())
        peer = self.raw_client()
        self.grid.simulation.run_for(1.0)
        self.grid.wait(self.destroy("server"), 5.5)
        self.grid.simulation.run_for(1.0)
        self.assertEqual((peer.got, peer.over), (WELCOME_MESSAGE + CLOSE_MESSAGE, True))

    def test_who_is_told_of_the_end_hangs_up_at_once(self) -> None:
        peers: list[Recorder] = []
        proxy = self.raw_server(lambda: peers.append(Recorder(VALIDATE_MESSAGE)) or peers[-1])
        connection = self.connection(proxy)
        peers[0].transport.write(CLOSE_MESSAGE)
        self.grid.simulation.run_for(0.5)
        self.assertTrue(peers[0].over)
        self.assertFalse(connection.active)

    def test_two_that_close_at_once_leave_no_timer_behind(self) -> None:
        peers: list[Recorder] = []
        proxy = self.raw_server(lambda: peers.append(Recorder(VALIDATE_MESSAGE)) or peers[-1])
        self.connection(proxy)
        ending = ensureDeferred(self.grid.communicators["client"].destroy())
        self.grid.simulation.run_for(0.01)
        peers[0].transport.write(CLOSE_MESSAGE)
        self.grid.wait(ending)
        left = self.grid.simulation.host("client").world.leftovers()
        self.assertEqual([line for line in left if "timer" in line], [])

    def test_a_call_that_has_not_left_when_the_connection_breaks_is_made_again(self) -> None:
        servant, proxy = self.grid.pair()
        connection = self.connection(proxy)
        turn = self.grid.communicators["client"].turn
        turn.enter()
        call = proxy.add(1, 2)
        one_way = proxy.ice_oneway().nothing()
        connection.abort(ConnectionLostException("cut"))
        connection.connectionLost(Failure(ConnectionLost()))
        turn.leave()
        self.assertEqual(self.grid.wait(call), 3)
        self.assertIsNone(self.grid.wait(one_way))
        self.grid.simulation.run_for(1.0)
        self.assertEqual(sorted(servant.called), ["add", "nothing"])

    def test_a_batch_that_has_not_left_when_the_peer_closes_goes_to_another(self) -> None:
        first, second, proxy = self.two_servers()
        self.grid.wait(proxy.nothing())
        batch = proxy.ice_batchOneway()
        for _ in range(3):
            batch.nothing()
        turn = self.grid.communicators["client"].turn
        turn.enter()
        flushed = batch.ice_flushBatchRequests()
        connection = proxy.ice_getCachedConnection()
        assert connection is not None
        connection.dataReceived(CLOSE_MESSAGE)
        turn.leave()
        self.assertIsNone(self.grid.wait(flushed))
        self.grid.simulation.run_for(1.0)
        self.assertEqual(len(first.called) + len(second.called), 4)

    def test_an_application_may_close_in_an_orderly_way_or_at_once(self) -> None:
        servant, proxy = self.grid.pair()
        servant.gate = Deferred()
        waiting = proxy.nothing()
        self.grid.simulation.run_for(0.5)
        closing = self.connection(proxy).close()
        self.grid.simulation.run_for(1.0)
        self.assertNoResult(closing)
        servant.gate.callback(None)
        self.assertIsNone(self.grid.wait(waiting))
        self.grid.wait(closing)
        servant.gate = Deferred()
        waiting = proxy.nothing()
        self.grid.simulation.run_for(0.5)
        self.connection(proxy).close(ConnectionClose.Forcefully)
        with self.assertRaises(ConnectionManuallyClosedException):
            self.grid.wait(waiting)

    def test_everyone_who_asked_is_told_of_the_end_once(self) -> None:
        told: list[tuple[str, Connection]] = []
        _, proxy = self.grid.pair()
        connection = self.connection(proxy)

        def first(gone: Connection) -> None:
            told.append(("first", gone))

        connection.setCloseCallback(first)
        connection.setCloseCallback(first)
        connection.setCloseCallback(lambda gone: told.append(("second", gone)))
        self.grid.wait(connection.close())
        self.assertEqual(told, [("first", connection), ("second", connection)])
        connection.setCloseCallback(first)
        self.assertEqual(len(told), 3)


PING = bytes.fromhex(
    "4963655001000100 0000 2c000000 01000000 066f626a656374 00 00 086963655f70696e67 01 00 060000000101"
)
