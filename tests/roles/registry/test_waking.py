"""Servers on demand: who looks one up waits until its agent has started it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice.locator import AdapterNotFoundException, LocatorPrx, LocatorRegistryPrx
from pushnet.gen.pushnet.agent import AgentPrx, AgentServant, ServerRefusedException
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.settings import NodeSettings
from pushnet.grid.wellknown import WellKnown
from pushnet.roles.membership import Membership
from pushnet.roles.registry.waking import ASLEEP
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.wire.identity import Identity
from tests.roles.registry.clusters import CLUSTER, cluster_at
from tests.roles.simgrid import SimGrid

ON_DEMAND = """
[[server]]
name = "hello"
agent = "m1"
command = ["./hello"]
activation = "on-demand"
adapters = ["Hello"]
start_limit_s = 10.0
"""


class AgentI(AgentServant):
    """Starts nothing: what `starts` does is as if it had."""

    def __init__(self, starts: Callable[[], Awaitable[None]]) -> None:
        self.asked: list[str] = []
        self._starts = starts

    async def activate(self, id: str, current: Current | None = None) -> None:
        self.asked.append(id)
        await self._starts()


class WakingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = SimGrid(self)
        self.simulation = self.grid.simulation
        self.grid.start_registry()
        self.observer = self.grid.observer()
        cluster = cluster_at(self.observer, "registry-1")
        self.simulation.run_until(cluster.apply(CLUSTER + ON_DEMAND, 0, "somebody", ""))

    def agent(self, starts: Callable[[], Awaitable[None]] | None = None) -> AgentI:
        """A stand-in for agent m1 that has joined."""
        world = self.simulation.host("m1").boot()
        communicator = self.grid.communicator(world)
        settings = NodeSettings(name="m1", role="node")
        membership = Membership(world, communicator, self.grid.settings, settings, "1.0")
        adapter = communicator.createObjectAdapterWithEndpoints("Agent", "tcp -h m1 -p 0")
        made, identity = AgentI(starts or self.registers), Identity("m1", "Agent")
        adapter.add(made, identity)
        self.simulation.run_until(adapter.activate())
        membership.offer(adapter, objects=[WellKnown(identity, AgentPrx.ice_type)], adapter_id="m1.Agent")
        self.simulation.run_until(membership.start())
        return made

    async def registers(self) -> None:
        """As a stock server does when it starts."""
        proxy = self.observer.stringToProxy("dummy:tcp -h h1 -p 77")
        await self.registry().setAdapterDirectProxy("Hello", proxy)

    async def takes_away(self) -> None:
        """As a stock server does when it ends."""
        await self.registry().setAdapterDirectProxy("Hello", None)

    def registry(self) -> LocatorRegistryPrx:
        place = "IceGrid/LocatorRegistry:tcp -h registry-1 -p 4061"
        registry = LocatorRegistryPrx.uncheckedCast(self.observer.stringToProxy(place))
        assert registry is not None
        return registry

    def look_up(
        self, context: dict[str, str] | None = None, name: str = "Hello"
    ) -> Deferred[ObjectPrx | None]:
        locator = LocatorPrx.uncheckedCast(
            self.observer.stringToProxy("IceGrid/Locator:tcp -h registry-1 -p 4061")
        )
        assert locator is not None
        return locator.ice_invocationTimeout(60_000).findAdapterById(name, context)

    def not_found(self, looking: Deferred[ObjectPrx | None]) -> None:
        with self.assertRaises(AdapterNotFoundException):
            self.simulation.run_until(looking)

    def test_who_looks_for_it_is_answered_when_it_is_there(self) -> None:
        agent = self.agent()
        found = self.simulation.run_until(self.look_up())
        self.assertIn("-p 77", str(found))
        self.assertEqual(agent.asked, ["hello"])

    def test_however_many_ask_the_agent_is_asked_once(self) -> None:
        ready: Deferred[None] = Deferred()

        async def later() -> None:
            await ready
            await self.registers()

        agent = self.agent(later)
        first, second = self.look_up(), self.look_up()
        self.simulation.run_for(3)
        self.assertNoResult(first)
        ready.callback(None)
        for each in (first, second):
            self.assertIn("-p 77", str(self.simulation.run_until(each)))
        self.assertEqual(agent.asked, ["hello"])

    def test_one_that_cannot_be_started_is_not_found(self) -> None:
        async def refuses() -> None:
            raise ServerRefusedException("it was stopped")

        agent = self.agent(refuses)
        for asked in (1, 2):
            self.not_found(self.look_up())
            self.assertEqual(len(agent.asked), asked)

    def test_one_that_registers_nothing_is_not_found_after_its_limit(self) -> None:
        async def starts() -> None:
            return None

        self.agent(starts)
        looking = self.look_up()
        self.simulation.run_for(10)
        self.assertNoResult(looking)
        self.not_found(looking)

    def test_without_its_agent_it_is_not_found(self) -> None:
        self.not_found(self.look_up())

    def test_who_only_wants_to_know_wakes_nobody(self) -> None:
        agent = self.agent()
        self.not_found(self.look_up({ASLEEP: "1"}))
        self.assertEqual(agent.asked, [])

    def test_an_adapter_that_is_kept_is_not_taken_away_by_a_process_that_ends(self) -> None:
        """Its successor serves at the same endpoints."""
        behind = '\n[[server]]\nname = "b"\nagent = "m1"\ncommand = ["./b", "${port}"]\n'
        behind += 'adapters = ["Hello"]\nfront = "tcp -h h1 -p 77"\n'
        cluster = cluster_at(self.observer, "registry-1")
        self.simulation.run_until(cluster.apply(CLUSTER + behind, 1, "somebody", ""))
        self.simulation.run_until(self.registers())
        states = [ServerState("b", "b", "m1", ServerPhase.Serving)]
        self.simulation.run_until(cluster.report("m1", 1, states))
        self.simulation.run_until(self.takes_away())
        self.assertIn("-p 77", str(self.simulation.run_until(self.look_up())))
        states = [ServerState("b", "b", "m1", ServerPhase.Draining)]
        self.simulation.run_until(cluster.report("m1", 1, states))
        self.simulation.run_until(self.takes_away())
        self.not_found(self.look_up())

    def test_other_adapters_are_nobodys(self) -> None:
        agent = self.agent()
        self.not_found(self.look_up(name="Other"))
        self.assertEqual(agent.asked, [])
