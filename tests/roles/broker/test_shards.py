"""Which shard is asked for what."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.placement import home_shard, ordinal_at, shard_of_device
from pushnet.roles.broker.shards import Shards
from tests.roles.broker.fakes import APP, FakeShard


class ShardsTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.fakes = [FakeShard() for _ in range(3)]
        self.shards = Shards(self.fakes)  # type: ignore[arg-type]

    def test_a_registered_device_is_where_its_ordinal_says(self) -> None:
        for number, fake in enumerate(self.fakes):
            self.assertIs(self.shards.of_ordinal(ordinal_at(70_000, number)), fake)

    def test_a_new_device_and_a_group_log_are_where_everyone_looks(self) -> None:
        self.assertIs(self.shards.of_new_device(APP, "key"), self.fakes[shard_of_device(APP, "key", 3)])
        self.assertIs(self.shards.home(APP), self.fakes[home_shard(APP, 3)])

    def test_an_ordinal_of_a_shard_that_is_not_there_is_not_known(self) -> None:
        self.assertTrue(self.shards.known(ordinal_at(0, 2)))
        self.assertFalse(self.shards.known(ordinal_at(0, 3)))
