"""Endpoints and connections tell stock Ice the same as us; names and all interfaces mean the same to both."""

from __future__ import annotations

import re
from typing import Any

from pushnet.rpc.exceptions import ConnectFailedException
from tests.interop.transports import TransportCase

ONLY_FOUR = {"Ice_IPv6": "0"}


class AddressesWithStockTest(TransportCase):
    async def test_all_interfaces_are_published_alike_and_each_leads_to_us(self) -> None:
        for families in ({}, ONLY_FOUR):
            adapter, echo = await self.serve(self.ours(**families), "tcp -h *")
            _, peer = await self.stock_server("tcp -h *", **families)
            self.assertEqual(*[re.findall(r"-h (\S+) -p", text) for text in (echo, peer)])
            self.assertGreater(adapter.getEndpoints()[0].getInfo().port, 0)
            self.assertEqual(adapter.getEndpoints()[0].getInfo().host, "")
            for endpoint in adapter.getPublishedEndpoints():
                self.assertEqual(await self.stock().ask(f"echo 10 echo:{endpoint}"), "echoed 10")
            await adapter.deactivate()

    async def test_a_name_leads_to_both_and_a_family_may_be_left_out(self) -> None:
        _, echo = await self.serve(self.ours(), "tcp -h localhost -p 0")
        self.assertIn("localhost", echo)
        self.assertEqual(await self.stock().ask(f"echo 10 {echo}"), "echoed 10")
        _, peer = await self.stock_server("tcp -h localhost", **ONLY_FOUR)
        await self.call(self.ours(), peer)
        nowhere: Any = self.ours(Ice_IPv4="0").stringToProxy(peer)
        with self.assertRaises(ConnectFailedException):  # of a name that has no such address, or nobody there
            await nowhere.ice_ping()

    async def test_the_same_connection_is_told_alike_by_both_ends(self) -> None:
        for protocol, kinds in (
            ("tcp", "TCPConnectionInfo"),
            ("ws", "WSConnectionInfo headers TCPConnectionInfo"),
        ):
            _, echo = await self.serve(self.ours(), f"{protocol} -h 127.0.0.1 -p 0")
            told = (await self.stock().ask(f"info {echo}")).replace(" from 127.0.0.1", "")
            self.assertEqual(told, kinds)
            _, peer = await self.stock_server(f"{protocol} -h 127.0.0.1")
            proxy = await self.call(self.ours(), peer)
            layers = []
            info = (await proxy.ice_getConnection()).getInfo()
            self.assertGreater(min(info.rcvSize, info.sndSize), 0)
            while info is not None:
                layers.append(type(info).__name__)
                info = info.underlying
            self.assertEqual(layers, kinds.replace("headers ", "").split())

    async def test_the_fields_of_a_handshake_are_told_as_stock_spells_them(self) -> None:
        _, echo = await self.serve(self.ours(), "ws -h 127.0.0.1 -p 0")
        await self.stock().ask(f"echo 1 {echo}")
        headers = self.echo.calls[-1].con.getInfo().headers
        self.assertEqual((headers["Upgrade"], headers["Connection"]), ("websocket", "Upgrade"))
        self.assertEqual(
            (headers["Sec-WebSocket-Protocol"], headers["Sec-WebSocket-Version"]), ("ice.zeroc.com", "13")
        )
        self.assertTrue(headers["Sec-WebSocket-Key"])

    async def test_buffers_are_what_the_properties_ask_for(self) -> None:
        sizes = {"Ice_TCP_RcvSize": "40000", "Ice_TCP_SndSize": "50000"}
        _, peer = await self.stock_server("tcp -h 127.0.0.1")
        connection = await (await self.call(self.ours(**sizes), peer)).ice_getConnection()
        info = connection.getInfo()
        self.assertTrue(40_000 <= info.rcvSize <= 120_000 and 50_000 <= info.sndSize <= 150_000, info)
        connection.setBufferSize(60_000, 0)
        self.assertGreater(connection.getInfo().rcvSize, info.rcvSize)
