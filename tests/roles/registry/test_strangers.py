"""Adapters that stock Ice servers registered themselves."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.registry.directory import Directory
from pushnet.roles.registry.records import AdapterRecord
from pushnet.roles.registry.roster import Refused
from pushnet.roles.registry.strangers import InUse, NotInGroup, Strangers

ONE = AdapterRecord("Stock", "", "tcp -h 127.0.0.1 -p 1001")
TWO = AdapterRecord("Stock", "", "tcp -h 127.0.0.1 -p 1002")


class StrangersTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.directory = Directory()
        self.strangers = Strangers(self.directory, 3.0)

    def sweep_until(self, end: float) -> list[str]:
        gone: list[str] = []
        for tick in range(int(end * 2) + 1):
            gone += self.strangers.sweep(tick / 2)
        return gone

    def test_an_entered_adapter_is_found(self) -> None:
        self.strangers.enter(ONE, 0.0)
        self.assertEqual(self.directory.endpoints("Stock"), ONE.endpoints)

    def test_one_that_gives_no_sign_of_life_for_two_leases_is_dropped(self) -> None:
        self.strangers.enter(ONE, 0.0)
        self.assertEqual(self.sweep_until(5.5), [])
        self.assertEqual(self.strangers.sweep(6.0), ["Stock"])
        self.assertEqual(self.directory.endpoints("Stock"), "")

    def test_an_answer_keeps_it(self) -> None:
        stranger = self.strangers.enter(ONE, 0.0)
        self.strangers.answered(stranger, 4.0)
        self.assertEqual(self.sweep_until(9.5), [])
        self.assertEqual(self.strangers.sweep(10.0), ["Stock"])

    def test_an_id_in_use_is_not_given_away(self) -> None:
        self.strangers.enter(ONE, 0.0)
        with self.assertRaises(InUse):
            self.strangers.enter(TWO, 1.0)
        self.assertEqual(self.directory.endpoints("Stock"), ONE.endpoints)

    def test_registering_the_same_again_is_no_conflict(self) -> None:
        self.strangers.enter(ONE, 0.0)
        self.strangers.enter(ONE, 1.0)
        self.assertEqual(len(self.strangers), 1)

    def test_an_id_whose_holder_was_found_dead_is_given_to_the_next(self) -> None:
        dead = self.strangers.enter(ONE, 0.0)
        self.strangers.enter(TWO, 1.0, instead_of=dead.epoch)
        self.assertEqual(self.directory.endpoints("Stock"), TWO.endpoints)

    def test_of_two_that_found_the_holder_dead_only_the_first_gets_the_id(self) -> None:
        dead = self.strangers.enter(ONE, 0.0)
        self.strangers.enter(TWO, 1.0, instead_of=dead.epoch)
        with self.assertRaises(InUse):
            self.strangers.enter(ONE, 1.0, instead_of=dead.epoch)

    def test_a_late_answer_of_a_replaced_server_does_not_keep_its_successor(self) -> None:
        dead = self.strangers.enter(ONE, 0.0)
        self.strangers.enter(TWO, 1.0, instead_of=dead.epoch)
        self.strangers.answered(dead, 6.0)
        self.assertEqual(self.sweep_until(7.0), ["Stock"])

    def test_an_adapter_of_a_node_is_in_use(self) -> None:
        self.directory.put(("node", "n"), [ONE], ())
        with self.assertRaises(InUse):
            self.strangers.enter(TWO, 0.0)
        self.assertFalse(self.strangers.leave("Stock"))

    def test_a_group_cannot_have_the_name_of_an_adapter(self) -> None:
        self.strangers.enter(ONE, 0.0)
        with self.assertRaises(NotInGroup):
            self.strangers.enter(AdapterRecord("Other", "Stock", "tcp -p 1"), 0.0)

    def test_strangers_may_form_a_group(self) -> None:
        self.strangers.enter(AdapterRecord("B", "G", "tcp -p 2"), 0.0)
        self.strangers.enter(AdapterRecord("A", "G", "tcp -p 1"), 0.0)
        self.assertEqual(self.directory.members("G"), ["A", "B"])

    def test_a_malformed_entry_is_refused(self) -> None:
        for wrong in (
            AdapterRecord("", "", "tcp -p 1"),
            AdapterRecord("a", "", ""),
            AdapterRecord("a", "a", "t"),
        ):
            with self.assertRaises(Refused):
                self.strangers.enter(wrong, 0.0)

    def test_leaving_takes_the_adapter_out_at_once(self) -> None:
        self.strangers.enter(ONE, 0.0)
        self.assertTrue(self.strangers.leave("Stock"))
        self.assertEqual(self.directory.endpoints("Stock"), "")
        self.strangers.enter(TWO, 0.0)
