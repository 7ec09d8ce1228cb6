"""`pushnet drain` and `pushnet rebalance` against a real registry."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import TestCase

from pushnet.app.drain_commands import afterwards, drain_node, not_there, rebalance_brokers
from pushnet.app.running import CommandError
from pushnet.gen.pushnet.broker import BrokerServant
from pushnet.grid.settings import NodeSettings
from pushnet.grid.wellknown import WellKnown
from pushnet.roles.membership import Membership
from pushnet.rpc.communicator import Communicator
from pushnet.wire.identity import Identity
from tests.app.registries import RealRegistry, real_registry


class BrokerI(BrokerServant):
    """Has seven devices too many."""

    async def deliver(self, app: str, item: Any, devices: Sequence[Any], current: Any = None) -> list[int]:
        return []

    async def deliverGroup(self, app: str, seq: int, item: Any, audience: bytes, current: Any = None) -> None:
        """Nothing."""

    async def evict(self, app: str, ordinal: int, epoch: int, current: Any = None) -> None:
        """Nothing."""

    async def rebalance(self, current: Any = None) -> int:
        return 7

    async def stats(self, current: Any = None) -> dict[str, float]:
        return {}


class DrainCommandsTest(TestCase):
    timeout = 60

    async def setUp(self) -> None:
        self.registry: RealRegistry = await real_registry(self.mktemp())
        self.addCleanup(lambda: ensureDeferred(self.registry.stop()))

    async def rebalance(self, *, machine: bool) -> str:
        session, settings = self.registry.session, self.registry.settings
        return await self.registry.said(rebalance_brokers(session, settings, machine=machine))

    async def broker(self) -> None:
        """One more node."""
        world, settings = self.registry.session.world, self.registry.settings
        communicator = Communicator(world, {})
        adapter = communicator.createObjectAdapterWithEndpoints("broker", "tcp -h 127.0.0.1 -p 0")
        identity = Identity("broker-9", "broker")
        adapter.add(BrokerI(), identity)
        await adapter.activate()
        node = NodeSettings(name="broker-9", role="broker")
        membership = Membership(world, communicator, settings, node)
        membership.offer(adapter, objects=[WellKnown(identity, "::PushNet::Broker")])
        await membership.start()
        self.addCleanup(lambda: ensureDeferred(communicator.destroy()))
        self.addCleanup(lambda: ensureDeferred(membership.stop()))

    async def test_a_node_is_asked_to_end(self) -> None:
        session, settings = self.registry.session, self.registry.settings
        told = await self.registry.said(drain_node(session, settings, "registry-1"))
        self.assertIn("registry-1 leaves", told)
        self.assertIn("whoever keeps it running", told)
        self.assertTrue(self.registry.node.asked_to_drain.called)

    async def test_who_is_not_there_is_told_with_who_is(self) -> None:
        with self.assertRaisesRegex(CommandError, "no node broker-7 is there; there are: registry-1"):
            await drain_node(self.registry.session, self.registry.settings, "broker-7")

    def test_what_an_agent_runs_is_started_again_and_it_is_said_how_to_end_it_for_good(self) -> None:
        self.assertEqual(
            afterwards("tagalias-1", "m1"),
            "agent m1 then starts it again; to end it for good: `pushnet server stop tagalias-1`",
        )
        self.assertIn("`pushnet server restart sums-1` replaces it", not_there("sums-1", "m1", ["m1"]))

    async def test_each_broker_says_how_many_devices_it_gives_away(self) -> None:
        self.assertEqual(await self.rebalance(machine=False), "there is no Broker\n")
        await self.broker()
        self.assertEqual(await self.rebalance(machine=False), "broker-9 gives 7 devices away\n")
        self.assertEqual(json.loads(await self.rebalance(machine=True)), {"moving": {"broker-9": 7}})
