"""A stock `icegridregistry` between us and stock Ice: adapters register, and clients find them by name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.task import deferLater

from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException, NotRegisteredException
from pushnet.wire.identity import Identity
from pushnet.wire.request import encapsulated
from tests.interop.stock import Program, free_port
from tests.interop.transports import TransportCase

READY_S = 20.0


class StockRegistryTest(TransportCase):
    async def setUp(self) -> None:
        super().setUp()
        folder = os.path.abspath(self.mktemp())
        Path(folder).mkdir()
        port = free_port()
        options = {
            "IceGrid.InstanceName": "Stock",
            "IceGrid.Registry.Client.Endpoints": f"tcp -h 127.0.0.1 -p {port}",
            "IceGrid.Registry.Server.Endpoints": "tcp -h 127.0.0.1",
            "IceGrid.Registry.Internal.Endpoints": "tcp -h 127.0.0.1",
            "IceGrid.Registry.LMDB.Path": folder,
            "IceGrid.Registry.DynamicRegistration": "1",
        }
        registry = Program(
            *(f"--{name}={value}" for name, value in options.items()), command=["icegridregistry"]
        )
        self.addCleanup(registry.kill)
        self.locator = f"Stock/Locator:tcp -h 127.0.0.1 -p {port}"
        self.client = self.located()
        proxy: Any = self.client.stringToProxy(self.locator)
        deadline = self.client.world.clock.seconds() + READY_S
        while True:
            try:
                await proxy.ice_ping()
                return
            except LocalException:
                self.assertLess(self.client.world.clock.seconds(), deadline, "the registry does not come up")
                await deferLater(reactor, 0.05)

    def located(self, **more: str) -> Communicator:
        return self.ours(Ice_Default_Locator=self.locator, **more)

    async def echoed(self, text: str) -> Any:
        proxy: Any = self.client.stringToProxy(text)
        sent = encapsulated(b"x" * 10)
        self.assertEqual(await proxy.ice_invoke("echo", 0, sent), (True, sent))
        return proxy

    async def serve_as(self, adapter_id: str, group: str = "") -> Any:
        named = {"Echo_AdapterId": adapter_id, "Echo_Endpoints": "tcp -h 127.0.0.1 -p 0"}
        if group:
            named["Echo_ReplicaGroupId"] = group
        ours = self.located(**named)
        adapter = ours.createObjectAdapter("Echo")
        adapter.add(self.echo, Identity("echo"))
        await adapter.activate()
        return adapter

    async def test_we_find_a_stock_server_by_its_adapter_id(self) -> None:
        server, peer = await self.stock_server(
            "tcp -h 127.0.0.1", Peer_AdapterId="Peers", Ice_Default_Locator=self.locator
        )
        self.assertIn("@ Peers", peer)
        for _ in range(3):
            await self.echoed("peer@Peers")
        self.assertEqual(await server.ask("heard"), "3")
        await server.finish()
        with self.assertRaises(NotRegisteredException):
            fresh: Any = self.located().stringToProxy("peer@Peers")
            await fresh.ice_ping()

    async def test_a_stock_client_finds_us_by_our_adapter_id(self) -> None:
        adapter = await self.serve_as("Ours")
        self.assertEqual(str(adapter.createProxy(Identity("echo"))), "echo -t -e 1.1 @ Ours")
        stock = self.stock(Ice_Default_Locator=self.locator)
        self.assertEqual(await stock.ask("echo 100 echo@Ours"), "echoed 100")
        await adapter.deactivate()
        other = self.stock(Ice_Default_Locator=self.locator)
        self.assertTrue((await other.ask("echo 1 echo@Ours")).startswith("! NotRegistered"))

    async def test_replicas_of_ours_form_a_group(self) -> None:
        adapters = [await self.serve_as(f"Ours{number}", "Group") for number in (1, 2)]
        stock = self.stock(Ice_Default_Locator=self.locator)
        self.assertEqual(await stock.ask("echo 10 echo@Group"), "echoed 10")
        await adapters[0].deactivate()
        again = self.stock(Ice_Default_Locator=self.locator)
        self.assertEqual(await again.ask("echo 20 echo@Group"), "echoed 20")
        await self.echoed("echo@Group")

    async def test_nobody_is_found_by_a_name_that_is_not_registered(self) -> None:
        for text in ("peer@Nope", "nobody"):
            with self.assertRaises(NotRegisteredException) as raised:
                await self.echoed(text)
            self.assertIn(text.rpartition("@")[2], str(raised.exception))

    async def test_the_registrys_own_objects_are_found_by_their_identities(self) -> None:
        query: Any = self.client.stringToProxy("Stock/Query")
        self.assertTrue(await query.ice_isA("::IceGrid::Query"))
        registry: Any = self.client.stringToProxy("Stock/Registry")
        self.assertEqual(await registry.ice_id(), "::IceGrid::Registry")
