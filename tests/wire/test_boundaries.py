"""What is sent is cut where messages begin, however it is written."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.boundaries import Boundaries
from pushnet.wire.identity import Identity
from pushnet.wire.message import CLOSE_MESSAGE
from pushnet.wire.request import head_bytes, request_message, target_bytes

_HEAD = head_bytes(target_bytes(Identity("id"), "", "op", 0), {})
LONG = request_message(1, _HEAD, b"x" * 300)
SHORT = request_message(2, _HEAD, b"")
ALL = LONG + CLOSE_MESSAGE + SHORT + SHORT


class BoundariesTest(SynchronousTestCase):
    def test_each_message_is_a_part(self) -> None:
        self.assertEqual(Boundaries().cut(ALL), [LONG, CLOSE_MESSAGE, SHORT, SHORT])
        self.assertEqual(Boundaries().cut(SHORT), [SHORT])
        self.assertEqual(Boundaries().cut(b""), [])

    @given(cuts=st.lists(st.integers(0, len(ALL)), max_size=6))
    def test_however_it_is_written_no_part_has_bytes_of_two(self, cuts: list[int]) -> None:
        boundaries = Boundaries()
        parts = [
            part
            for start, end in pairwise([0, *sorted(cuts), len(ALL)])
            for part in boundaries.cut(ALL[start:end])
        ]
        self.assertEqual(b"".join(parts), ALL)
        ends = {sum(map(len, parts[: count + 1])) for count in range(len(parts))}
        for message in (LONG, LONG + CLOSE_MESSAGE, LONG + CLOSE_MESSAGE + SHORT):
            self.assertIn(len(message), ends)
