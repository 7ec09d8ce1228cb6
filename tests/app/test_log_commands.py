"""Reading what a server has written: its last lines, and what is kept no more."""

from __future__ import annotations

from twisted.internet.defer import ensureDeferred, succeed
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.log_commands import PART_BYTES, last_lines, tail
from pushnet.gen.pushnet.agent import LogPart


class TailTest(SynchronousTestCase):
    def tail(self, written: bytes, lines: int, kept_from: int = 0) -> tuple[bytes, int]:
        """Of a log that an agent has; what is before `kept_from` was dropped."""

        async def read(offset: int, wait_ms: int) -> LogPart:
            begin = max(len(written) + offset if offset < 0 else offset, kept_from)
            return await succeed(LogPart(begin, written[begin : begin + PART_BYTES], False))

        return self.successResultOf(ensureDeferred(tail(read, lines)))

    def test_the_last_lines_are_told_and_where_to_go_on(self) -> None:
        self.assertEqual(self.tail(b"one\ntwo\nthree\n", 2), (b"two\nthree\n", 14))

    def test_a_short_log_is_told_whole(self) -> None:
        self.assertEqual(self.tail(b"one\n", 100), (b"one\n", 4))
        self.assertEqual(self.tail(b"", 100), (b"", 0))

    def test_as_many_parts_are_read_as_the_lines_need(self) -> None:
        line = b"x" * 1023 + b"\n"
        written = line * (3 * PART_BYTES // len(line))
        found, end = self.tail(written, 600)
        self.assertEqual((found, end), (line * 600, len(written)))

    def test_what_is_kept_no_more_ends_the_reading(self) -> None:
        written = b"gone\n" * PART_BYTES
        found, end = self.tail(written, PART_BYTES, kept_from=len(written) - 10)
        self.assertEqual((found, end), (b"gone\ngone\n", len(written)))

    def test_no_lines_are_no_lines(self) -> None:
        self.assertEqual(self.tail(b"one\n", 0), (b"", 4))

    def test_a_line_that_has_not_ended_counts(self) -> None:
        self.assertEqual(last_lines(b"one\ntwo", 1), b"two")
