"""A node goes by the lists: before it lets anybody in, with every change, and on when nobody tells."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.lists import ListsPrx, Rule
from pushnet.roles.gatekeeping import FIRST_LIMIT_S, Gatekeeper
from pushnet.sim.world import STARTED_AT_S
from tests.roles.simgrid import SimGrid

NOW = int(STARTED_AT_S)


class GatekeeperTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = SimGrid(self)
        self.grid.start_registry()
        address = f"tcp -h registry-1 -p {self.grid.settings.cluster.registry_port}"
        communicator = self.grid.observer()
        self.lists: Any = ListsPrx.uncheckedCast(communicator.stringToProxy(f"PushNet/Lists:{address}"))
        self.changes = 0
        self.keeper = Gatekeeper(self.grid.simulation.host("observer").world, self.lists, self.changed)
        self.addCleanup(self.keeper.stop)

    def changed(self) -> None:
        self.changes += 1

    def put(self, app: str, expires_s: int = 0) -> None:
        self.grid.simulation.run_until(self.lists.put(Rule("app-deny", "", app, expires_s)))

    def start(self) -> None:
        self.grid.simulation.run_until(ensureDeferred(self.keeper.start()))

    def test_it_knows_the_lists_when_it_has_started(self) -> None:
        self.put("a")
        self.start()
        self.assertTrue(self.keeper.lists.app_denied("a"))
        self.assertEqual(self.changes, 1)

    def test_a_change_holds_at_once(self) -> None:
        self.start()
        self.put("a")
        self.grid.simulation.run_for(0.5)
        self.assertTrue(self.keeper.lists.app_denied("a"))

    def test_a_rule_whose_time_is_over_does_not_hold_any_more(self) -> None:
        self.put("a", NOW + 60)
        self.start()
        self.assertTrue(self.keeper.lists.app_denied("a"))
        self.grid.simulation.run_for(61)
        self.assertFalse(self.keeper.lists.app_denied("a"))

    def test_while_no_registry_answers_the_lists_stay_and_then_go_on(self) -> None:
        self.put("a")
        self.start()
        self.grid.kill("registry-1")
        self.grid.simulation.run_for(60)
        self.assertTrue(self.keeper.lists.app_denied("a"))
        self.grid.start_registry()
        self.put("b")
        self.grid.simulation.run_for(5)
        self.assertTrue(self.keeper.lists.app_denied("b"))

    def test_without_any_registry_it_goes_on_after_a_while(self) -> None:
        self.grid.kill("registry-1")
        before = self.grid.simulation.host("observer").world.monotonic()
        self.start()
        self.assertAlmostEqual(
            self.grid.simulation.host("observer").world.monotonic() - before, FIRST_LIMIT_S, delta=0.5
        )
        self.assertFalse(self.keeper.lists.app_denied("a"))
