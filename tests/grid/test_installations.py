"""Who may have a name that somebody has."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.installations import TAKEN, Holder, name_fault

HOLDER = Holder("one", "process 7 at 10.0.0.5 since three o'clock")


class InstallationsTest(SynchronousTestCase):
    def test_a_name_that_nobody_has_is_for_everybody(self) -> None:
        self.assertEqual(name_fault("m1", "two", None, ""), "")

    def test_another_installation_is_told_who_has_it_and_what_helps(self) -> None:
        told = name_fault("m1", "two", HOLDER, "")
        self.assertTrue(told.startswith(TAKEN))
        for part in ("m1 is process 7 at 10.0.0.5", "name of its own", "stop that one", "--take-over"):
            self.assertIn(part, told)

    def test_who_is_started_in_its_place_has_it_at_once(self) -> None:
        self.assertEqual(name_fault("m1", "one", HOLDER, ""), "")

    def test_the_agent_that_is_to_run_it_has_it_brought_to_another_machine(self) -> None:
        self.assertEqual(name_fault("broker-1", "two", HOLDER, "two"), "")
        self.assertIn(TAKEN, name_fault("broker-1", "two", HOLDER, "three"))

    def test_earlier_versions_which_tell_no_installation_replace_and_are_replaced_as_before(self) -> None:
        self.assertEqual(name_fault("m1", "", HOLDER, ""), "")
        self.assertEqual(name_fault("m1", "two", Holder("", "somebody"), ""), "")
