"""Headers that say how a request is framed."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.gateway.framing import HttpLimits, wrong_header

LIMITS = HttpLimits(body_bytes_max=1000)


class FramingTests(SynchronousTestCase):
    def judge(self, *headers: tuple[bytes, bytes]) -> int:
        """The status of the first thing wrong; 0 when all is well."""
        seen: dict[bytes, int] = {}
        for name, value in headers:
            seen[name] = seen.get(name, 0) + 1
            wrong = wrong_header(name, value, seen, LIMITS)
            if wrong is not None:
                return wrong.http_status
        return 0

    def test_one_length_or_chunks_are_right(self) -> None:
        self.assertEqual(self.judge((b"host", b"h"), (b"content-length", b"1000")), 0)
        self.assertEqual(self.judge((b"host", b"h"), (b"transfer-encoding", b"Chunked")), 0)

    def test_two_of_what_may_stand_once_are_wrong(self) -> None:
        for name, value in [(b"host", b"h"), (b"content-length", b"5"), (b"authorization", b"x")]:
            self.assertEqual(self.judge((name, value), (name, value)), 400, name)
        self.assertEqual(self.judge((b"x-any", b"1"), (b"x-any", b"2")), 0)

    def test_a_length_beside_chunks_is_wrong_in_either_order(self) -> None:
        length, chunks = (b"content-length", b"5"), (b"transfer-encoding", b"chunked")
        self.assertEqual(self.judge(length, chunks), 400)
        self.assertEqual(self.judge(chunks, length), 400)

    def test_another_encoding_is_wrong(self) -> None:
        for value in (b"identity", b"gzip", b"gzip, chunked", b"chunked, chunked", b""):
            self.assertEqual(self.judge((b"transfer-encoding", value)), 400, value)

    def test_a_length_over_the_limit_is_too_large(self) -> None:
        for value in (b"1001", b"9" * 15, b"9" * 5000, b"0" * 16):
            self.assertEqual(self.judge((b"content-length", value)), 413, value[:20])
