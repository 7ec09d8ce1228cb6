"""What happened in the grid, as operators ask for it."""

from __future__ import annotations

import json

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.trial.unittest import SynchronousTestCase, TestCase

from pushnet.app.event_commands import line, moment, row, show
from pushnet.gen.pushnet.event import EventFilter, GridEvent
from tests.app.registries import real_registry

EVENT = GridEvent(4096, 1_700_000_000_500, "node.lapsed", "b[x]", "broker 1.0")


class WordsTest(SynchronousTestCase):
    def test_times_are_ago_or_of_the_calendar(self) -> None:
        self.assertEqual(moment("90s", 1000.0), 910_000)
        self.assertEqual(moment("2h", 7201.0), 1000)
        self.assertEqual(moment("1970-01-01T00:01", 0.0), 60_000)
        self.assertEqual(moment("1970-01-01T01:00:00+01:00", 0.0), 0)
        self.assertEqual(moment("all", 5.0), 0)

    def test_what_is_no_time_is_told(self) -> None:
        for told in ("yesterday", "5", "1y", "-1h"):
            self.assertIsNone(moment(told, 1000.0), told)

    def test_people_read_a_line_and_programs_an_object(self) -> None:
        told = line(EVENT)
        for part in ("2023-11-14 22:13:20Z", "node.lapsed", r"b\[x]", "broker 1.0"):
            self.assertIn(part, told)
        self.assertEqual(row(EVENT)["time"], "2023-11-14T22:13:20.500+00:00")
        self.assertEqual(row(EVENT)["position"], 4096)


class AskingTest(TestCase):
    timeout = 30

    async def setUp(self) -> None:
        self.registry = await real_registry(self.mktemp())
        self.addCleanup(self.registry.stop)

    def asked(self, *kinds: str) -> EventFilter:
        return EventFilter(list(kinds))

    async def test_the_log_is_printed_as_far_as_it_fits(self) -> None:
        registry = self.registry
        work = show(
            registry.session, registry.settings, lambda _: self.asked("node"), follow=False, machine=True
        )
        rows = [json.loads(text) for text in (await registry.said(work)).splitlines()]
        self.assertEqual([(row["kind"], row["who"]) for row in rows], [("node.up", "registry-1")])

    async def test_following_ends_when_somebody_wants_us_to_end(self) -> None:
        registry = self.registry
        work = ensureDeferred(
            show(
                registry.session, registry.settings, lambda _: self.asked("roll"), follow=True, machine=False
            )
        )
        ended: Deferred[None] = Deferred()
        registry.session.world.call_later(0.3, ended.callback, None)
        await ended
        self.assertNoResult(work)
        registry.session.stopping.callback(None)
        self.assertEqual(await work, 0)
