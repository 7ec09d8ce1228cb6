"""Connections come from the local address they were told to come from, between stock Ice and us."""

from __future__ import annotations

from tests.interop.transports import TransportCase


class SourcesWithStockTest(TransportCase):
    async def test_a_stock_client_comes_from_where_its_proxy_says(self) -> None:
        for protocol in ("tcp", "ws"):
            _, echo = await self.serve(self.ours(), f"{protocol} -h 127.0.0.1 -p 0")
            await self.stock().ask(f"echo 1 {echo} --sourceAddress 127.0.0.3")
            self.assertEqual(self.echo.calls[-1].con.getInfo().remoteAddress, "127.0.0.3")

    async def test_we_come_from_where_our_proxy_says(self) -> None:
        for protocol in ("tcp", "ws"):
            server, peer = await self.stock_server(f"{protocol} -h 127.0.0.1")
            await self.call(self.ours(), f"{peer} --sourceAddress 127.0.0.4")
            self.assertIn("from 127.0.0.4", await server.ask("peer"))

    async def test_the_property_serves_who_says_nothing(self) -> None:
        server, peer = await self.stock_server("tcp -h 127.0.0.1")
        await self.call(self.ours(Ice_Default_SourceAddress="127.0.0.5"), peer)
        self.assertIn("from 127.0.0.5", await server.ask("peer"))

    async def test_datagrams_go_by_the_property(self) -> None:
        _, echo = await self.serve(self.ours(), "udp -h 127.0.0.1 -p 0")
        ours = self.ours(Ice_Default_SourceAddress="127.0.0.6")
        proxy = ours.stringToProxy(echo.replace(" -t ", " -d ", 1))
        assert proxy is not None
        await proxy.ice_ping()
        await self.echo.heard(1)
        connection = await proxy.ice_getConnection()
        self.assertEqual(connection.getInfo().localAddress, "127.0.0.6")
