"""Events are read page by page, and waited for."""

from __future__ import annotations

from prometheus_client import CollectorRegistry
from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.event import EventFilter
from pushnet.grid.settings import ClusterSettings, Settings
from pushnet.roles.registry.event_servant import EventsI
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.metrics import RegistryMetrics
from pushnet.sim.simulation import Simulation
from pushnet.stores.registry.embedded import EmbeddedState

ALL = EventFilter()


class EventServantTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        world = self.simulation.host("registry-1").boot()
        settings = Settings(cluster=ClusterSettings(secret="x" * 16))
        metrics = RegistryMetrics(CollectorRegistry())
        self.ledger = Ledger(world, settings, "registry-1", EmbeddedState(world), metrics)
        self.simulation.run_until(self.ledger.open())
        self.servant = EventsI(world, self.ledger.events)
        self.simulation.run_for(1.0)

    def test_who_follows_is_answered_when_something_that_fits_happens(self) -> None:
        page = self.simulation.run_until(self.servant.read(ALL, 0, 10, 0))
        self.assertEqual([event.kind for event in page.events], ["registry.started"])
        asked = EventFilter(["node"])
        following = ensureDeferred(self.servant.read(asked, page.next, 10, 20_000))
        self.ledger.events.record("registry.other", "x", "")
        self.simulation.run_for(1.0)
        self.assertNoResult(following)
        self.ledger.events.record("node.refused", "n1", "why")
        self.simulation.run_for(1.0)
        (event,) = self.successResultOf(following).events
        self.assertEqual((event.kind, event.who, event.text), ("node.refused", "n1", "why"))

    def test_who_follows_in_vain_is_answered_in_time_and_goes_on_from_there(self) -> None:
        first = self.simulation.run_until(self.servant.read(ALL, 0, 10, 0))
        following = ensureDeferred(self.servant.read(ALL, first.next, 10, 5000))
        self.simulation.run_for(4.5)
        self.assertNoResult(following)
        self.simulation.run_for(1.0)
        page = self.successResultOf(following)
        self.assertEqual((list(page.events), page.next, page.more), ([], first.next, False))

    def test_when_the_registry_ends_all_who_wait_are_answered(self) -> None:
        first = self.simulation.run_until(self.servant.read(ALL, 0, 10, 0))
        following = ensureDeferred(self.servant.read(ALL, first.next, 10, 30_000))
        self.servant.close()
        self.assertEqual(list(self.successResultOf(following).events), [])
