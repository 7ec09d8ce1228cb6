"""A registry that serves releases and rolls them, asked over RPC."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.deploy import DeployerPrx, DeployOptions, DeployRefusedException
from pushnet.gen.pushnet.release import NotHereException, ReleasesPrx
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.wellknown import RELEASES
from pushnet.roles.releases.library import FOLDER, Library
from pushnet.stores.releases.within import Within
from tests.roles.registry.clusters import CLUSTER, cluster_at
from tests.roles.releases.workshop import Workshop
from tests.roles.simgrid import SimGrid

T = TypeVar("T")
AT = "tcp -h registry-1 -p 4061"
QUICK = DeployOptions(soakMs=1000)


class DeployingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = SimGrid(self)
        self.grid.start_registry()
        communicator = self.grid.observer()
        self.cluster = cluster_at(communicator, "registry-1")
        deployer = DeployerPrx.uncheckedCast(communicator.stringToProxy(f"PushNet/Deployer:{AT}"))
        releases = ReleasesPrx.uncheckedCast(communicator.stringToProxy(f"PushNet/Releases:{AT}"))
        assert deployer is not None and releases is not None
        self.deployer, self.releases = deployer, releases
        self.get(self.cluster.apply(CLUSTER, 0, "ann", ""))

    def get(self, call: Awaitable[T]) -> T:
        return self.grid.simulation.run_until(call, 60.0)

    def workshop(self) -> Workshop:
        return Workshop(Within(self.grid.simulation.host("registry-1").world.storage, FOLDER))

    def agent_runs(self, version: str) -> None:
        told = ServerState("clock", "clock", "m2", ServerPhase.Serving, version, version)
        self.get(self.cluster.report("m2", 1, [told]))

    def refused(self, call: Awaitable[object]) -> str:
        with self.assertRaises(DeployRefusedException) as refused:
            self.get(call)
        return str(refused.exception.reason)

    def test_what_is_published_into_its_folder_is_served_from_then_on(self) -> None:
        with self.assertRaises(NotHereException):
            self.get(self.releases.timestamp())
        workshop = self.workshop()
        workshop.publish("1.1")
        self.assertEqual(self.get(self.releases.root(1)), workshop.anchor)
        self.assertEqual(self.get(self.releases.timestamp()), workshop.shelf.papers.timestamp())

    def test_what_is_not_published_is_not_rolled(self) -> None:
        workshop = self.workshop()
        workshop.publish("1.1")
        told = self.refused(self.deployer.deploy("broker", "1.2", QUICK, "ann"))
        self.assertIn("broker 1.2 is published nowhere; there are: 1.1; `pushnet patch publish DIR", told)
        self.assertIn("--name broker --version 1.2 --store var/registry-1/releases`", told)
        self.get(self.deployer.deploy("broker", "1.1", QUICK, "ann"))

    def test_when_the_list_of_releases_has_expired_nothing_new_is_rolled_and_the_cure_is_told(self) -> None:
        self.workshop().publish("1.1")
        self.grid.simulation.host("registry-1").world.wall_offset_s += 40 * 86_400.0
        told = self.refused(self.deployer.deploy("broker", "1.1", QUICK, "ann"))
        self.assertRegex(told, r"the list of releases expired [\d.]+ h ago.*pushnet patch refresh")

    def test_where_there_are_several_registries_the_others_are_asked(self) -> None:
        own = '\n[[node]]\nname = "registry-1"\nrole = "registry"\nhost = "registry-1"\n'
        other = own.replace("registry-1", "registry-2")
        etcd = CLUSTER.replace("lease_s", 'etcd = ["http://etcd:2379"]\nlease_s')
        self.get(self.cluster.apply(etcd + own + other, 1, "ann", ""))
        self.workshop().publish("1.1")
        told = self.refused(self.deployer.deploy("broker", "1.2", QUICK, "ann"))
        self.assertRegex(told, r"there are: 1\.1; .*\(registry-2: \w+Exception")
        self.second_registry("1.1", "1.2")
        self.get(self.deployer.deploy("broker", "1.2", QUICK, "ann"))

    def second_registry(self, *versions: str) -> None:
        """What of another registry has to do with releases."""
        world = self.grid.simulation.host("registry-2").boot()
        workshop = Workshop(Within(world.storage, FOLDER))
        for version in versions:
            workshop.publish(version)
        communicator = self.grid.communicator(world)
        adapter = communicator.createObjectAdapterWithEndpoints("releases", "tcp -h registry-2 -p 4061")
        adapter.add(Library(world).servant(), RELEASES)
        self.get(adapter.activate())

    def test_who_is_run_from_no_release_cannot_be_rolled(self) -> None:
        told = self.refused(self.deployer.deploy("clock", "1.1", QUICK, "ann"))
        self.assertIn("installed on the machine is run by clock", told)

    def test_a_roll_is_in_the_plan_of_the_agent_and_done_when_the_node_serves(self) -> None:
        self.workshop().publish("1.1")
        self.get(self.deployer.deploy("broker", "1.1", QUICK, "ann"))
        plan = self.get(self.cluster.plan("m1", 0, 0))
        while plan.servers[0].version != "1.1":
            plan = self.get(self.cluster.plan("m1", plan.generation, 5000))
        self.grid.start_node("broker-1", 1)
        states = {"version": "1.1", "versionWanted": "1.1", "phase": ServerPhase.Serving}
        told = ServerState(id="broker-1", kind="broker", agent="m1", **states)  # type: ignore[arg-type]
        for _ in range(5):
            self.get(self.cluster.report("m1", 1, [told]))
            self.grid.simulation.run_for(1.0)
        status = self.get(self.deployer.watch("broker", 0, 0))
        self.assertEqual((status.state, status.members[0].how), ("done", "arrived"))
        (listed,) = self.get(self.deployer.rolls())
        self.assertEqual(listed, status)
