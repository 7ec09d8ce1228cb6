"""Fetching over RPC between hosts of a simulation, from several sources, one of which dies."""

from __future__ import annotations

import random
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.release import ReleasesPrx
from pushnet.grid.wellknown import RELEASES
from pushnet.roles.releases.library import Library, Progress
from pushnet.roles.releases.source import RpcSource, SourceFailed, SourceLacks
from pushnet.rpc.communicator import Communicator
from pushnet.sim import Simulation
from tests.roles.releases.workshop import FILES, Node, Workshop

PORT = 4063


class RpcSourceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.hosts = [self.simulation.host(f"registry{n}") for n in range(2)]
        self.workshops = [self.serving(host) for host in self.hosts]
        self.node = Node(self.simulation, self.workshops[0])
        self.communicator = Communicator(self.node.world, properties={})
        self.sources = [self.source(f"registry{n}") for n in range(2)]

    def serving(self, host: Any) -> Workshop:
        """A host with the same store as every other, served."""
        world = host.boot()
        workshop = Workshop(world.storage)
        communicator = Communicator(world, properties={})
        adapter = communicator.createObjectAdapterWithEndpoints("Releases", f"tcp -h {host.name} -p {PORT}")
        adapter.add(Library(world, folder="").servant(), RELEASES)
        self.simulation.run_until(adapter.activate())
        return workshop

    def source(self, host: str) -> RpcSource:
        proxy = self.communicator.stringToProxy(f"PushNet/Releases:tcp -h {host} -p {PORT}")
        found = ReleasesPrx.uncheckedCast(proxy)
        assert found is not None
        return RpcSource(found, host)

    def publish(self, version: str, files: dict[str, bytes]) -> None:
        for workshop in self.workshops:
            workshop.publish(version, files)

    def test_a_release_comes_from_both_registries(self) -> None:
        self.publish("1.0.0", FILES)
        self.node.run(self.node.library.stage("broker", "1.0.0", self.sources))
        self.assertEqual(self.node.files("1.0.0"), FILES)

    def test_a_registry_that_dies_meanwhile_is_done_without(self) -> None:
        noise = {f"noise{n}": random.Random(n).randbytes(1_500_000) for n in range(2)}
        self.publish("1.0.0", noise)

        def told(progress: Progress) -> None:
            if progress.step == "fetch" and progress.done > progress.total // 4 and self.hosts[0].is_up:
                self.simulation.later(0, self.hosts[0].kill)

        self.node.run(self.node.library.stage("broker", "1.0.0", self.sources, told=told))
        self.assertFalse(self.hosts[0].is_up)
        self.assertEqual(self.node.files("1.0.0"), noise)

    def test_what_is_not_there_and_who_is_not_there_are_two_things(self) -> None:
        self.assertRaises(SourceLacks, self.node.run, self.sources[0].timestamp())
        self.assertRaises(SourceLacks, self.node.run, self.sources[0].root(2))
        self.assertRaises(SourceLacks, self.node.run, self.sources[0].read("0" * 64, 0, 1))
        self.hosts[0].kill()
        for work in (self.sources[0].root(1), self.sources[0].have(["0" * 64])):
            error = self.assertRaises(SourceFailed, self.node.run, work)
            self.assertIn("Exception", str(error))
