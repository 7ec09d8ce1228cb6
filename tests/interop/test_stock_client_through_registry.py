"""Stock Ice programs and our registry: found, balanced, failed over, registered."""

from __future__ import annotations

import sys

from twisted.internet import reactor
from twisted.internet.defer import gatherResults
from twisted.trial.unittest import TestCase

from pushnet.app.node import NodeService, make_node
from pushnet.app.realworld import RealWorld
from pushnet.gen.pushnet.registry import GroupPolicy, RegistryPrx
from pushnet.gen.pushnet.tagalias import TagAliasPrx
from pushnet.grid.settings import ClusterSettings, NodeSettings, Settings
from pushnet.rpc.communicator import Communicator
from tests.interop.stock import Program, compile_slices, free_port, require_ice


class GridCase(TestCase):
    """A registry in this process; programs beside it."""

    timeout = 60

    async def setUp(self) -> None:
        require_ice(self)
        self.folder = self.mktemp()
        self.compiled = compile_slices(self)
        self.port = free_port()
        cluster = ClusterSettings(secret="x" * 16, registry_port=self.port, lease_s=1.0)
        node = NodeSettings(name="registry-1", role="registry")
        self.settings = Settings(cluster=cluster, node=[node])
        self.registry: NodeService = make_node(RealWorld(reactor, self.folder), self.settings, "registry-1")
        self.registry.startService()
        self.addCleanup(self.registry.stopService)
        await self.registry.started

    def run_program(self, *argv: str, python: str = "/usr/bin/python3") -> Program:
        program = Program(*argv, python=python)
        self.addCleanup(program.kill)
        return program

    async def replicas(self, *numbers: int) -> dict[str, Program]:
        """Replicas of TagAlias in processes of their own, joined."""
        started = {
            str(number): self.run_program(
                "grid_replica.py", str(self.port), str(number), python=sys.executable
            )
            for number in numbers
        }
        await gatherResults([program.line() for program in started.values()], consumeErrors=True)
        return started

    @property
    def locator(self) -> str:
        return f"--Ice.Default.Locator={self.settings.locator}"

    async def balance(self, group: str, policy: GroupPolicy) -> None:
        """From now on."""
        communicator = Communicator(RealWorld(reactor, self.mktemp()))
        self.addCleanup(communicator.destroy)
        proxy = communicator.stringToProxy(f"PushNet/Registry:tcp -h 127.0.0.1 -p {self.port}")
        registry = RegistryPrx.uncheckedCast(proxy)
        assert registry is not None
        await registry.setPolicy(group, policy)

    async def client(self, *properties: str) -> Program:
        client = self.run_program("stock_grid_client.py", self.compiled, self.locator, *properties)
        self.assertEqual(await client.line(), "ready")
        return client


class StockClientTests(GridCase):
    """A stock client with our registry as its locator."""

    async def test_it_goes_on_with_the_other_replica_when_one_is_killed(self) -> None:
        replicas = await self.replicas(1, 2)
        client = await self.client()
        first = await client.ask("call")
        self.assertIn(first, ("1", "2"))
        await replicas[first].kill()
        other = "2" if first == "1" else "1"
        self.assertEqual([await client.ask("call") for _ in range(5)], [other] * 5)

    async def test_it_tells_where_it_is_by_a_property_and_is_sent_to_the_nearest(self) -> None:
        await self.replicas(1, 2)
        await self.balance("TagAlias", GroupPolicy("nearest"))
        for number in ("1", "2", "1"):
            client = await self.client(f"--Ice.Default.Locator.Context._pn.region=region-{number}")
            self.assertEqual(await client.ask("call"), number)

    async def test_it_finds_objects_and_replicas_by_query(self) -> None:
        await self.replicas(1, 2)
        client = await self.client()
        self.assertEqual(await client.ask("query TagAlias"), "TagAlias -t -e 1.1 @ TagAlias")
        self.assertEqual(await client.ask("query nobody"), "None")
        self.assertEqual(await client.ask("replicas TagAlias@TagAlias"), "{1: 0} {2: 0}")

    async def test_what_is_not_registered_is_told_as_ice_tells_it(self) -> None:
        await self.replicas(1)
        client = await self.client()
        self.assertEqual(await client.ask("unknown nobody"), "object nobody")
        self.assertEqual(await client.ask("unknown a@Nowhere"), "object adapter Nowhere")


class StockServerTests(GridCase):
    """A stock server that registers its adapter with our registry."""

    async def server(self, number: int) -> tuple[Program, str]:
        """Start one; also what it says when it has activated its adapter."""
        server = self.run_program(
            "stock_grid_server.py",
            self.compiled,
            str(number),
            self.locator,
            "--Stock.Endpoints=tcp -h 127.0.0.1",
            "--Stock.AdapterId=Stock",
        )
        return server, await server.line()

    def tags(self) -> TagAliasPrx:
        """Our client's way to it, without anything remembered from before."""
        world = RealWorld(reactor, self.mktemp())
        communicator = Communicator(world, properties={"Ice.Default.Locator": self.settings.locator})
        self.addCleanup(communicator.destroy)
        proxy = TagAliasPrx.uncheckedCast(communicator.stringToProxy("tags@Stock"))
        assert proxy is not None
        return proxy

    async def test_a_pushnet_client_calls_it(self) -> None:
        _, said = await self.server(5)
        self.assertEqual(said, "ready")
        self.assertEqual(await self.tags().followed(), {5: 0})

    async def test_while_it_lives_its_adapter_id_is_not_given_away(self) -> None:
        await self.server(5)
        _, said = await self.server(6)
        self.assertEqual(said, "ObjectAdapterIdInUseException")
        self.assertEqual(await self.tags().followed(), {5: 0})

    async def test_when_it_was_killed_its_successor_takes_the_id_over_at_once(self) -> None:
        first, _ = await self.server(5)
        await first.kill()
        _, said = await self.server(6)
        self.assertEqual(said, "ready")
        self.assertEqual(await self.tags().followed(), {6: 0})

    async def test_when_it_ends_its_id_is_free(self) -> None:
        first, _ = await self.server(5)
        await first.finish()
        _, said = await self.server(6)
        self.assertEqual(said, "ready")
