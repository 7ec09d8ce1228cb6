"""Observers hear everything in order, and are dropped when they cannot keep up."""

from __future__ import annotations

from twisted.internet.defer import Deferred, fail
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice.icegrid_observers import NodeDynamicInfo, NodeObserverPrx, NodeObserverServant
from pushnet.roles.registry.observers import BEHIND_MAX, Watching
from pushnet.rpc.exceptions import ConnectionLostException
from pushnet.rpc.stubs import Current
from pushnet.sim.simulation import Simulation
from pushnet.wire.identity import Identity
from tests.roles.registry.test_admin import AdminCase


class WatchingTests(SynchronousTestCase):
    def setUp(self) -> None:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        self.gone: list[Watching] = []
        self.watching = Watching(simulation.host("r").boot(), "somebody", self.gone.append)
        self.calls: list[Deferred[None]] = []

    def call(self) -> Deferred[None]:
        self.calls.append(Deferred())
        return self.calls[-1]

    def test_calls_are_made_one_after_the_other(self) -> None:
        for _ in range(3):
            self.watching.tell(self.call)
        self.assertEqual(len(self.calls), 1)
        self.calls[0].callback(None)
        self.calls[1].callback(None)
        self.assertEqual(len(self.calls), 3)

    def test_who_does_not_answer_is_dropped(self) -> None:
        self.watching.tell(lambda: fail(ConnectionLostException("gone")))
        self.watching.tell(self.call)
        self.assertEqual((self.gone, self.calls), ([self.watching], []))

    def test_who_is_too_slow_is_dropped(self) -> None:
        for _ in range(BEHIND_MAX + 2):
            self.watching.tell(self.call)
        self.assertEqual((self.gone, len(self.calls)), ([self.watching], 1))


class NodeWatcher(NodeObserverServant):
    def __init__(self) -> None:
        self.heard: list[str] = []

    def nodeInit(self, nodes: list[NodeDynamicInfo], current: Current | None = None) -> None:
        self.heard.append("init " + " ".join(node.info.name for node in nodes))

    def nodeUp(self, node: NodeDynamicInfo, current: Current | None = None) -> None:
        self.heard.append(f"up {node.info.name} {len(node.adapters)}")

    def nodeDown(self, name: str, current: Current | None = None) -> None:
        self.heard.append(f"down {name}")


class NodeObserverTests(AdminCase):
    def test_nodes_are_told_as_they_stand_and_as_they_come_and_go(self) -> None:
        watcher = NodeWatcher()
        adapter = self.grid.observer().createObjectAdapterWithEndpoints("watch", "tcp -h observer -p 0")
        proxy = adapter.add(watcher, Identity("watcher", ""))
        self.run_until(adapter.activate())
        proxy = adapter.createProxy(Identity("watcher", ""))
        self.run_until(
            self.session.setObservers(None, NodeObserverPrx.uncheckedCast(proxy), None, None, None)
        )
        node = self.grid.start_node("tagalias-2", 2)
        self.run_until(node.membership.stop())
        self.grid.simulation.run_for(0.5)
        self.assertEqual(watcher.heard, ["init registry-1 tagalias-1", "up tagalias-2 1", "down tagalias-2"])
        self.run_until(self.session.destroy())
        self.grid.start_node("tagalias-3", 3)
        self.grid.simulation.run_for(0.5)
        self.assertEqual(len(watcher.heard), 3)
