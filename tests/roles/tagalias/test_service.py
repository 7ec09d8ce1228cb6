"""TagAlias replicas in a simulated grid, following real shards."""

from __future__ import annotations

from pyroaring import BitMap

from pushnet.gen.pushnet.dbagent import DeviceUpdate, Registration
from pushnet.gen.pushnet.push import Audience
from pushnet.gen.pushnet.tagalias import TagAliasPrx
from pushnet.grid.placement import shard_of_ordinal
from pushnet.roles.dbagent.service import make_service as make_dbagent
from pushnet.roles.tagalias.keeper import DAMAGED_NAME
from pushnet.roles.tagalias.service import make_service
from pushnet.roles.tagalias.snapshot import NAME
from tests.roles.truth import APP, SHARDS, TruthCase

ALL = Audience(all=True)


class TagAliasServiceTests(TruthCase):
    def setUp(self) -> None:
        super().setUp()
        self.start("dbagent-1", make_dbagent)
        self.start("dbagent-2", make_dbagent)
        self.made = [self.register(f"phone-{n}") for n in range(6)]

    def _tag(self, made: Registration, tag: str) -> dict[int, int]:
        """Give a device a tag; the position that includes it."""
        number = shard_of_ordinal(made.ordinal)
        wanted = DeviceUpdate(addTags=[tag])
        return {number: self.run_until(self.shard(number).update(APP, made.registrationId, wanted))}

    def _select(
        self, wanted: Audience, needed: dict[int, int] | None = None, replica: TagAliasPrx | None = None
    ) -> list[int]:
        asked = (replica or self.tag_alias()).resolve(APP, wanted, needed or {}, 5000)
        return list(BitMap.deserialize(self.run_until(asked).bitmap))

    @property
    def _ordinals(self) -> list[int]:
        return sorted(one.ordinal for one in self.made)

    def test_a_replica_that_serves_knows_what_was_there_before_it(self) -> None:
        self.start("tagalias-1", make_service)
        self.assertEqual(self._select(ALL), self._ordinals)

    def test_every_replica_sees_an_acknowledged_change(self) -> None:
        for name in ("tagalias-1", "tagalias-2"):
            self.start(name, make_service)
        for place, made in enumerate(self.made):
            needed = self._tag(made, "a")
            wanted = sorted(one.ordinal for one in self.made[: place + 1])
            for name in ("tagalias-1", "tagalias-2"):
                self.assertEqual(self._select(Audience(tag=["a"]), needed, self.tag_alias(name)), wanted)

    def test_after_a_kill_the_snapshot_and_the_rest_of_the_logs_make_it_whole(self) -> None:
        self.start("tagalias-1", make_service)
        self._tag(self.made[0], "a")
        self.simulation.run_for(6)
        needed = self._tag(self.made[1], "a")
        self.simulation.run_for(0.5)
        self.kill("tagalias-1")
        kept_to = self.simulation.host("tagalias-1").disk.size(NAME)
        self.assertGreater(kept_to, 0)
        before = self._changes_read()
        self.start("tagalias-1", make_service)
        self.assertEqual(
            self._select(Audience(tag=["a"]), needed), sorted(one.ordinal for one in self.made[:2])
        )
        self.assertEqual(self._changes_read() - before, 1)

    def _changes_read(self) -> int:
        """Changes that followers have read of all shards."""
        read = 0.0
        for number in range(SHARDS):
            metrics = self.metrics["dbagent-2" if number == 1 else "dbagent-1"]
            labels = {"shard": str(number)}
            read += metrics.get_sample_value("pushnet_dbagent_changes_read_total", labels) or 0
        return int(read)

    def test_after_a_stop_nothing_is_read_again(self) -> None:
        self.start("tagalias-1", make_service)
        self.stop("tagalias-1")
        before = self._changes_read()
        self.start("tagalias-1", make_service)
        self.assertEqual(self._select(ALL), self._ordinals)
        self.assertEqual(self._changes_read(), before)

    def test_a_damaged_snapshot_is_rebuilt_from_the_logs(self) -> None:
        self.start("tagalias-1", make_service)
        self.stop("tagalias-1")
        disk = self.simulation.host("tagalias-1").disk
        disk.replace(NAME, disk.read(NAME)[:-3])
        self.start("tagalias-1", make_service)
        self.assertEqual(self._select(ALL), self._ordinals)
        self.assertIn(DAMAGED_NAME, disk.names())

    def test_a_shard_that_has_lost_its_disk_loses_its_devices_here(self) -> None:
        self.start("tagalias-1", make_service)
        self.kill("dbagent-2")
        self.simulation.host("dbagent-2").disk.delete("shard-1.db")
        self.start("dbagent-2", make_dbagent)
        self.simulation.run_for(10)
        self.assertEqual(self._select(ALL), [o for o in self._ordinals if shard_of_ordinal(o) != 1])
        again = self.register("phone-0"), self.register("phone-1"), self.register("phone-2")
        needed = {number: self.run_until(self.shard(number).position()) for number in range(SHARDS)}
        kept = [o for o in self._ordinals if shard_of_ordinal(o) != 1]
        wanted = sorted({*kept, *(one.ordinal for one in again)})
        self.assertEqual(self._select(ALL, needed), wanted)

    def test_a_replica_serves_what_it_has_when_a_shard_is_away(self) -> None:
        self.kill("dbagent-2")
        role = self.start("tagalias-1", make_service)
        self.assertEqual(self._select(ALL), [o for o in self._ordinals if shard_of_ordinal(o) != 1])
        self.assertEqual(role.health()["shards_away"], [1])
        self.start("dbagent-2", make_dbagent)
        self.simulation.run_for(10)
        self.assertEqual(self._select(ALL), self._ordinals)

    def test_a_node_tells_how_it_is(self) -> None:
        role = self.start("tagalias-1", make_service)
        self.assertTrue(role.health()["ok"])
        role.gauges()
        self._select(ALL)
        told = role.gauges()
        self.assertGreater(told["load"], 0)
        self.assertEqual((told["devices"], told["lag"]), (6, 0))
        metrics = self.metrics["tagalias-1"]
        self.assertEqual(metrics.get_sample_value("pushnet_tagalias_devices"), 6)

    def test_a_stop_while_it_starts_leaves_nothing(self) -> None:
        self.kill("dbagent-2")
        self.begin("tagalias-1", make_service)
        self.simulation.run_for(1)
        self.stop("tagalias-1")
        self.assertEqual(self.simulation.failures, [])
