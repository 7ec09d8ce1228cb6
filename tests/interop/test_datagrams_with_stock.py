"""Stock Ice and we send each other requests in datagrams, single and in batches."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SkipTest

from pushnet.rpc.current import Current
from pushnet.rpc.exceptions import SocketException
from pushnet.rpc.servant import Blobject
from pushnet.wire.identity import Identity
from pushnet.wire.request import encapsulated
from tests.interop.stock import Program
from tests.interop.transports import TransportCase


class BackI(Blobject):
    """Calls back."""

    def ice_invoke(self, params: bytes, current: Current) -> tuple[bool, bytes]:
        proxy: Any = current.con.createProxy(Identity("back"))
        proxy.ice_invoke("heard", 0, params)
        return True, params


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

    async def test_a_stock_client_reaches_all_of_us_in_a_group(self) -> None:
        group = "udp -h 239.255.9.9 -p {port} --interface 127.0.0.1"
        adapter, _ = await self.serve(self.ours(), group.format(port=0))
        port = adapter.getEndpoints()[0].getInfo().port
        await self.serve(self.ours(), group.format(port=port))
        client = self.stock()
        self.assertEqual(await client.ask(f"tell 10 echo -d:{group.format(port=port)} --ttl 0"), "told 10")
        await self.echo.heard(2)
        info = self.echo.calls[0].con.getInfo()
        self.assertEqual((info.mcastAddress, info.mcastPort), ("239.255.9.9", port))

    async def test_we_reach_a_stock_server_in_a_group(self) -> None:
        adapter, _ = await self.serve(self.ours(), "udp -h 239.255.9.10 -p 0 --interface lo")
        port = adapter.getEndpoints()[0].getInfo().port
        await adapter.deactivate()
        group = f"udp -h 239.255.9.10 -p {port} --interface 127.0.0.1"
        server, _ = await self.stock_server(group)
        proxy: Any = self.ours().stringToProxy(f"peer -d:{group} --ttl 0")
        await proxy.ice_invoke("tell", 0, encapsulated(b"x"))
        while await server.ask("heard") != "1":
            continue

    async def test_large_ones_travel_compressed_both_ways(self) -> None:
        _, echo = await self.serve(self.ours(), "udp -h 127.0.0.1 -p 0")
        await self.stock().ask(f"tell 60000 {echo.replace(' -t ', ' -d ', 1)} -z")
        await self.echo.heard(1)
        server, peer = await self.stock_server("udp -h 127.0.0.1")
        proxy: Any = self.ours().stringToProxy(f"{peer.replace(' -t ', ' -d ', 1)} -z")
        await proxy.ice_invoke("tell", 0, encapsulated(bytes(200_000)))
        while await server.ask("heard") != "1":
            continue

    async def test_ipv6(self) -> None:
        """On the loopback; who has no IPv6 is told so."""
        try:
            _, echo = await self.serve(self.ours(), 'udp -h "::1" -p 0:tcp -h "::1" -p 0')
        except SocketException as error:
            raise SkipTest(f"this host has no IPv6: {error}") from None
        client = self.stock()
        self.assertEqual(await client.ask(f"echo 10 {echo}"), "echoed 10")
        self.assertEqual(self.echo.calls[0].con.getInfo().remoteAddress, "::1")
        await client.ask(f"tell 10 {echo.replace(' -t ', ' -d ', 1)}")
        await self.echo.heard(2)
        server, peer = await self.stock_server('udp -h "::1":tcp -h "::1"')
        ours = self.ours()
        proxy = await self.call(ours, peer)
        await proxy.ice_datagram().ice_invoke("tell", 0, encapsulated(b"x"))
        while await server.ask("heard") != "2":
            continue

    async def test_each_is_called_back_by_who_gets_its_datagram(self) -> None:
        ours = self.ours()
        adapter = ours.createObjectAdapterWithEndpoints("Back", "udp -h 127.0.0.1 -p 0")
        adapter.add(BackI(), Identity("peer"))
        await adapter.activate()
        stock = Program("stock_liveness.py", "--Peer.Endpoints=udp -h 127.0.0.1")
        self.addCleanup(stock.kill)
        theirs = await stock.line()
        await stock.ask(f"back {adapter.createProxy(Identity('peer'))}")
        while await stock.ask("heard") == "0":
            continue
        proxy: Any = ours.stringToProxy(theirs)
        mine = ours.createObjectAdapterWithEndpoints("", "")
        mine.add(self.echo, Identity("back"))
        await mine.activate()
        (await proxy.ice_datagram().ice_getConnection()).setAdapter(mine)
        await proxy.ice_datagram().ice_invoke("back", 0, encapsulated(b""))
        await self.echo.heard(1)
