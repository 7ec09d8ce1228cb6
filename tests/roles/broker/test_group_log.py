"""One group log as it is followed: in order, without holes, bounded."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.push import Message
from pushnet.roles.broker.group_log import ROWS_BYTES_MAX, ROWS_MAX, WAITING_MAX, GroupLog, Row


def row(seq: int, body: bytes = b"") -> Row:
    return Row(seq, Message(seq, 1, body), BitMap([1]).serialize())


def seqs(rows: list[Row]) -> list[int]:
    return [row.seq for row in rows]


class GroupLogTests(SynchronousTestCase):
    @given(order=st.permutations(list(range(11, 21))), again=st.lists(st.integers(1, 20)))
    def test_rows_come_back_in_order_and_once_whatever_order_they_arrive_in(
        self, order: list[int], again: list[int]
    ) -> None:
        log = GroupLog("app", 10)
        back: list[int] = []
        for seq in [*order, *again]:
            back += seqs(log.take(row(seq)))
        self.assertEqual(back, list(range(11, 21)))
        self.assertFalse(log.behind)

    def test_a_later_row_shows_that_one_is_missing(self) -> None:
        log = GroupLog("app", 10)
        self.assertEqual((log.take(row(12)), log.behind), ([], True))
        self.assertEqual((seqs(log.take(row(11))), log.behind), ([11, 12], False))

    def test_recent_rows_are_at_hand_and_older_ones_are_not(self) -> None:
        log = GroupLog("app", 10)
        for seq in (11, 12, 13):
            log.take(row(seq))
        self.assertEqual(seqs(log.after(11) or []), [12, 13])
        self.assertEqual(seqs(log.after(10) or []), [11, 12, 13])
        self.assertEqual(log.after(13), [])
        self.assertIsNone(log.after(9))

    def test_what_is_kept_is_bounded_by_number_and_bytes(self) -> None:
        log = GroupLog("app", 0)
        for seq in range(1, ROWS_MAX + 2):
            log.take(row(seq))
        self.assertIsNone(log.after(0))
        self.assertIsNotNone(log.after(1))
        log.take(row(ROWS_MAX + 2, bytes(ROWS_BYTES_MAX)))
        self.assertIsNone(log.after(ROWS_MAX + 1))

    def test_what_waits_behind_a_hole_is_bounded(self) -> None:
        log = GroupLog("app", 0)
        for seq in range(2, WAITING_MAX + 10):
            log.take(row(seq))
        self.assertEqual(log.told, WAITING_MAX + 9)
        self.assertEqual(len(log._waiting), WAITING_MAX)

    def test_a_beginning_that_is_gone_is_skipped(self) -> None:
        log = GroupLog("app", 0)
        log.take(row(9))
        self.assertEqual((seqs(log.skip_to(8)), log.head), ([9], 9))
        self.assertEqual((log.skip_to(3), log.head), ([], 9))

    def test_an_audience_that_is_no_bitmap_is_the_senders_fault(self) -> None:
        with self.assertRaises(ValueError):
            Row(1, Message(1, 1, b""), b"nonsense")
