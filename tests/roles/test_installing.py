"""An installation is one folder on one machine, from one of its starts to the next."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.installing import FILE, installation_of, settle
from pushnet.sim.disk import DiskFault
from pushnet.sim.simulation import Simulation
from pushnet.sim.world import SimWorld


class InstallingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.host = self.simulation.host("m1")
        self.first = installation_of(self.host.boot())

    def reboot(self) -> SimWorld:
        self.host.kill()
        return self.host.boot()

    def test_it_is_made_once_and_kept(self) -> None:
        self.assertTrue(self.first.new)
        again = installation_of(self.reboot())
        self.assertEqual((again.id, again.new), (self.first.id, True), "nobody has settled it")
        settle(self.host.world, again)
        again = installation_of(self.reboot())
        self.assertEqual((again.id, again.new), (self.first.id, False))

    def test_a_copy_on_another_machine_is_another_one(self) -> None:
        other = self.simulation.host("m2")
        world = other.boot()
        world.storage.replace(FILE, self.host.disk.read(FILE))
        copied = installation_of(world)
        self.assertTrue(copied.new)
        self.assertNotEqual(copied.id, self.first.id)
        self.assertEqual(installation_of(world).id, copied.id)

    def test_after_a_start_of_the_machine_it_is_another_one(self) -> None:
        self.host.power_off()
        started = installation_of(self.host.boot())
        self.assertTrue(started.new)
        self.assertNotEqual(started.id, self.first.id)

    def test_a_file_that_is_not_understood_is_made_anew(self) -> None:
        self.host.disk.replace(FILE, b'{"id": 1')
        made = installation_of(self.host.world)
        self.assertTrue(made.new)
        self.assertEqual(installation_of(self.host.world), made)

    def test_on_a_full_disk_each_process_is_one_of_its_own(self) -> None:
        self.host.disk.delete(FILE)
        self.host.disk.fault = DiskFault.FULL
        one, other = installation_of(self.host.world), installation_of(self.host.world)
        self.assertNotEqual(one.id, other.id)
