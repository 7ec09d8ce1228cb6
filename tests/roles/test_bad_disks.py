"""A whole cluster while the disk of one node is full, or broken: nothing accepted is lost or doubled."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from twisted.internet.defer import ensureDeferred, gatherResults
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.registry.service import RegistryService
from pushnet.sim.app_server import AppServer
from pushnet.sim.cluster import APP, DEVICE_PORT, SimCluster, small_cluster
from pushnet.sim.disk import DiskFault
from pushnet.sim.ledger import Ledger
from pushnet.sim.phones import Phone
from pushnet.sim.simulation import Simulation
from pushnet.stores.sqlite import StoreFailedException

STORES = ("queue-1", "dbagent-0", "dbagent-1", "registry-1")
BAD_S = 6.0


class BadDiskTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(5)
        self.addCleanup(self.simulation.close)
        self.ledger = Ledger()
        self.cluster = SimCluster(self.simulation, small_cluster())
        brokers = [(name, DEVICE_PORT) for name in self.cluster.names("broker")]
        self.phones = [Phone(self.simulation, self.ledger, number, APP.key, brokers) for number in range(6)]
        self.app_server = AppServer(self.cluster, self.ledger)
        self.simulation.run_until(self.cluster.start(), limit_s=90)
        self.simulation.run_until(gatherResults([phone.boot().when_online() for phone in self.phones]))

    def play(self, name: str, fault: DiskFault) -> None:
        """Push to everybody and to each while the disk is bad; return when all is there."""
        disk = self.simulation.host(name).disk
        disk.fault = fault
        pushing = gatherResults([ensureDeferred(self.app_server.push("all", "all", self.phones))])
        each = gatherResults([ensureDeferred(self.push_to(phone)) for phone in self.phones])
        self.simulation.run_for(BAD_S)
        if name == "queue-1":
            self.assertFalse(pushing.called, "nothing can be accepted")
        disk.fault = DiskFault.NONE
        self.simulation.run_until(pushing, limit_s=120)
        self.simulation.run_until(each, limit_s=120)
        self.simulation.run_until(self.arrived(), limit_s=120)
        self.simulation.run_for(3)
        self.assertEqual(self.ledger.verdict() + self.simulation.failures, [])

    async def push_to(self, phone: Phone) -> None:
        await self.app_server.push("one", {"registration_id": [phone.registration_id]}, [phone])

    async def arrived(self) -> None:
        while self.ledger.missing():
            await self.simulation.sleep(0.25)

    def ended(self) -> Sequence[str]:
        """The nodes whose processes ended by themselves."""
        return [line.split()[1].rstrip(":") for line in self.cluster.doomed]

    def test_while_a_disk_is_full_nothing_is_lost_and_no_process_ends(self) -> None:
        for name in STORES:
            self.play(name, DiskFault.FULL)
        self.assertEqual(self.ended(), [])

    def test_a_process_whose_disk_broke_ends_and_the_next_one_goes_on(self) -> None:
        for name in STORES[:3]:
            self.play(name, DiskFault.BROKEN)
        self.assertEqual(list(dict.fromkeys(self.ended())), list(STORES[:3]))
        self.assertTrue(self.flushLoggedErrors(sqlite3.OperationalError))
        self.flushLoggedErrors(StoreFailedException)

    def test_a_registry_that_cannot_write_is_found_and_finds_and_takes_in_nobody(self) -> None:
        disk = self.simulation.host("registry-1").disk
        registry = self.cluster.running["registry-1"].service
        assert isinstance(registry, RegistryService)
        self.cluster.kill("tagalias-2")
        disk.fault = DiskFault.FULL
        self.simulation.run_for(6)
        joining = self.cluster.boot("tagalias-2")
        self.play("gateway-1", DiskFault.NONE)
        self.assertFalse(joining.called)
        self.assertFalse(registry.health()["ok"])
        self.assertEqual(registry.health()["trouble"], "the disk is full")
        disk.fault = DiskFault.NONE
        self.simulation.run_until(joining, limit_s=60)
        self.assertTrue(registry.health()["ok"])
        self.assertEqual(self.ended(), [])

    def test_a_registry_whose_disk_broke_starts_again_with_a_higher_epoch(self) -> None:
        self.cluster.kill("tagalias-2")
        self.simulation.host("registry-1").disk.fault = DiskFault.BROKEN
        joining = self.cluster.boot("tagalias-2")
        self.simulation.run_for(BAD_S)
        self.simulation.host("registry-1").disk.fault = DiskFault.NONE
        self.simulation.run_until(joining, limit_s=120)
        self.assertIn("registry-1", self.ended())
        self.play("gateway-1", DiskFault.NONE)
        self.assertTrue(self.flushLoggedErrors(sqlite3.OperationalError))
