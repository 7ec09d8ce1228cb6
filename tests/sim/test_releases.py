"""Releases that a simulation has in the folders of its registries."""

from __future__ import annotations

import random

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.releases.library import FOLDER
from pushnet.roles.releases.shelf import Shelf
from pushnet.sim.disk import SimDisk
from pushnet.sim.releases import key, publish
from pushnet.stores.releases.within import Within

NOW_S = 1_800_000_000.0


class ReleasesTests(SynchronousTestCase):
    def test_versions_are_listed_and_publishing_them_again_does_no_harm(self) -> None:
        disk = SimDisk(random.Random(1))
        for _ in range(2):
            publish(disk, "sums", ["1", "2"], NOW_S)
        snapshot = Shelf(Within(disk, FOLDER)).trust().snapshot
        assert snapshot is not None
        self.assertEqual(
            [(each.name, each.version) for each in snapshot.releases], [("sums", "1"), ("sums", "2")]
        )

    def test_keys_are_the_same_in_every_run(self) -> None:
        self.assertEqual(key("a").id, key("a").id)
        self.assertNotEqual(key("a").id, key("b").id)
