"""The log of events: asked by time and position, bounded, and there again after a crash."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.event import EventFilter
from pushnet.roles.registry.event_log import FILE_BYTES_MAX, IN_MEMORY_MAX, EventLog, Limits, Part
from pushnet.roles.registry.event_words import Happened
from pushnet.sim.simulation import Simulation

LONG = "x" * 500


class EventLogTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.host = self.simulation.host("registry-1")
        self.position = 0
        self.boot()

    def boot(self, limits: Limits | None = None) -> None:
        if self.host.is_up:
            self.host.kill()
        self.world = self.host.boot()
        self.log = EventLog(self.world, limits or Limits())
        self.simulation.run_until(self.log.open())

    def note(self, count: int, kind: str = "node.up", text: str = "") -> None:
        for _ in range(count):
            self.position += 1
            self.log.note(Happened(kind, f"n{self.position}", text, self.position * 1000, self.position))

    def read(self, after: int = 0, most: int = 1000, **asked: object) -> Part:
        return self.simulation.run_until(self.log.read(EventFilter(**asked), after, most))  # type: ignore[arg-type]

    def all(self, **asked: object) -> list[int]:
        found: list[int] = []
        after, more = 0, True
        while more:
            part = self.read(after, **asked)
            found += [event.position for event in part.events]
            after, more = part.next, part.more
        return found

    def test_pages_follow_each_other_and_say_whether_there_are_more(self) -> None:
        self.note(5)
        first = self.read(most=3)
        self.assertEqual(([event.position for event in first.events], first.more), ([1, 2, 3], True))
        rest = self.read(first.next)
        self.assertEqual(([event.position for event in rest.events], rest.more), ([4, 5], False))

    def test_a_page_of_which_nothing_fits_is_not_looked_through_again(self) -> None:
        self.note(5)
        self.assertEqual(self.read(kinds=["roll"]), Part([], 5, False))

    def test_what_happened_is_on_disk_five_seconds_later_though_nothing_else_happens(self) -> None:
        self.note(3)
        self.simulation.run_for(6.0)
        self.host.power_off()
        self.boot()
        self.assertEqual(self.all(), [1, 2, 3])

    def test_after_a_crash_what_was_on_disk_is_there_in_the_same_order(self) -> None:
        self.note(3)
        self.simulation.run_for(1.0)
        self.simulation.run_for(5.0)
        self.note(1)
        self.simulation.run_for(1.0)
        self.host.kill()
        self.boot()
        self.assertEqual(self.log.last, 4)
        self.assertEqual(self.all(), [1, 2, 3, 4])

    def test_what_is_not_in_memory_any_more_is_read_from_disk(self) -> None:
        count = IN_MEMORY_MAX + 100
        self.note(count)
        self.simulation.run_for(1.0)
        self.assertEqual(self.all(), list(range(1, count + 1)))
        self.assertEqual(self.all(sinceMs=50_000, untilMs=52_000), [50, 51])

    def test_the_oldest_go_when_there_is_too_much(self) -> None:
        self.boot(Limits(bytes_max=2 * FILE_BYTES_MAX))
        for _ in range(12):
            self.note(1000, text=LONG)
            self.simulation.run_for(1.0)
        kept = self.all()
        self.assertEqual(kept[-1], 12_000)
        self.assertGreater(kept[0], 1)
        self.assertEqual(kept, list(range(kept[0], 12_001)))
        size = sum(self.world.storage.size(name) for name in self.world.storage.names("events/"))
        self.assertLess(size, 4 * FILE_BYTES_MAX)

    def test_what_is_too_old_goes(self) -> None:
        self.boot(Limits(ms_max=10_000))
        for at_ms in (0, 90_000_000, 180_000_000):
            self.position += 1
            self.log.note(Happened("node.up", "n", "", at_ms, self.position))
            self.simulation.run_for(1.0)
        self.assertEqual(len(self.world.storage.names("events/")), 2)

    def test_a_torn_last_line_costs_only_itself(self) -> None:
        self.note(2)
        self.simulation.run_for(1.0)
        (name,) = self.world.storage.names("events/")
        self.world.storage.append(name, b'{"kind": "node.u')
        self.boot()
        self.note(1)
        self.simulation.run_for(1.0)
        self.boot()
        self.assertEqual(self.all(), [1, 2, 3])
