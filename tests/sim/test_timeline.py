"""The heap of things to come."""

from twisted.internet.error import AlreadyCalled, AlreadyCancelled
from twisted.internet.interfaces import IDelayedCall
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from pushnet.sim.timeline import Happening, Life, Timeline, microseconds


class TimelineTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.timeline = Timeline()
        self.life = Life("a", 3)

    def _put(self, due_us: int, name: str, life: Life | None = None) -> Happening:
        happening = Happening(self.timeline, life or self.life, name, print, ())
        self.timeline.put(happening, due_us)
        return happening

    def _taken(self, until_us: int = 1000) -> list[str]:
        names = []
        while happening := self.timeline.take(until_us):
            names.append(happening.kind)
        return names

    def test_the_clock_stands_at_the_moment_of_what_happens(self) -> None:
        self._put(5, "x")
        self.timeline.take(10)
        self.assertEqual(self.timeline.now_us, 5)

    def test_one_source_keeps_its_order_within_a_microsecond(self) -> None:
        for name in "abcdef":
            self._put(7, name)
        self.assertEqual(self._taken(), list("abcdef"))

    def test_sources_take_turns_in_an_order_made_from_their_salt(self) -> None:
        orders = set()
        for salt in range(1, 40, 2):
            self._put(9, "a", Life("a", salt))
            self._put(9, "b", Life("b", 1000))
            orders.add("".join(self._taken()))
        self.assertEqual(sorted(orders), ["ab", "ba"])

    def test_nothing_is_taken_before_its_time(self) -> None:
        self._put(5, "x")
        self.assertEqual(self._taken(4), [])
        self.assertEqual(self._taken(5), ["x"])

    def test_the_end_of_a_life_takes_all_it_had_to_do(self) -> None:
        self._put(5, "x")
        self.life.alive = False
        self._put(6, "y")
        self.assertEqual(self._taken(), [])

    def test_a_call_is_cancelled_once_and_never_after_it_was_made(self) -> None:
        call = self._put(5, "x")
        verifyObject(IDelayedCall, call)
        call.cancel()
        self.assertRaises(AlreadyCancelled, call.cancel)
        made = self._put(5, "y")
        self.assertEqual(self._taken(), ["y"])
        self.assertRaises(AlreadyCalled, made.cancel)
        self.assertFalse(made.active())

    def test_a_call_can_be_moved_both_ways(self) -> None:
        sooner, later = self._put(50, "sooner"), self._put(20, "later")
        sooner.reset(0.000_010)
        later.delay(0.000_010)
        self.assertEqual((sooner.due_us, later.due_us), (10, 30))
        self.assertEqual(self._taken(), ["sooner", "later"])

    def test_a_delay_is_never_shorter_than_asked_for(self) -> None:
        self.assertEqual(microseconds(0.1), 100_000)
        self.assertEqual(microseconds(0.000_000_4), 1)
        self.assertEqual(microseconds(0), 0)
