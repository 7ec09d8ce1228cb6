"""One replica slowed ten times has a fifth of its share at most within five seconds, and comes back."""

from __future__ import annotations

from collections import Counter

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.task import deferLater
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.tagalias import TagAliasPrx
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.stubs import Current
from tests.roles.simgrid import TAGALIAS, SimGrid, TagAliasI

REPLICAS = 4
FAST_S, SLOW_S = 0.02, 0.2
CALLS_PER_S = 100


class Worker(TagAliasI):
    """Takes its time."""

    def __init__(self, grid: SimGrid, number: int) -> None:
        super().__init__(number)
        self._grid = grid
        self.takes_s = FAST_S
        self.served: Counter[int] = Counter()

    def followed(self, current: Current | None = None) -> Deferred[dict[int, int]]:  # type: ignore[override]
        self.served[int(self._grid.simulation.now_s)] += 1
        world = self._grid.simulation.host(f"tagalias-{self.number}").world
        return deferLater(world.clock, self.takes_s, lambda: {self.number: 0})


class SlowReplicaTests(SynchronousTestCase):
    def test_one_node_slowed_ten_times_has_at_most_a_fifth_of_its_share_within_five_seconds(self) -> None:
        grid = SimGrid(self)
        grid.start_registry()
        workers = []
        for number in range(REPLICAS):
            node = grid.start_node(f"tagalias-{number}", number)
            workers.append(Worker(grid, number))
            node.adapter.remove(TAGALIAS.identity)
            node.adapter.add(workers[-1], TAGALIAS.identity)
        world = grid.simulation.host("caller").boot()
        properties = {"Ice.Default.Locator": grid.settings.locator, "Ice.Default.LocatorCacheTimeout": "0"}
        proxy = TagAliasPrx.uncheckedCast(Communicator(world, properties).stringToProxy("TagAlias"))
        assert proxy is not None
        caller = proxy.ice_connectionCached(False)

        async def call_on() -> None:
            while True:
                caller.followed()
                await deferLater(world.clock, 1 / CALLS_PER_S)

        ensureDeferred(call_on())
        grid.simulation.run_for(6.0)
        workers[1].takes_s = SLOW_S
        grid.simulation.run_for(5.0)
        since = int(grid.simulation.now_s)
        grid.simulation.run_for(6.0)
        share = CALLS_PER_S / REPLICAS
        seconds = range(since, since + 4)
        slow = sum(workers[1].served[second] for second in seconds) / len(seconds)
        self.assertLessEqual(slow, share / 5)
        others = [worker for worker in workers if worker is not workers[1]]
        for worker in others:
            self.assertGreater(sum(worker.served[second] for second in seconds) / len(seconds), share)
        workers[1].takes_s = FAST_S
        grid.simulation.run_for(40.0)
        back = int(grid.simulation.now_s)
        served = sum(workers[1].served[second] for second in range(back - 4, back)) / 4
        self.assertGreater(served, share / 2)
