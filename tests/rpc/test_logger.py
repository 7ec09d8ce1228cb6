"""What a program says through Ice's logger stands in Twisted's log."""

from typing import Any

from twisted.logger import LogLevel, globalLogPublisher
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.logger import TwistedLog


class LoggerTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.events: list[tuple[LogLevel, str]] = []
        globalLogPublisher.addObserver(self.note)
        self.addCleanup(globalLogPublisher.removeObserver, self.note)

    def note(self, event: dict[str, Any]) -> None:
        if event.get("log_namespace") == "pushnet.ice":
            self.events.append((event["log_level"], event["log_format"].format(**event)))

    def test_each_kind_has_its_level_and_the_prefix(self) -> None:
        log = TwistedLog("program")
        log._print("a")
        log.trace("Network", "b")
        log.warning("c")
        log.error("d")
        self.assertEqual(
            self.events,
            [
                (LogLevel.info, "program: a"),
                (LogLevel.debug, "Network: program: b"),
                (LogLevel.warn, "program: c"),
                (LogLevel.error, "program: d"),
            ],
        )

    def test_a_clone_has_a_prefix_of_its_own(self) -> None:
        clone = TwistedLog("program").cloneWithPrefix("part")
        clone.warning("x")
        self.assertEqual((clone.getPrefix(), self.events), ("part", [(LogLevel.warn, "part: x")]))
