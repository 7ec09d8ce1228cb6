"""Stock Ice and we call each other over WebSocket: large and small, one-way, and to an orderly end."""

from __future__ import annotations

from tests.interop.transports import TransportCase


class WebSocketWithStockTest(TransportCase):
    async def test_a_stock_client_calls_us(self) -> None:
        adapter, echo = await self.serve(self.ours(), "ws -h 127.0.0.1 -p 0 -r /echo")
        client = self.stock()
        for size in (0, 100, 200, 70_000, 900_000):
            self.assertEqual(await client.ask(f"echo {size} {echo}"), f"echoed {size}")
        self.assertEqual(await client.ask(f"tell 10 {echo.replace(' -t ', ' -o ', 1)}"), "told 10")
        await self.echo.heard(6)
        info = self.echo.calls[0].con.getInfo()
        self.assertEqual(info.headers["Sec-WebSocket-Protocol"], "ice.zeroc.com")
        self.assertIn("headers", await client.ask(f"info {echo}"))
        await client.finish()
        self.assertEqual((client.exit_code, adapter.connections), (0, []))

    async def test_we_call_a_stock_server(self) -> None:
        server, peer = await self.stock_server("ws -h 127.0.0.1 -r /peer")
        ours = self.ours()
        for size in (0, 100, 200, 70_000, 900_000):
            proxy = await self.call(ours, peer, size)
        info = (await proxy.ice_getConnection()).getInfo()
        self.assertEqual(info.headers["Upgrade"], "websocket")
        calls = [self.call(ours, peer, size) for size in range(100)]
        for call in calls:
            await call
        self.assertEqual(await server.ask("heard"), "105")
        self.assertIn("headers", await server.ask("peer"))

    async def test_a_stock_server_that_stops_while_we_are_connected_ends_at_once(self) -> None:
        server, peer = await self.stock_server("ws -h 127.0.0.1")
        proxy = await self.call(self.ours(), peer)
        connection = await proxy.ice_getConnection()
        await server.finish()
        await connection.gone()
        self.assertEqual(server.exit_code, 0)

    async def test_we_stop_while_a_stock_client_is_connected(self) -> None:
        adapter, echo = await self.serve(self.ours(), "ws -h 127.0.0.1 -p 0")
        client = self.stock()
        await client.ask(f"echo 1 {echo}")
        await adapter.deactivate()
        self.assertEqual(adapter.connections, [])
        self.assertTrue((await client.ask(f"echo 1 {echo}")).startswith("! Connect"))

    async def test_one_proxy_with_tcp_and_websocket_serves_both(self) -> None:
        _, echo = await self.serve(self.ours(), "tcp -h 127.0.0.1 -p 0:ws -h 127.0.0.1 -p 0")
        client = self.stock()
        identity, tcp, ws = echo.split(":")
        for endpoint in (tcp, ws):
            self.assertEqual(await client.ask(f"echo 1 {identity}:{endpoint}"), "echoed 1")
