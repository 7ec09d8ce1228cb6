"""What this machine has."""

from __future__ import annotations

import os
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.realworld_machine import machine_name, machine_of


class MachineTest(SynchronousTestCase):
    def test_it_is_known_by_its_name_and_its_last_start(self) -> None:
        self.assertTrue(machine_name().startswith(os.uname().nodename))
        self.assertEqual(machine_name(), machine_name())
        started = Path("/proc/sys/kernel/random/boot_id")
        if started.exists():
            self.assertIn(started.read_text().strip(), machine_name())

    def test_it_has_processors_memory_disk_and_descriptors(self) -> None:
        found = machine_of(self.mktemp())
        for name in ("cpus", "memory_bytes", "memory_free_bytes", "disk_bytes", "descriptors_max"):
            self.assertGreater(found[name], 0, name)
        self.assertLessEqual(found["disk_free_bytes"], found["disk_bytes"])
        self.assertIn("load15", found)
