"""Hostile requests are answered as stock Ice answers them, but for what is listed."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase, TestCase

from tests.fuzz.differential import PING, compare, is_whole, servers
from tests.fuzz.outcomes import Difference, Outcome, first_fault, listed_as
from tests.interop.stock import require_ice

INPUTS = 400
SEED = "1"


class DifferentialTest(TestCase):
    timeout = 120

    def test_the_outcome_is_that_of_stock_ice_or_listed(self) -> None:
        require_ice(self)
        with servers() as (stock, ours):
            unlisted, met = compare(stock, ours, INPUTS, SEED)
            self.assertEqual(ours.answer(b""), Outcome(()))
        self.assertEqual(unlisted, [], "\n" + "\n".join(map(str, unlisted)))
        self.assertGreater(met["encapsulation"], 0)
        self.assertGreater(met["mode"], 0)


class ListedTest(SynchronousTestCase):
    """What the table takes, and what not."""

    answered, hung_up = Outcome(((1, 0),)), Outcome((), closed=True)

    def test_a_listed_difference_needs_its_fault_in_the_input(self) -> None:
        mode = PING.replace(b"ice_ping\x01", b"ice_ping\x07")
        self.assertEqual(first_fault(mode), "a request has the operation mode 7")
        self.assertEqual(listed_as(Difference(mode, self.answered, self.hung_up)), "mode")
        self.assertIsNone(listed_as(Difference(PING, self.answered, self.hung_up)))

    def test_a_death_of_ours_and_a_silence_of_ours_are_never_listed(self) -> None:
        dead, silent = Outcome((), closed=True, died=True), Outcome((), silent=True)
        for ours in (dead, silent):
            self.assertIsNone(listed_as(Difference(PING, self.answered, ours)))
        self.assertEqual(listed_as(Difference(PING, dead, self.answered)), "crash")

    def test_what_ends_within_a_message_is_not_compared(self) -> None:
        self.assertTrue(is_whole(PING + PING))
        self.assertFalse(is_whole(PING + PING[:-1]))
        self.assertTrue(is_whole(b"X" * 14 + PING[:5]))
