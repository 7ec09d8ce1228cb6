"""White and black lists are kept, told at once, and gone when their time is over."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.lists import BadRuleException, ListsPrx, Rule
from pushnet.roles.registry.list_servant import ListsI
from pushnet.sim.world import STARTED_AT_S
from tests.roles.simgrid import SimGrid

NOW = int(STARTED_AT_S)


class ListsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = SimGrid(self)
        self.grid.start_registry()
        address = f"tcp -h registry-1 -p {self.grid.settings.cluster.registry_port}"
        self.lists: Any = ListsPrx.uncheckedCast(
            self.grid.observer().stringToProxy(f"PushNet/Lists:{address}")
        )

    def ask(self, asked: Any) -> Any:
        return self.grid.simulation.run_until(asked)

    def refused(self, asked: Any) -> str:
        with self.assertRaises(BadRuleException) as refused:
            self.ask(asked)
        return refused.exception.reason

    def values(self) -> list[str]:
        return [rule.value for rule in self.ask(self.lists.rules(-1, 0)).rules]

    def test_a_rule_is_kept_changed_and_taken_away(self) -> None:
        self.ask(self.lists.put(Rule("alias-deny", "a", "ann", 0, "bob", "spam")))
        self.ask(self.lists.put(Rule("alias-deny", "a", "ann", 0, "bob", "more spam")))
        (rule,) = self.ask(self.lists.rules(-1, 0)).rules
        self.assertEqual((rule.value, rule.who, rule.why), ("ann", "bob", "more spam"))
        self.assertLess(abs(rule.madeS - NOW), 60)
        self.ask(self.lists.remove("alias-deny", "a", "ann"))
        self.assertEqual(self.values(), [])
        self.assertIn("not in alias-deny of a", self.refused(self.lists.remove("alias-deny", "a", "ann")))

    def test_an_address_is_found_in_any_of_its_forms(self) -> None:
        self.ask(self.lists.put(Rule("address-deny", "", "10.0.0.1/32")))
        self.assertEqual(self.values(), ["10.0.0.1"])
        self.ask(self.lists.remove("address-deny", "", "10.0.0.1"))

    def test_what_cannot_be_is_refused(self) -> None:
        self.assertIn("no list", self.refused(self.lists.put(Rule("users", "", "x"))))
        self.assertIn("over already", self.refused(self.lists.put(Rule("app-deny", "", "a", 7))))
        self.assertEqual(self.values(), [])

    def test_who_waits_is_told_of_a_change_at_once_and_of_none_when_the_time_is_over(self) -> None:
        first = self.ask(self.lists.rules(-1, 0)).number
        waiting = ensureDeferred(self.lists.rules(first, 5000))
        self.grid.simulation.run_for(1)
        self.assertNoResult(waiting)
        self.ask(self.lists.put(Rule("app-deny", "", "a")))
        book = self.ask(waiting)
        self.assertEqual([rule.value for rule in book.rules], ["a"])
        before = self.grid.simulation.host("observer").world.monotonic()
        self.assertEqual(self.ask(self.lists.rules(book.number, 5000)).number, book.number)
        self.assertGreaterEqual(self.grid.simulation.host("observer").world.monotonic() - before, 4.9)

    def test_rules_outlive_the_registry_and_end_in_time(self) -> None:
        self.ask(self.lists.put(Rule("app-deny", "", "a", NOW + 300)))
        self.ask(self.lists.put(Rule("app-deny", "", "b")))
        self.grid.kill("registry-1")
        self.grid.start_registry()
        self.assertEqual(self.values(), ["a", "b"])
        self.grid.simulation.run_for(300)
        self.assertEqual(self.values(), ["b"])

    def test_there_are_only_so_many(self) -> None:
        registry: Any = self.grid.registry
        few = ListsI(registry.parts.world, registry._ledger, rules_max=2)
        for app in ("a", "b", "b"):
            self.ask(ensureDeferred(few.put(Rule("app-deny", "", app))))
        self.assertIn("there are 2 rules", self.refused(ensureDeferred(few.put(Rule("app-deny", "", "c")))))

    def test_rules_are_parsed_once_for_each_change_however_many_ask(self) -> None:
        registry: Any = self.grid.registry
        servant = ListsI(registry.parts.world, registry._ledger)

        def told() -> list[Rule]:
            return list(self.ask(ensureDeferred(servant.rules(-1, 0))).rules)

        self.ask(ensureDeferred(servant.put(Rule("app-deny", "", "a", NOW + 300))))
        (first,), (again,) = told(), told()
        self.assertIs(again, first)
        self.ask(ensureDeferred(servant.put(Rule("app-deny", "", "b"))))
        self.assertEqual([rule.value for rule in told()], ["a", "b"])
        self.grid.simulation.run_for(300)
        self.assertEqual([rule.value for rule in told()], ["b"])
