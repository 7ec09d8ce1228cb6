"""Heartbeats, timeouts and closing between stock Ice and us, with the times of a test.

Ice counts its ACM in seconds, so these take some; nothing waits longer than for what it waits for.
"""

from __future__ import annotations

from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.task import deferLater

from pushnet.rpc.acm import ACMClose, ACMHeartbeat, ConnectionClose
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.connection import Connection
from pushnet.rpc.exceptions import (
    ConnectionManuallyClosedException,
    ConnectionTimeoutException,
    ConnectTimeoutException,
)
from pushnet.rpc.proxy import ObjectPrx
from pushnet.rpc.servant import Blobject
from pushnet.wire.identity import Identity
from pushnet.wire.request import encapsulated
from tests.interop.stock import Program
from tests.interop.transports import TransportCase

QUIET = {"Ice_ACM_Heartbeat": "0"}


class SlowI(Blobject):
    """Answers `slow` a good two seconds later, and everything else at once."""

    def __init__(self) -> None:
        self._waiting: list[tuple[IDelayedCall, Deferred[None]]] = []

    async def ice_invoke(self, params: bytes, current: Any) -> tuple[bool, bytes]:
        if current.operation == "slow":
            waiting: Deferred[None] = Deferred()
            self._waiting.append((reactor.callLater(2.2, waiting.callback, None), waiting))
            await waiting
        return True, params

    def hurry(self) -> None:
        """Answer now what has waited."""
        for timer, waiting in self._waiting:
            if timer.active():
                timer.cancel()
                waiting.callback(None)


class LivenessCase(TransportCase):
    async def our_server(self, **properties: str) -> tuple[ObjectAdapter, str]:
        communicator = self.ours(**properties)
        adapter = communicator.createObjectAdapterWithEndpoints("Slow", "tcp -h 127.0.0.1 -p 0")
        servant = SlowI()
        adapter.add(servant, Identity("slow"))
        self.addCleanup(servant.hurry)
        await adapter.activate()
        return adapter, str(adapter.createProxy(Identity("slow")))

    async def stock_client(self, proxy: str, **properties: str) -> Program:
        program = self.slow_stock(**properties)
        self.assertEqual(await program.ask(f"open {proxy}"), "opened")
        return program

    def slow_stock(self, **properties: str) -> Program:
        named = [f"--{name.replace('_', '.')}={value}" for name, value in properties.items()]
        program = Program("stock_liveness.py", *named)
        self.addCleanup(program.kill)
        return program

    async def our_client(
        self, stock: Program, **properties: str
    ) -> tuple[ObjectPrx, Connection, Deferred[None]]:
        """Our proxy of the stock server's object, its connection, and when that is gone."""
        proxy = self.ours(**properties).stringToProxy(await stock.line())
        assert proxy is not None
        connection = await proxy.ice_getConnection()
        gone: Deferred[None] = Deferred()
        connection.setCloseCallback(lambda _: gone.callback(None))
        return proxy, connection, gone


class StockClientTest(LivenessCase):
    async def test_it_closes_an_idle_connection_whatever_we_are(self) -> None:
        adapter, proxy = await self.our_server()
        client = await self.stock_client(proxy, Ice_ACM_Client_Timeout="1", Ice_ACM_Client_Close="1")
        (connection,) = adapter.connections
        gone: Deferred[None] = Deferred()
        connection.setCloseCallback(lambda _: gone.callback(None))
        await gone
        while (told := await client.ask("told")).startswith("open"):
            continue  # its callback runs in a thread of its own, after the close that we have seen
        self.assertEqual(told, "closed 0")
        self.assertEqual(await client.ask("slow"), "answered")

    async def test_it_waits_for_who_serves_and_sends_heartbeats(self) -> None:
        _, proxy = await self.our_server(Ice_ACM_Timeout="1")
        client = await self.stock_client(proxy, Ice_ACM_Client_Timeout="1", Ice_ACM_Client_Close="2")
        self.assertEqual(await client.ask("slow"), "answered")
        state, beats = (await client.ask("told")).split()
        self.assertEqual((state, int(beats) >= 2), ("open", True), beats)

    async def test_it_gives_up_who_serves_without_a_sign(self) -> None:
        _, proxy = await self.our_server(**QUIET)
        client = await self.stock_client(proxy, Ice_ACM_Client_Timeout="1", Ice_ACM_Client_Close="2")
        self.assertEqual(await client.ask("slow"), "! ConnectionTimeoutException")

    async def test_an_adapter_on_hold_sends_no_heartbeats_and_is_given_up(self) -> None:
        adapter, proxy = await self.our_server(Ice_ACM_Timeout="1")
        client = await self.stock_client(proxy, Ice_ACM_Client_Timeout="1", Ice_ACM_Client_Close="2")
        call = client.ask("slow")
        while not adapter.connections[0].dispatch_count:
            await deferLater(reactor, 0.01, lambda: None)
        adapter.hold()
        self.assertEqual(await call, "! ConnectionTimeoutException")
        await adapter.activate()

    async def test_an_adapter_on_hold_lets_nobody_close_in_order_before_it_goes_on(self) -> None:
        adapter, proxy = await self.our_server(Ice_ACM_Timeout="1")
        client = await self.stock_client(proxy, Ice_ACM_Client_Timeout="1", Ice_ACM_Client_Close="3", **QUIET)
        adapter.hold()
        await deferLater(reactor, 2.0, lambda: None)
        self.assertEqual(await client.ask("told"), "open 0")
        await adapter.activate()
        while (await client.ask("told")).startswith("open"):
            continue

    async def test_our_default_keeps_a_client_with_long_times_waiting(self) -> None:
        """The 60 s of the defaults are tried in simulated time; here, that heartbeats are understood."""
        adapter, proxy = await self.our_server()
        client = await self.stock_client(proxy)
        for _ in range(3):
            await adapter.connections[0].heartbeat()
        self.assertEqual(await client.ask("slow"), "answered")
        self.assertEqual(await client.ask("told"), "open 3")

    async def test_it_gives_up_a_server_on_hold_after_the_endpoints_timeout(self) -> None:
        adapter, proxy = await self.our_server(Ice_MessageSizeMax="0")
        client = await self.stock_client(proxy, Ice_MessageSizeMax="0", Ice_Override_Timeout="400")
        adapter.hold()
        self.assertEqual(await client.ask("send 20000000"), "! ConnectTimeoutException")
        self.assertEqual((await client.ask("told")).split()[0], "closed")
        await adapter.activate()

    async def test_it_may_change_its_mind_about_heartbeats(self) -> None:
        adapter, proxy = await self.our_server()
        client = await self.stock_client(proxy, **QUIET)
        beats: list[Connection] = []
        heard: Deferred[None] = Deferred()

        def beat(connection: Connection) -> None:
            beats.append(connection)
            if len(beats) == 2:
                heard.callback(None)

        adapter.connections[0].setHeartbeatCallback(beat)
        await client.ask("acm 1 0 3")
        await heard

    async def test_it_closes_in_each_of_its_ways(self) -> None:
        for mode in ConnectionClose:
            adapter, proxy = await self.our_server()
            client = await self.stock_client(proxy)
            (connection,) = adapter.connections
            gone: Deferred[None] = Deferred()
            connection.setCloseCallback(lambda _, gone=gone: gone.callback(None))
            self.assertEqual(await client.ask(f"close {mode.name}"), "closing")
            await gone
            self.assertEqual(adapter.connections, [])
            await client.finish()

    async def test_our_server_closes_its_idle_connections_in_order(self) -> None:
        adapter, proxy = await self.our_server(Slow_ACM_Timeout="1", Slow_ACM_Close="3")
        client = await self.stock_client(proxy)
        (connection,) = adapter.connections
        gone: Deferred[None] = Deferred()
        connection.setCloseCallback(lambda _: gone.callback(None))
        await gone
        while (told := await client.ask("told")).startswith("open"):
            continue  # its callback runs in a thread of its own, after the close that we have seen
        self.assertEqual(told, "closed 0")
        self.assertEqual(await client.ask("slow"), "answered")


class StockServerTest(LivenessCase):
    async def call(self, proxy: ObjectPrx, size: int = 0) -> None:  # type: ignore[override]
        await proxy.ice_invoke("slow", 0, encapsulated(bytes(size)))

    async def test_we_close_an_idle_connection_in_order_and_come_back(self) -> None:
        server = self.slow_stock(Peer_Endpoints="tcp -h 127.0.0.1")
        proxy, first, gone = await self.our_client(server, Ice_ACM_Client_Timeout="1", **QUIET)
        await self.call(proxy)
        await gone
        await self.call(proxy)
        self.assertIsNot(await proxy.ice_getConnection(), first)

    async def test_we_wait_for_who_serves_and_sends_heartbeats(self) -> None:
        server = self.slow_stock(Peer_Endpoints="tcp -h 127.0.0.1", Peer_SlowMs="2200", Ice_ACM_Timeout="1")
        proxy, connection, _ = await self.our_client(server, Ice_ACM_Timeout="1", Ice_ACM_Close="2")
        beats: list[Connection] = []
        connection.setHeartbeatCallback(beats.append)
        await self.call(proxy)
        self.assertGreaterEqual(len(beats), 2)

    async def test_we_give_up_who_serves_without_a_sign(self) -> None:
        server = self.slow_stock(Peer_Endpoints="tcp -h 127.0.0.1", Peer_SlowMs="2200", **QUIET)
        proxy, _, _ = await self.our_client(server, Ice_ACM_Timeout="1", Ice_ACM_Close="2")
        with self.assertRaises(ConnectionTimeoutException):
            await self.call(proxy)

    async def test_our_heartbeats_keep_a_server_that_closes_idle_connections(self) -> None:
        server = self.slow_stock(
            Peer_Endpoints="tcp -h 127.0.0.1", Ice_ACM_Server_Timeout="1", Ice_ACM_Server_Close="4"
        )
        proxy, connection, gone = await self.our_client(server)
        await self.call(proxy)
        connection.setACM(1, ACMClose.CloseOff, ACMHeartbeat.HeartbeatAlways)
        await deferLater(reactor, 2.2, lambda: None)
        state, beats = (await server.ask("incoming")).split()
        self.assertEqual((state, int(beats) >= 3), ("open", True), beats)
        connection.setACM(None, None, ACMHeartbeat.HeartbeatOff)
        await gone

    async def test_a_server_that_has_stopped_is_given_up_after_the_endpoints_timeout(self) -> None:
        server = self.slow_stock(Peer_Endpoints="tcp -h 127.0.0.1", Ice_MessageSizeMax="0")
        proxy, _, _ = await self.our_client(server, Ice_MessageSizeMax="0", Ice_Override_Timeout="400")
        await self.call(proxy)
        server.transport.signalProcess("STOP")
        with self.assertRaises(ConnectionTimeoutException):
            await self.call(proxy, 20_000_000)
        with self.assertRaises(ConnectTimeoutException):
            await self.call(proxy)

    async def test_we_close_in_each_of_our_ways(self) -> None:
        for mode in ConnectionClose:
            server = self.slow_stock(Peer_Endpoints="tcp -h 127.0.0.1")
            proxy, connection, _ = await self.our_client(server)
            await self.call(proxy)
            await connection.close(mode)
            with self.assertRaises(ConnectionManuallyClosedException):
                connection.throwException()
            while (await server.ask("incoming")).startswith("open"):
                pass
            await self.call(proxy)
            await server.finish()
            self.assertEqual(server.exit_code, 0)
