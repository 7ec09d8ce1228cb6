"""What is held against a source."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.patch.sources import REST_MAX_S, STRIKES_MAX, SUSPECT_MAX, Source


class SourceTests(SynchronousTestCase):
    def test_pauses_double_and_end_in_not_being_asked(self) -> None:
        source, now, pauses = Source("a"), 0.0, []
        while not source.banned:
            source.strike("it hung", now)
            pauses.append(source.rests_until - now)
            self.assertFalse(source.usable(now))
            now = source.rests_until
        self.assertEqual(len(pauses), STRIKES_MAX)
        self.assertEqual(pauses, [2, 4, 8, 16, 32, REST_MAX_S])
        self.assertFalse(source.usable(now + 1e9))

    def test_a_ban_says_why_and_drops_what_was_asked(self) -> None:
        source = Source("a", asks={("d", 0): (0.0, 1)})
        source.ban("it lied")
        self.assertEqual((source.banned, source.asks), ("it lied", {}))

    def test_a_part_in_several_wrong_objects_is_too_much(self) -> None:
        source = Source("a")
        for _ in range(SUSPECT_MAX - 1):
            source.suspect("wrong")
            self.assertTrue(source.usable(0))
        source.suspect("wrong")
        self.assertFalse(source.usable(0))
