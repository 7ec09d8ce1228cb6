"""What a server has written is read in pieces of whole lines."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred, ensureDeferred, fail, succeed
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice.icegrid_exceptions import FileNotAvailableException
from pushnet.gen.pushnet.agent import LogPart, NoServerException
from pushnet.roles.registry.server_files import ServerFileI
from pushnet.rpc.exceptions import ConnectionRefusedException

WRITTEN = b"one\ntwo\nthree\nfour\n"


class PaperAgent:
    """Has a log; answers as an agent does."""

    def __init__(self, dropped: int = 0) -> None:
        self.dropped = dropped
        self.failure: Exception | None = None

    def ice_invocationTimeout(self, ms: int) -> PaperAgent:
        return self

    def log(self, server_id: str, offset: int, size: int, wait_ms: int) -> Deferred[LogPart]:
        if self.failure is not None:
            return fail(self.failure)
        start = max(self.dropped, offset if offset >= 0 else len(WRITTEN) + offset)
        data = WRITTEN[start : start + size]
        return succeed(LogPart(start, data, start + len(data) < len(WRITTEN)))


class ServerFileTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.agent: Any = PaperAgent()
        self.file = ServerFileI("clock", lambda: self.agent)

    def begin(self, count: int) -> None:
        self.successResultOf(ensureDeferred(self.file.begin(count)))

    def read(self, size: int) -> tuple[bool, list[str]]:
        return self.successResultOf(ensureDeferred(self.file.read(size)))

    def test_pieces_are_of_whole_lines_and_join(self) -> None:
        self.begin(-1)
        self.assertEqual(self.read(10), (False, ["one", "two", ""]))
        self.assertEqual(self.read(100), (True, ["three", "four", ""]))
        self.assertEqual(self.read(100), (True, []))

    def test_a_line_longer_than_a_piece_comes_in_parts(self) -> None:
        self.begin(-1)
        self.assertEqual([self.read(2), self.read(2)], [(False, ["on"]), (False, ["e", ""])])

    def test_the_last_lines_are_found(self) -> None:
        for count, lines in ((0, []), (1, ["four", ""]), (9, ["one", "two", "three", "four", ""])):
            self.begin(count)
            self.assertEqual(self.read(100), (True, lines))

    def test_what_was_dropped_is_passed_over(self) -> None:
        self.agent = PaperAgent(dropped=8)
        self.begin(-1)
        self.assertEqual(self.read(100), (True, ["three", "four", ""]))

    def test_without_its_agent_it_cannot_be_read(self) -> None:
        for failure in (NoServerException("none"), ConnectionRefusedException()):
            self.agent.failure = failure
            self.failureResultOf(ensureDeferred(self.file.read(1)), FileNotAvailableException)
        self.agent = None
        self.failureResultOf(ensureDeferred(self.file.begin(1)), FileNotAvailableException)
