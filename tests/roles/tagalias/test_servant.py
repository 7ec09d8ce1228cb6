"""The contract `TagAlias`: answers for the positions asked for, or says that it lags."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from prometheus_client import CollectorRegistry
from pyroaring import BitMap
from twisted.internet.defer import Deferred

from pushnet.gen.pushnet.push import Audience
from pushnet.gen.pushnet.tagalias import LaggingException
from pushnet.roles.tagalias.index import Index
from pushnet.roles.tagalias.metrics import TagAliasMetrics
from pushnet.roles.tagalias.progress import Progress
from pushnet.roles.tagalias.servant import WAIT_MAX_S, TagAliasI
from tests.roles.tagalias.logs import APP, added, page, tagged
from tests.roles.tagalias.scene import ProcessCase


class Asking:
    """The call being served: its caller waits until `deadline`."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline


class ServantTests(ProcessCase):
    def setUp(self) -> None:
        super().setUp()
        self.index = Index()
        self.index.take(0, 0, page(added(5), added(6), tagged(5, "a")))
        self.progress = Progress(self.index.positions)
        self.registry = CollectorRegistry()
        self.servant = TagAliasI(self.world, self.index, self.progress, TagAliasMetrics(self.registry))

    def _ask(self, flow: Coroutine[Any, Any, Any]) -> Deferred[Any]:
        return Deferred.fromCoroutine(flow)

    def test_an_audience_is_answered_with_its_devices(self) -> None:
        asked = self._ask(self.servant.resolve(APP, Audience(all=True), {0: 3}, 0))
        selection = self.successResultOf(asked)
        self.assertEqual((list(BitMap.deserialize(selection.bitmap)), selection.count), ([5, 6], 2))

    def test_tags_are_told(self) -> None:
        self.assertEqual(self.successResultOf(self._ask(self.servant.tags(APP, {}, 0))), ["a"])
        has = [self.successResultOf(self._ask(self.servant.hasTag(APP, "a", o, {}, 0))) for o in (5, 6)]
        self.assertEqual(has, [True, False])
        self.assertEqual(self.successResultOf(self._ask(self.servant.followed())), {0: 3})
        self.assertEqual(self.servant.answered, 3)

    def test_a_query_waits_for_the_positions_it_needs_and_sees_the_change(self) -> None:
        asked = self._ask(self.servant.resolve(APP, Audience(tag=["b"]), {0: 4}, 5000))
        self.simulation.run_for(1)
        self.assertNoResult(asked)
        self.index.take(0, 3, page(tagged(6, "b"), since=3))
        self.progress.moved(self.index.positions)
        self.assertEqual(self.successResultOf(asked).count, 1)
        self.assertEqual(self.world.leftovers(), [])

    def test_a_query_waits_no_longer_than_it_wants(self) -> None:
        asked = self._ask(self.servant.tags(APP, {0: 4}, 2000))
        self.simulation.run_for(1.9)
        self.assertNoResult(asked)
        self.simulation.run_for(0.2)
        self.assertEqual(self.failureResultOf(asked, LaggingException).value.at, {0: 3})
        self.failureResultOf(self._ask(self.servant.tags(APP, {7: 1}, 0)), LaggingException)
        self.assertEqual(self.registry.get_sample_value("pushnet_tagalias_lagging_total"), 2)

    def test_a_query_waits_no_longer_than_its_caller_nor_for_ever(self) -> None:
        asking: Any = Asking(self.world.monotonic() + 1)
        asked = self._ask(self.servant.tags(APP, {0: 4}, 20_000, asking))
        self.simulation.run_for(1)
        self.failureResultOf(asked, LaggingException)
        asked = self._ask(self.servant.tags(APP, {0: 4}, 1 << 30))
        self.simulation.run_for(WAIT_MAX_S + 0.1)
        self.failureResultOf(asked, LaggingException)

    def test_when_the_node_stops_nobody_waits(self) -> None:
        asked = self._ask(self.servant.tags(APP, {0: 4}, 20_000))
        self.progress.stop()
        self.failureResultOf(asked, LaggingException)
        self.assertEqual(self.world.leftovers(), [])
