"""Snapshots come back after a crash; damaged ones are put aside."""

from __future__ import annotations

from pushnet.gen.pushnet.push import Audience
from pushnet.roles.tagalias.index import Index
from pushnet.roles.tagalias.keeper import DAMAGED_NAME, Keeper
from pushnet.roles.tagalias.snapshot import NAME
from tests.roles.tagalias.logs import APP, added, page, tagged
from tests.roles.tagalias.scene import ProcessCase


def some_index() -> Index:
    index = Index()
    index.take(0, 0, page(added(5), tagged(5, "a")))
    return index


class KeeperTests(ProcessCase):
    def test_without_a_snapshot_the_index_is_empty(self) -> None:
        index = self.run_until(Keeper(self.world, 5).load())
        self.assertEqual((index.apps, index.positions), ({}, {}))

    def test_what_was_saved_is_there_after_a_crash(self) -> None:
        self.run_until(Keeper(self.world, 5).save(some_index()))
        self.restart()
        keeper = Keeper(self.world, 5)
        index = self.run_until(keeper.load())
        self.assertEqual(index.positions, {0: 2})
        self.assertEqual(list(index.select(APP, Audience(tag=["a"]))), [5])
        self.assertEqual(keeper.size, self.world.storage.size(NAME))

    def test_it_is_saved_now_and_then_if_there_is_news(self) -> None:
        index, keeper = some_index(), Keeper(self.world, 5)
        keeper.start(index)
        self.simulation.run_for(4)
        self.assertEqual(self.world.storage.names(), [])
        self.simulation.run_for(2)
        self.assertEqual(self.world.storage.names(), [NAME])
        self.world.storage.delete(NAME)
        self.simulation.run_for(10)
        self.assertEqual(self.world.storage.names(), [])
        index.take(0, 2, page(tagged(5, "b"), since=2))
        self.simulation.run_for(6)
        self.assertEqual(self.world.storage.names(), [NAME])
        keeper.stop()
        self.assertEqual(self.world.leftovers(), [])

    def test_a_damaged_snapshot_is_refused_and_put_aside(self) -> None:
        self.run_until(Keeper(self.world, 5).save(some_index()))
        data = self.world.storage.read(NAME)
        self.world.storage.replace(NAME, data[:-1])
        index = self.run_until(Keeper(self.world, 5).load())
        self.assertEqual(index.positions, {})
        self.assertEqual(self.world.storage.read(DAMAGED_NAME), data[:-1])
