"""Stock Ice and we read what the other compresses, and compress what the other asks for."""

from __future__ import annotations

from typing import Any

from tests.interop.transports import TransportCase


class Tap:
    """Stands before the framer of a connection and keeps what it is given."""

    def __init__(self, connection: Any) -> None:
        self.heard: list[bytes] = []
        self._framer = connection._framer
        connection._framer = self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._framer, name)

    def receive(self, data: bytes) -> Any:
        self.heard.append(data)
        return self._framer.receive(data)


class CompressionWithStockTest(TransportCase):
    async def test_a_stock_client_compresses_and_has_its_replies_compressed(self) -> None:
        _, echo = await self.serve(self.ours(), "tcp -h 127.0.0.1 -p 0")
        client = self.stock(Ice_Override_Compress="1")
        self.assertEqual(await client.ask(f"echo 10 {echo}"), "echoed 10")
        (adapter,) = {call.adapter for call in self.echo.calls}
        (connection,) = adapter.connections
        heard = Tap(connection).heard
        for size in (100, 50_000, 900_000):
            self.assertEqual(await client.ask(f"echo {size} {echo}"), f"echoed {size}")
        self.assertEqual({data[9] for data in heard}, {2})
        self.assertLess(sum(map(len, heard)), 2_000)

    async def test_we_compress_and_a_stock_server_does_so_with_its_replies(self) -> None:
        server, peer = await self.stock_server("tcp -h 127.0.0.1 -z")
        ours = self.ours()
        self.assertIn(" -z", peer)
        proxy = await self.call(ours, peer, 10)
        heard = Tap(await proxy.ice_getConnection()).heard
        for size in (100, 50_000, 900_000):
            await self.call(ours, peer, size)
        self.assertEqual({data[9] for data in heard}, {2})
        self.assertLess(sum(map(len, heard)), 2_000)
        self.assertEqual(await server.ask("heard"), "4")
