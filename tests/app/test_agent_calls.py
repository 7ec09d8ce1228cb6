"""From a server's id to its agent, with a real registry and a stand-in for the agent."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import TestCase

from pushnet.app.agent_calls import Grid, with_grid
from pushnet.app.realworld import RealWorld
from pushnet.app.running import CommandError
from pushnet.gen.pushnet.agent import AgentFacts, AgentPrx, AgentServant, NoServerException
from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.wellknown import WellKnown
from pushnet.roles.membership import Membership
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.stubs import Current
from pushnet.wire.identity import Identity
from tests.app.registries import RealRegistry, reactor, real_registry


class AgentI(AgentServant):
    """Notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def facts(self, current: Current | None = None) -> AgentFacts:
        return AgentFacts("m1", "1.0")

    def start(self, id: str, current: Current | None = None) -> None:
        self.asked.append(id)

    def stop(self, id: str, current: Current | None = None) -> None:
        raise NoServerException(f"no server is called {id}")


class GridTest(TestCase):
    timeout = 60

    async def test_a_server_is_reached_through_its_agent(self) -> None:
        registry = await real_registry(self.mktemp())
        self.addCleanup(registry.stop)
        session, settings = registry.session, registry.settings

        async def applied(grid: Grid) -> int:
            return await grid.cluster().apply(registry.text, 0, "somebody", "")

        await with_grid(session, settings, applied)
        with self.assertRaisesRegex(CommandError, "no server is called 'cuckoo'; there are: clock"):
            await with_grid(session, settings, lambda grid: grid.at_server("cuckoo", started))
        with self.assertRaisesRegex(CommandError, "agent m1, which runs clock, is not there"):
            await with_grid(session, settings, lambda grid: grid.at_server("clock", started))
        agent = await self.join(registry)
        await with_grid(session, settings, lambda grid: grid.at_server("clock", started))
        self.assertEqual(agent.asked, ["clock"])
        with self.assertRaisesRegex(CommandError, "^no server is called clock$"):
            await with_grid(session, settings, lambda grid: grid.at_server("clock", stopped))
        self.assertEqual(await with_grid(session, settings, Grid.agents), {"m1": AgentFacts("m1", "1.0")})

    async def test_a_registry_that_is_down_is_told_as_such(self) -> None:
        registry = await real_registry(self.mktemp())
        await registry.stop()
        with self.assertRaisesRegex(CommandError, "does not answer"):
            await with_grid(registry.session, registry.settings, Grid.agents)

    async def join(self, registry: RealRegistry) -> AgentI:
        """Let a stand-in take part as agent m1."""
        world: Any = RealWorld(reactor, registry.file.parent / "m1")
        settings = registry.settings
        communicator = Communicator(world, inner_properties(settings))
        self.addCleanup(communicator.destroy)
        membership = Membership(world, communicator, settings, settings.named("m1"))
        adapter = communicator.createObjectAdapterWithEndpoints("Agent", "tcp -h 127.0.0.1 -p 0")
        agent, identity = AgentI(), Identity("m1", "Agent")
        adapter.add(agent, identity)
        await adapter.activate()
        membership.offer(adapter, objects=[WellKnown(identity, AgentPrx.ice_type)], adapter_id="m1.Agent")
        await membership.start()
        self.addCleanup(membership.stop)
        return agent


async def started(agent: AgentPrx) -> None:
    await agent.start("clock")


async def stopped(agent: AgentPrx) -> None:
    await agent.stop("clock")
