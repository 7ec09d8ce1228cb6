"""The running hash of a simulation."""

from functools import partial

from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.trace import LINES_KEPT, Trace, name_of


class TraceTests(SynchronousTestCase):
    def test_the_same_lines_give_the_same_hash_however_often_it_is_asked_for(self) -> None:
        one, other = Trace(), Trace()
        for number in range(1000):
            one.add(f"line {number}")
            other.add(f"line {number}")
            if number % 7 == 0:
                other.digest()
        self.assertEqual(one.digest(), other.digest())
        other.add("more")
        self.assertNotEqual(one.digest(), other.digest())

    def test_the_last_lines_are_kept(self) -> None:
        trace = Trace()
        for number in range(1000):
            trace.add(str(number))
        self.assertEqual(trace.last_lines(), [str(number) for number in range(1000 - LINES_KEPT, 1000)])

    def test_a_function_has_a_name_without_an_address(self) -> None:
        self.assertEqual(name_of(Trace.add), "Trace.add")
        self.assertEqual(name_of(partial(print, 1)), "partial")
