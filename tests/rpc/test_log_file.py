"""`Ice.LogFile` and its neighbours, in the simulated world."""

from __future__ import annotations

import re

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.communicator import Communicator
from pushnet.rpc.initialization import initialize
from tests.rpc.given import Grid

WHEN = r"\d\d/\d\d/\d\d \d\d:\d\d:\d\d\.\d\d\d"
LOG = {"Ice.LogFile": "/var/server.log", "Ice.ProgramName": "prog"}


class LogFileTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.world = Grid(self).simulation.host("server").boot()

    def made(self, **more: str) -> Communicator:
        return initialize(
            self.world, LOG | {f"Ice.{name.replace('_', '.')}": value for name, value in more.items()}
        )

    def lines(self, path: str = "/var/server.log") -> list[str]:
        return re.sub(WHEN, "WHEN", self.world.read_file(path).decode()).splitlines()

    def test_what_is_logged_stands_in_the_file_in_ices_words(self) -> None:
        logger = self.made().getLogger()
        logger._print("printed")
        logger.trace("Network", "traced")
        logger.warning("warned")
        logger.error("erred\nin two lines")
        logger.cloneWithPrefix("other").trace("", "without a category")
        self.assertEqual(
            self.lines(),
            [
                "printed",
                "-- WHEN prog: Network: traced",
                "-! WHEN prog: warning: warned",
                "!! WHEN prog: error: erred",
                "   in two lines",
                "-- WHEN other: without a category",
            ],
        )

    def test_what_the_runtime_says_is_there_too_also_with_a_logger_facet(self) -> None:
        for more in ({}, {"Admin_Enabled": "1"}):
            communicator = self.made(**more)
            communicator.fault("a peer said {said}", said="nonsense")
            self.assertEqual(self.lines()[-1], "-! WHEN prog: warning: a peer said nonsense")
            try:
                raise KeyError("k")
            except KeyError:
                communicator.log.failure("dispatch failed")
            self.assertIn("!! WHEN prog: error: dispatch failed", self.lines())
            self.assertEqual(self.lines()[-1], "   builtins.KeyError: 'k'")

    def test_a_file_that_is_there_is_gone_on_with(self) -> None:
        self.made().getLogger()._print("one")
        self.made().getLogger()._print("two")
        self.assertEqual(self.lines(), ["one", "two"])

    def test_a_file_that_is_full_is_renamed(self) -> None:
        logger = self.made(LogFile_SizeMax="10").getLogger()
        for text in ("12345678", "larger than that", "a", "b", "c", "d", "e"):
            logger._print(text)
        names = self.world.storage.names("var/server")
        stamps = {re.sub(r"\d{8}-\d{6}", "STAMP", name) for name in names}
        self.assertEqual(stamps, {"var/server-STAMP.log", "var/server-STAMP-1.log", "var/server.log"})
        self.assertEqual(self.lines(), ["a", "b", "c", "d", "e"])

    def test_the_processs_own_output_goes_where_it_is_told_to(self) -> None:
        self.made(StdOut="/var/out", StdErr="/var/err")
        self.assertEqual((self.lines("/var/out"), self.lines("/var/err")), ([], []))
