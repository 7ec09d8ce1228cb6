"""Servers that agents run, as administrators and observers of an IceGrid see them."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice.icegrid_admin import ServerState
from pushnet.gen.ice.icegrid_exceptions import (
    BadSignalException,
    NodeUnreachableException,
    ServerStartException,
)
from pushnet.gen.ice.icegrid_observers import (
    NodeDynamicInfo,
    NodeObserverPrx,
    NodeObserverServant,
    ServerDynamicInfo,
)
from pushnet.gen.pushnet.server import ServerPhase
from pushnet.gen.pushnet.server import ServerState as Told
from pushnet.roles.registry.admin_servers import dynamic, signal_number
from pushnet.rpc.stubs import Current
from pushnet.wire.identity import Identity
from tests.roles.registry.clusters import cluster_at
from tests.roles.registry.test_admin import AdminCase


def told(name: str, phase: ServerPhase, pid: int = 0) -> Told:
    return Told(name, "clocks", "m1", phase, "1.0", pid=pid)


class SignalTest(SynchronousTestCase):
    def test_signals_have_names_and_numbers(self) -> None:
        self.assertEqual([signal_number(name) for name in ("SIGTERM", "term", "15")], [15, 15, 15])
        for name in ("SIGNOTHING", "0", "999", ""):
            self.assertRaises(BadSignalException, signal_number, name)


class DynamicTest(SynchronousTestCase):
    def test_a_server_that_has_failed_is_inactive_and_disabled(self) -> None:
        self.assertEqual(
            dynamic(told("s", ServerPhase.Failed)), ServerDynamicInfo("s", ServerState.Inactive, 0, False)
        )
        self.assertEqual(
            dynamic(told("s", ServerPhase.Serving, 7)), ServerDynamicInfo("s", ServerState.Active, 7, True)
        )


class Watcher(NodeObserverServant):
    def __init__(self) -> None:
        self.heard: list[str] = []

    def nodeInit(self, nodes: list[NodeDynamicInfo], current: Current | None = None) -> None:
        self.heard += [f"{node.info.name}: {' '.join(each.id for each in node.servers)}" for node in nodes]

    def updateServer(self, node: str, updatedInfo: ServerDynamicInfo, current: Current | None = None) -> None:
        self.heard.append(f"{node} {updatedInfo.id} {updatedInfo.state.name} {updatedInfo.pid}")


class AgentServersTests(AdminCase):
    def setUp(self) -> None:
        super().setUp()
        self.grid.start_node("m1", 2)
        self.cluster = cluster_at(self.grid.observer(), "registry-1")
        self.report(told("clock", ServerPhase.Serving, 7), told("rest", ServerPhase.Resting))

    def report(self, *servers: Told) -> None:
        self.run_until(self.cluster.report("m1", 1_000_000, list(servers)))

    def test_what_agents_report_is_listed_with_state_and_process(self) -> None:
        run, admin = self.run_until, self.admin
        self.assertEqual(run(admin.getAllServerIds()), ["clock", "m1", "registry-1", "rest", "tagalias-1"])
        self.assertEqual(run(admin.getServerState("clock")), ServerState.Active)
        self.assertEqual(run(admin.getServerState("rest")), ServerState.Inactive)
        self.assertEqual(run(admin.getServerPid("clock")), 7)
        info = run(admin.getServerInfo("clock"))
        assert info.descriptor is not None
        self.assertEqual((info.node, info.descriptor.description), ("m1", "clocks 1.0"))

    def test_a_node_that_an_agent_runs_is_a_server_of_the_agents_node(self) -> None:
        self.report(told("tagalias-1", ServerPhase.Serving, 8))
        self.assertEqual(self.run_until(self.admin.getAllNodeNames()), ["m1", "registry-1"])
        info = self.run_until(self.admin.getServerInfo("tagalias-1"))
        self.assertEqual(info.node, "m1")

    def test_who_cannot_be_reached_is_told(self) -> None:
        with self.assertRaises(ServerStartException):
            self.run_until(self.admin.startServer("clock"))
        with self.assertRaises(NodeUnreachableException):
            self.run_until(self.admin.startServer("rest"))
        with self.assertRaises(BadSignalException):
            self.run_until(self.admin.sendSignal("tagalias-1", "SIGHUP"))

    def test_observers_are_told_the_servers_of_an_agent_and_each_change(self) -> None:
        world = self.grid.simulation.host("watcher").boot()
        communicator = self.grid.communicator(world)
        adapter = communicator.createObjectAdapterWithEndpoints("watcher", "tcp -h watcher -p 9")
        self.run_until(adapter.activate())
        watcher = Watcher()
        prx = NodeObserverPrx.uncheckedCast(adapter.add(watcher, Identity("watcher", "")))
        self.run_until(self.session.setObservers(None, prx, None, None, None))
        self.grid.simulation.run_for(0.5)
        self.assertIn("m1: m1 clock rest", watcher.heard)
        watcher.heard.clear()
        self.report(told("clock", ServerPhase.Draining, 7), told("rest", ServerPhase.Resting))
        self.report(told("clock", ServerPhase.Draining, 7))
        self.grid.simulation.run_for(0.5)
        self.assertEqual(watcher.heard, ["m1 clock Deactivating 7", "m1 rest Destroyed 0"])
