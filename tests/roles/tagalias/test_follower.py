"""Following one shard, whatever becomes of it."""

from __future__ import annotations

from pushnet.grid.placement import ordinal_at
from pushnet.roles.tagalias.follower import PAGE_CHANGES, PAUSE_MAX_S, WAIT_MS, Follower
from pushnet.roles.tagalias.index import Index
from tests.roles.tagalias.logs import APP, added, tagged
from tests.roles.tagalias.scene import FakeShard, ProcessCase

DEVICE = ordinal_at(0, 3)


class FollowerTests(ProcessCase):
    def setUp(self) -> None:
        super().setUp()
        self.shard = FakeShard()
        self.index = Index()
        self.moves: list[int] = []
        self.follower = Follower(self.world, 3, self.shard, self.index, self._moved)  # type: ignore[arg-type]

    def _moved(self) -> None:
        self.moves.append(self.index.at(3).position)

    def test_it_catches_up_and_then_waits_at_the_shard(self) -> None:
        self.shard.add(added(DEVICE))
        self.follower.start()
        self.successResultOf(self.follower.caught_up)
        self.assertEqual(self.shard.asked, [(0, 0), (1, WAIT_MS)])
        self.shard.add(tagged(DEVICE, "a"))
        self.assertTrue(self.index.has_tag(APP, "a", DEVICE))
        self.assertEqual(self.moves, [1, 2])
        self.assertEqual((self.follower.lag(), self.follower.head), (0, 2))

    def test_an_empty_log_is_caught_up_with_at_once(self) -> None:
        self.follower.start()
        self.successResultOf(self.follower.caught_up)

    def test_a_long_log_is_read_in_pages(self) -> None:
        self.shard.add(added(DEVICE), *[tagged(DEVICE, f"t{n}") for n in range(2 * PAGE_CHANGES)])
        self.follower.start()
        self.assertEqual(self.moves, [PAGE_CHANGES, 2 * PAGE_CHANGES, 2 * PAGE_CHANGES + 1])
        self.successResultOf(self.follower.caught_up)

    def test_a_shard_that_is_away_is_tried_again_with_growing_pauses(self) -> None:
        self.shard.down = True
        self.follower.start()
        self.simulation.run_for(60)
        self.assertTrue(self.follower.away)
        self.assertNoResult(self.follower.caught_up)
        self.assertTrue(60 / PAUSE_MAX_S < len(self.shard.asked) < 40, len(self.shard.asked))
        self.shard.down = False
        self.shard.add(added(DEVICE))
        self.simulation.run_for(PAUSE_MAX_S)
        self.assertFalse(self.follower.away)
        self.assertEqual(self.index.positions, {3: 1})

    def test_it_goes_on_where_it_was_when_the_shard_is_back(self) -> None:
        self.shard.add(added(DEVICE))
        self.follower.start()
        self.shard.down = True
        self.shard.add(tagged(DEVICE, "a"))
        self.simulation.run_for(5)
        self.shard.down = False
        self.simulation.run_for(PAUSE_MAX_S)
        self.assertEqual(self.moves, [1, 2])

    def test_a_shard_that_has_lost_its_disk_is_read_from_the_beginning(self) -> None:
        self.shard.add(added(DEVICE), tagged(DEVICE, "a"))
        self.follower.start()
        self.shard.lose()
        self.assertEqual(self.index.counts()["devices"], 0)
        self.shard.add(added(DEVICE + 1))
        self.assertEqual(self.index.positions, {3: 1})
        self.assertEqual(self.index.counts()["devices"], 1)

    def test_after_a_stop_nothing_is_left(self) -> None:
        self.shard.down = True
        self.follower.start()
        self.simulation.run_for(1)
        self.follower.stop()
        self.successResultOf(self.follower.caught_up)
        self.assertEqual(self.world.leftovers(), [])
        self.assertEqual(self.simulation.failures, [])
