"""Stock Ice and we send each other requests in datagrams, single and in batches."""

from __future__ import annotations

from typing import Any

from pushnet.wire.request import encapsulated
from tests.interop.transports import TransportCase


class DatagramsWithStockTest(TransportCase):
    async def test_a_stock_client_calls_us(self) -> None:
        _, echo = await self.serve(self.ours(), "udp -h 127.0.0.1 -p 0")
        client = self.stock()
        for size in (0, 60_000):
            target = echo.replace(" -t ", " -d ", 1)
            self.assertEqual(await client.ask(f"tell {size} {target}"), f"told {size}")
        self.assertEqual(await client.ask(f"batch 5 {echo.replace(' -t ', ' -D ', 1)}"), "told 5")
        await self.echo.heard(7)
        self.assertEqual({call.requestId for call in self.echo.calls}, {0})

    async def test_we_call_a_stock_server(self) -> None:
        server, peer = await self.stock_server("udp -h 127.0.0.1")
        ours = self.ours()
        proxy: Any = ours.stringToProxy(peer)
        for size in (0, 60_000):
            await proxy.ice_datagram().ice_invoke("tell", 0, encapsulated(b"x" * size))
        while await server.ask("heard") != "2":
            continue
        self.assertIn("UDP", await server.ask("peer"))
