"""Several registries over one etcd: any may be killed, paused or cut off, and the grid goes on."""

from __future__ import annotations

from prometheus_client import CollectorRegistry
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.registry import NodeStatus, RegistryPrx
from pushnet.gen.pushnet.tagalias import TagAliasPrx
from pushnet.grid.ice_properties import inner_properties
from pushnet.grid.settings import ClusterSettings, NodeSettings, Settings
from pushnet.roles.base import Parts
from pushnet.roles.membership import Membership
from pushnet.roles.registry.service import make_service
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.communicator import Communicator
from pushnet.sim.etcd import SimEtcd
from pushnet.sim.simulation import Simulation
from pushnet.sim.world import SimWorld
from tests.roles.simgrid import TAGALIAS, TagAliasI

REGISTRIES = ("registry-1", "registry-2", "registry-3")


class SeveralRegistriesTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(5)
        self.addCleanup(self.simulation.close)
        self.etcd = SimEtcd(self.simulation)
        self.simulation.run_until(self.etcd.boot())
        cluster = ClusterSettings(secret="x" * 16, host="nowhere", etcd=[self.etcd.url])
        nodes = [NodeSettings(name=name, role="registry", host=name) for name in REGISTRIES]
        self.settings = Settings(cluster=cluster, node=nodes)
        self.adapters: dict[str, ObjectAdapter] = {}
        self.memberships: dict[str, Membership] = {}
        for name in REGISTRIES:
            self.start_registry(name)

    def communicator(self, world: SimWorld) -> Communicator:
        return Communicator(world, inner_properties(self.settings))

    def start_registry(self, name: str) -> None:
        world, node = self.simulation.host(name).boot(), self.settings.named(name)
        communicator = self.communicator(world)
        membership = Membership(world, communicator, self.settings, node, "1.0")
        parts = Parts(world, communicator, self.settings, node, membership, CollectorRegistry(), Logger())
        service = make_service(parts)
        service.startService()
        self.simulation.run_until(service.started, 30.0)

    def start_node(self, name: str, number: int) -> Membership:
        world = self.simulation.host(name).boot()
        communicator = self.communicator(world)
        membership = Membership(
            world, communicator, self.settings, NodeSettings(name=name, role="tagalias"), "1.0"
        )
        adapter = communicator.createObjectAdapterWithEndpoints("TagAlias", f"tcp -h {name} -p 0")
        adapter.add(TagAliasI(number), TAGALIAS.identity)
        self.simulation.run_until(adapter.activate())
        membership.offer(adapter, "TagAlias", [TAGALIAS])
        self.simulation.run_until(membership.start(), 30.0)
        self.memberships[name] = membership
        return membership

    def nodes(self, registry: str) -> list[NodeStatus]:
        host = self.simulation.host("observer")
        communicator = self.communicator(host.world if host.is_up else host.boot())
        proxy = RegistryPrx.uncheckedCast(
            communicator.stringToProxy(f"PushNet/Registry:tcp -h {registry} -p 4061")
        )
        assert proxy is not None
        asked: Deferred[list[NodeStatus]] = proxy.nodes()
        return self.simulation.run_until(asked, 30.0)

    def names(self, registry: str) -> list[str]:
        return [status.info.name for status in self.nodes(registry)]

    def call(self) -> dict[int, int]:
        """A new client calls TagAlias by name."""
        world = self.simulation.host(f"client-{len(self.simulation.hosts)}").boot()
        tagalias = TagAliasPrx.uncheckedCast(self.communicator(world).stringToProxy("TagAlias"))
        assert tagalias is not None
        return dict(self.simulation.run_until(tagalias.followed(), 30.0))

    def test_who_joins_at_one_is_known_by_all(self) -> None:
        self.start_node("tagalias-1", 1)
        self.simulation.run_for(0.2)
        expected = [*REGISTRIES, "tagalias-1"]
        self.assertEqual([self.names(name) for name in REGISTRIES], [expected] * 3)
        epochs = {name: {s.info.name: s.epoch for s in self.nodes(name)} for name in REGISTRIES}
        self.assertEqual(epochs["registry-1"], epochs["registry-3"])

    def test_readings_told_at_one_are_known_by_all(self) -> None:
        self.start_node("tagalias-1", 1)
        self.simulation.run_for(3.0)
        for name in REGISTRIES:
            (status,) = (each for each in self.nodes(name) if each.info.name == "tagalias-1")
            self.assertIn("waiting", status.load)

    def test_when_any_is_killed_nodes_keep_their_epochs_and_clients_find_them(self) -> None:
        members = [self.start_node(f"tagalias-{number}", number) for number in (1, 2, 3)]
        epochs = [member.epoch for member in members]
        for name in REGISTRIES:
            self.simulation.host(name).kill()
            for _ in range(8):
                self.simulation.run_for(0.5)
                self.assertTrue(all(member.holds_lease for member in members))
            self.assertEqual(len(self.call()), 1)
            self.start_registry(name)
        self.assertEqual([member.epoch for member in members], epochs)

    def test_a_registry_cut_off_from_etcd_renews_nobody_and_its_nodes_turn_to_others(self) -> None:
        members = [self.start_node(f"tagalias-{number}", number) for number in (1, 2, 3)]
        epochs = [member.epoch for member in members]
        self.simulation.paths.partition("registry-2", "etcd-1")
        self.simulation.run_for(10.0)
        self.assertTrue(all(member.holds_lease for member in members))
        self.assertEqual([member.epoch for member in members], epochs)
        self.assertIn("tagalias-1", self.names("registry-2"))

    def test_without_etcd_everything_that_runs_goes_on_and_nobody_is_taken_out(self) -> None:
        member = self.start_node("tagalias-1", 1)
        self.etcd.kill()
        self.simulation.run_for(30.0)
        self.assertFalse(member.holds_lease)
        self.assertEqual([self.names(name).count("tagalias-1") for name in REGISTRIES], [1, 1, 1])
        self.assertEqual(self.call(), {1: 0})
        self.simulation.run_until(self.etcd.boot())
        self.simulation.run_for(5.0)
        self.assertTrue(member.holds_lease)

    def test_a_killed_node_is_gone_everywhere_at_once(self) -> None:
        self.start_node("tagalias-1", 1)
        self.start_node("tagalias-2", 2)
        self.simulation.host("tagalias-1").kill()
        self.simulation.run_for(0.5)
        self.assertEqual([self.names(name).count("tagalias-1") for name in REGISTRIES], [0, 0, 0])

    def test_a_node_that_vanishes_is_gone_within_two_leases(self) -> None:
        self.start_node("tagalias-1", 1)
        self.simulation.host("tagalias-1").power_off()
        self.simulation.run_for(6.0)
        self.assertEqual([self.names(name).count("tagalias-1") for name in REGISTRIES], [0, 0, 0])

    def test_callers_are_given_every_registry(self) -> None:
        host = self.simulation.host("client").boot()
        locator = self.communicator(host).getDefaultLocator()
        assert locator is not None
        self.assertEqual([each.host for each in locator.ice_getEndpoints()], list(REGISTRIES))
