"""What a node's log says, and what it never says."""

from __future__ import annotations

import io
import json
import os
from typing import Any

from twisted.logger import Logger, LogLevel
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.logs import VALUE_CHARACTERS_MAX, JsonLines, level_of


class Unformattable:
    def __format__(self, spec: str) -> str:
        raise AssertionError("formatted though it is below the level")

    __str__ = __repr__ = lambda self: self.__format__("")


class JsonLinesTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.out = io.StringIO()

    def log(self, level: str = "info", namespace: str = "pushnet.broker") -> Logger:
        return Logger(namespace, observer=JsonLines(self.out, level_of(level), {"node": "broker-1"}))

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.getvalue().splitlines()]

    def test_an_event_is_one_line_with_its_fields(self) -> None:
        self.log().info("{count} devices from {peer}", count=3, peer="a\nb")
        (line,) = self.lines()
        self.assertRegex(line.pop("time"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$")
        self.assertEqual(
            line,
            {
                "level": "info",
                "room": "pushnet.broker",
                "message": "3 devices from a\nb",
                "node": "broker-1",
                "count": 3,
                "peer": "a\nb",
            },
        )

    def test_what_is_below_the_level_is_not_even_formatted(self) -> None:
        log = self.log("warn")
        log.info("{it}", it=Unformattable())
        log.debug("{it}", it=Unformattable())
        log.warn("told")
        self.assertEqual([line["message"] for line in self.lines()], ["told"])

    def test_twisted_is_heard_from_a_warning_on(self) -> None:
        log = self.log(namespace="twisted.internet")
        log.info("Starting factory")
        log.error("it broke")
        self.assertEqual([line["message"] for line in self.lines()], ["it broke"])
        self.log("debug", "twisted.internet").info("Starting factory")
        self.assertEqual(len(self.lines()), 2)

    def test_secrets_are_told_neither_as_fields_nor_in_the_message(self) -> None:
        self.log().info("{user} says {password}", user="ann", password="open sesame", masterSecret="s3cr3t")
        self.assertNotIn("sesame", self.out.getvalue())
        self.assertNotIn("s3cr3t", self.out.getvalue())
        self.assertEqual(self.lines()[0]["message"], "ann says ***")

    def test_a_failure_brings_its_trace(self) -> None:
        try:
            raise ValueError("broken")
        except ValueError:
            self.log().failure("while trying")
        (line,) = self.lines()
        self.assertEqual(line["level"], "critical")
        self.assertIn("ValueError: broken", line["trace"])

    def test_a_huge_value_is_cut(self) -> None:
        self.log().info("got {data}", data="x" * 1_000_000)
        self.assertLess(len(self.out.getvalue()), 3 * VALUE_CHARACTERS_MAX)

    def test_a_reader_that_is_gone_is_no_reason_to_fail(self) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        with open(writer, "w") as out:
            log = Logger("pushnet", observer=JsonLines(out, level_of("info"), {}))
            log.info("anybody there?")
            os.dup2(os.open(os.devnull, os.O_WRONLY), writer)

    def test_levels_have_their_usual_names(self) -> None:
        self.assertIs(level_of("warn"), LogLevel.warn)
