"""Ids that never repeat."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.gateway.message_id import EPOCH_MS, MessageIds, made_at_ms

NOW_MS = 1_800_000_000_000


class MessageIdTests(SynchronousTestCase):
    def test_an_id_is_time_number_and_counter(self) -> None:
        ids = MessageIds(1023)
        self.assertEqual(ids.next(NOW_MS), (NOW_MS - EPOCH_MS) << 22 | 1023 << 12)
        self.assertEqual(ids.next(NOW_MS), (NOW_MS - EPOCH_MS) << 22 | 1023 << 12 | 1)

    def test_the_time_can_be_read_back(self) -> None:
        self.assertEqual(made_at_ms(MessageIds(7).next(NOW_MS)), NOW_MS)

    @given(st.lists(st.integers(NOW_MS - 5, NOW_MS + 5), min_size=2, max_size=50))
    def test_ids_grow_however_the_clock_is_stepped(self, walls: list[int]) -> None:
        ids = MessageIds(3)
        made = [ids.next(wall) for wall in walls]
        self.assertEqual(made, sorted(set(made)))

    def test_more_than_a_millisecond_holds_run_ahead(self) -> None:
        ids = MessageIds(0)
        made = [ids.next(NOW_MS) for _ in range(4097)]
        self.assertEqual(made_at_ms(made[4095]), NOW_MS)
        self.assertEqual(made_at_ms(made[4096]), NOW_MS + 1)
        self.assertEqual(ids.last_ms, NOW_MS + 1)
        self.assertEqual(len(set(made)), 4097)

    def test_gateways_of_different_numbers_never_meet(self) -> None:
        one, other = MessageIds(1), MessageIds(2)
        first = {one.next(NOW_MS) for _ in range(5000)}
        self.assertFalse(first & {other.next(NOW_MS) for _ in range(5000)})

    def test_a_new_life_begins_at_the_floor_of_the_old_one(self) -> None:
        old = MessageIds(5)
        last = old.next(NOW_MS)
        self.assertGreater(MessageIds(5, floor_ms=old.last_ms + 1).next(NOW_MS - 60_000), last)

    def test_a_clock_before_the_epoch_still_gives_ids(self) -> None:
        self.assertEqual(MessageIds(0).next(0), 0)

    def test_a_number_that_does_not_fit_is_refused(self) -> None:
        self.assertRaises(ValueError, MessageIds, 1024)
        self.assertRaises(ValueError, MessageIds, -1)

    def test_ids_of_the_year_2089_are_still_63_bits(self) -> None:
        self.assertLess(MessageIds(1023).next(EPOCH_MS + 2**41 - 1), 2**63)
