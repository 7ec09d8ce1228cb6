"""Who was lost, and for how long it is looked for."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.registry.books import Event, What
from pushnet.roles.registry.lost import FORGOTTEN_S, LOST_MAX, SELDOM, SOON_S, Lost
from pushnet.roles.registry.records import AdapterRecord, ProcessRecord

HERE = "tcp -h h -p 1"


class LostTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.lost = Lost()

    def lapse(self, name: str, now: float = 0.0, endpoints: str = HERE) -> None:
        record = AdapterRecord(name, "", endpoints)
        self.lost.follow(Event(What.adapter_removed, name, record, lapsed=True), now)

    def follow(self, what: What, name: str) -> None:
        self.lost.follow(Event(what, name, AdapterRecord(name, "", HERE)), 1.0)

    def test_a_place_is_looked_at_often_for_a_while_and_then_seldom(self) -> None:
        self.lapse("a")
        self.assertEqual([self.lost.round(1.0) for _ in range(3)], [[HERE]] * 3)
        later = [bool(self.lost.round(SOON_S + 1.0)) for _ in range(2 * SELDOM)]
        self.assertEqual(sum(later), 2)

    def test_after_a_day_it_is_forgotten(self) -> None:
        self.lapse("a")
        self.assertEqual(self.lost.round(FORGOTTEN_S + 1.0), [])
        self.assertEqual(self.lost.at(HERE), [])

    def test_who_has_left_or_whose_id_was_taken_is_not_looked_for(self) -> None:
        for what in (What.adapter_removed, What.adapter_added, What.adapter_updated):
            self.lapse("a")
            self.follow(what, "a")
            self.assertEqual(self.lost.round(2.0), [])

    def test_adapters_and_processes_of_a_place_are_kept_and_forgotten_together(self) -> None:
        self.lapse("a")
        process = ProcessRecord("a", f"admin:{HERE}", HERE)
        self.lost.follow(Event(What.process_removed, "a", process, lapsed=True), 0.0)
        self.lapse("b", endpoints="tcp -h h -p 2")
        self.assertEqual(self.lost.at(HERE), [AdapterRecord("a", "", HERE), process])
        self.lost.forget(HERE)
        self.assertEqual(self.lost.round(1.0), ["tcp -h h -p 2"])

    def test_only_so_many_are_kept(self) -> None:
        for number in range(LOST_MAX + 1):
            self.lapse(f"a{number}", endpoints=f"tcp -h h -p {number}")
        self.assertEqual(len(self.lost.round(1.0)), LOST_MAX)
        self.assertEqual(self.lost.at("tcp -h h -p 0"), [])
