"""Who looks up a server that is being replaced waits for it, as long as its agent is at it."""

from __future__ import annotations

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice.locator import (
    AdapterNotFoundException,
    LocatorPrx,
    LocatorRegistryPrx,
    ObjectNotFoundException,
)
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.settings import NodeSettings
from pushnet.grid.wellknown import WellKnown
from pushnet.roles.membership import Membership
from pushnet.roles.registry.gaps import GAP_S
from pushnet.rpc.stubs import ObjectPrx
from pushnet.wire.identity import Identity
from pushnet.wire.versions import EncodingVersion
from tests.roles.registry.clusters import CLUSTER, cluster_at
from tests.roles.simgrid import SimGrid

QUEUE = Identity("Queue", "Test")
SERVERS = """
[[node]]
name = "queue-1"
role = "queue"
agent = "m1"

[[node]]
name = "queue-2"
role = "queue"

[[server]]
name = "hello"
agent = "m1"
command = ["./hello"]
adapters = ["Hello"]
"""


class GapsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = SimGrid(self)
        self.simulation = self.grid.simulation
        self.grid.start_registry()
        self.observer = self.grid.observer()
        self.cluster = cluster_at(self.observer, "registry-1")
        self.simulation.run_until(self.cluster.apply(CLUSTER + SERVERS, 0, "somebody", ""))

    def boot(self, name: str = "queue-1") -> Membership:
        """A process of a node, with one adapter, a group and a well-known object."""
        host = self.simulation.host(f"h-{name}")
        if host.is_up:
            host.kill()
        world = host.boot()
        communicator = self.grid.communicator(world)
        membership = Membership(
            world, communicator, self.grid.settings, NodeSettings(name=name, role="queue"), "1.0"
        )
        adapter = communicator.createObjectAdapterWithEndpoints("Queue", f"tcp -h {world.host} -p 0")
        self.simulation.run_until(adapter.activate())
        membership.offer(adapter, "Queues", [WellKnown(QUEUE, "::Test::Queue")], adapter_id=f"{name}.Queue")
        self.simulation.run_until(membership.start())
        return membership

    def tell(self, phase: ServerPhase, name: str = "queue-1") -> None:
        states = [ServerState(name, name, "m1", phase)]
        self.simulation.run_until(self.cluster.report("m1", 1, states))

    def locator(self) -> LocatorPrx:
        found = LocatorPrx.uncheckedCast(
            self.observer.stringToProxy("IceGrid/Locator:tcp -h registry-1 -p 4061")
        )
        assert found is not None
        return found.ice_invocationTimeout(60_000)

    def lookups(self) -> list[Deferred[ObjectPrx | None]]:
        """By adapter, by group and by identity; in encoding 1.0, too."""
        locator = self.locator()
        old = locator.ice_encodingVersion(EncodingVersion(1, 0))
        return [
            each
            for asked in (locator, old)
            for each in (
                asked.findAdapterById("queue-1.Queue"),
                asked.findAdapterById("Queues"),
                asked.findObjectById(QUEUE),
            )
        ]

    def not_found(self, lookups: list[Deferred[ObjectPrx | None]]) -> None:
        for looking in lookups:
            with self.assertRaises((AdapterNotFoundException, ObjectNotFoundException)):
                self.simulation.run_until(looking)

    def waiting(self) -> list[Deferred[ObjectPrx | None]]:
        """Lookups in a gap."""
        self.tell(ServerPhase.Serving)
        self.simulation.run_until(self.boot().stop())
        lookups = self.lookups()
        self.tell(ServerPhase.Starting)
        self.simulation.run_for(1.0)
        for looking in lookups:
            self.assertNoResult(looking)
        return lookups

    def test_by_whatever_name_it_is_found_when_its_successor_is_there(self) -> None:
        lookups = self.waiting()
        self.boot()
        for looking in lookups:
            self.assertIsNotNone(self.simulation.run_until(looking))

    def test_when_it_could_not_be_started_everybody_is_told(self) -> None:
        lookups = self.waiting()
        self.tell(ServerPhase.Failed)
        self.not_found(lookups)
        self.not_found(self.lookups())

    def test_it_is_not_waited_for_longer_than_a_gap(self) -> None:
        lookups = self.waiting()
        for _ in range(int(GAP_S)):
            self.tell(ServerPhase.Starting)
            self.simulation.run_for(1.0)
        self.not_found(lookups)
        self.not_found(self.lookups())

    def test_who_was_never_there_is_not_waited_for(self) -> None:
        self.tell(ServerPhase.Starting)
        self.not_found(self.lookups())

    def test_nor_is_one_that_somebody_has_stopped_or_whose_agent_is_silent(self) -> None:
        self.tell(ServerPhase.Resting)
        self.simulation.run_until(self.boot().stop())
        self.not_found(self.lookups())
        self.tell(ServerPhase.Starting)
        self.simulation.run_for(10.0)
        self.not_found(self.lookups())

    def test_nor_one_that_no_agent_runs(self) -> None:
        self.tell(ServerPhase.Serving)
        self.simulation.run_until(self.boot("queue-2").stop())
        self.not_found([self.locator().findAdapterById("queue-2.Queue")])

    def test_where_another_of_its_group_serves_that_is_answered(self) -> None:
        self.tell(ServerPhase.Serving)
        first = self.boot()
        self.boot("queue-2")
        self.simulation.run_until(first.stop())
        self.assertIsNotNone(self.simulation.run_until(self.locator().findAdapterById("Queues")))

    def test_a_stock_server_that_registers_itself_is_waited_for_too(self) -> None:
        place = "IceGrid/LocatorRegistry:tcp -h registry-1 -p 4061"
        registry = LocatorRegistryPrx.uncheckedCast(self.observer.stringToProxy(place))
        assert registry is not None
        self.tell(ServerPhase.Serving, "hello")
        dummy = self.observer.stringToProxy("dummy:tcp -h h1 -p 77")
        self.simulation.run_until(registry.setAdapterDirectProxy("Hello", dummy))
        self.simulation.run_until(registry.setAdapterDirectProxy("Hello", None))
        looking = self.locator().findAdapterById("Hello")
        self.simulation.run_for(0.5)
        self.assertNoResult(looking)
        self.simulation.run_until(registry.setAdapterDirectProxy("Hello", dummy))
        self.assertIn("-p 77", str(self.simulation.run_until(looking)))
