"""What servers write is read from anywhere, at positions that never change."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.node.output import (
    GIVEN_BACK_BYTES,
    KEPT_BYTES,
    PART_BYTES_MAX,
    TEND_S,
    Output,
    Part,
    last_words,
    log_name,
)
from pushnet.sim.simulation import Simulation


class OutputTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.world = self.simulation.host("m").boot()
        self.output = Output(self.world, self.world.worker("files"))
        self.lines: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.world.storage.append(log_name("s"), data)

    def part(self, offset: int, size: int = 1000, wait_s: float = 0.0) -> Part:
        return self.simulation.run_until(self.output.part("s", offset, size, wait_s))

    def test_lines_are_heard_whole_as_they_come(self) -> None:
        self.write(b"before\n")
        self.output.follow("s", 7, self.lines.append)
        self.write(b"one\ntw")
        self.simulation.run_for(0.5)
        self.assertEqual(self.lines, [b"one"])
        self.write(b"o\n\n")
        self.simulation.run_for(0.5)
        self.assertEqual(self.lines, [b"one", b"two"])
        self.output.end("s")
        self.write(b"three\n")
        self.simulation.run_for(0.5)
        self.assertEqual(self.lines, [b"one", b"two"])

    def test_a_part_is_read_from_any_place(self) -> None:
        self.write(b"0123456789")
        self.assertEqual(self.part(2, 3), Part(2, b"234", True))
        self.assertEqual(self.part(-4), Part(6, b"6789", False))
        self.assertEqual(self.part(-400), Part(0, b"0123456789", False))
        self.assertEqual(self.part(50), Part(10, b"", False))

    def test_who_waits_gets_what_comes_next_or_nothing_in_time(self) -> None:
        self.write(b"0123")
        self.simulation.later(3.0, self.write, b"45")
        began = self.world.monotonic()
        self.assertEqual(self.part(4, wait_s=10.0), Part(4, b"45", False))
        self.assertLess(self.world.monotonic() - began, 4.0)
        self.assertEqual(self.part(6, wait_s=2.0), Part(6, b"", False))

    def test_a_server_that_never_wrote_has_nothing(self) -> None:
        self.assertEqual(self.part(0), Part(0, b"", False))

    def test_old_output_is_given_back_and_what_is_left_stays_where_it_was(self) -> None:
        line = b"x" * 1023 + b"\n"
        count = (KEPT_BYTES + 2 * GIVEN_BACK_BYTES) // len(line)
        self.write(line * count)
        self.write(b"end\n")
        self.output.follow("s", len(line) * count, self.lines.append)
        self.simulation.run_for(1.0)
        size = len(line) * count + 4
        self.assertEqual(self.part(0, 1).offset, size - KEPT_BYTES)
        self.assertEqual(self.part(-4).data, b"end\n")

    def test_stopping_answers_who_waits(self) -> None:
        self.write(b"0")
        self.simulation.later(1.0, self.output.stop)
        self.assertEqual(self.part(1, wait_s=20.0), Part(1, b"", False))

    def test_last_words_are_what_explains_the_end(self) -> None:
        critical = b'{"level":"critical","message":"cannot start: the disk is full"}'
        self.assertEqual(last_words(b"a\n" + critical + b"\nmore\n"), "cannot start: the disk is full")
        self.assertEqual(last_words(b'first\n{"message": "last"}\n'), "last")
        self.assertEqual(last_words(b"Traceback\nValueError: 7"), "ValueError: 7")
        self.assertEqual(last_words(b"\n"), "it said nothing")

    def test_a_file_that_nobody_follows_does_not_grow_for_ever(self) -> None:
        output = Output(self.world, self.world.worker("files"), 1000)
        self.addCleanup(output.stop)
        output.tend("s")
        self.write(b"a line\n" * (2 * GIVEN_BACK_BYTES // 7))
        size = self.world.storage.size(log_name("s"))
        self.simulation.run_for(TEND_S + 1)
        self.assertEqual(self.world.storage.read(log_name("s"), size - 1001, 1), b"\0")
        found = self.simulation.run_until(output.part("s", 0, 2000, 0.0))
        self.assertEqual((found.offset, len(found.data)), (size - 1000, 1000))

    def test_what_the_last_agent_has_given_back_is_not_told(self) -> None:
        first = Output(self.world, self.world.worker("files"), 1000)
        first.tend("s")
        self.write(b"a line\n" * (2 * GIVEN_BACK_BYTES // 7))
        self.simulation.run_for(TEND_S + 1)
        first.stop()
        second = Output(self.world, self.world.worker("files"), 1000)
        at, told = 0, b""
        while True:
            part = self.simulation.run_until(second.part("s", at, PART_BYTES_MAX, 0.0))
            told, at = told + part.data, part.offset + len(part.data)
            if not part.more:
                break
        self.assertEqual(len(told), 1000)

    def test_of_an_error_of_stock_ice_the_reason_is_told(self) -> None:
        written = b"exception ::Ice::NoEndpointException\n{\n    proxy = `x -t'\n}\n"
        self.assertEqual(last_words(written), "proxy = `x -t' }")
