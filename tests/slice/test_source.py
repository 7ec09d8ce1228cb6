"""Positions and diagnostics."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.source import ERRORS_MAX, Diagnostics, Position


class DiagnosticsTest(SynchronousTestCase):
    def test_an_error_reads_as_compilers_write_it(self) -> None:
        diagnostics = Diagnostics()
        diagnostics.error(Position("a.ice", 3, 5), "wrong")
        self.assertEqual([str(item) for item in diagnostics.sorted()], ["a.ice:3:5: error: wrong"])
        self.assertTrue(diagnostics.failed)

    def test_a_warning_is_no_failure(self) -> None:
        diagnostics = Diagnostics()
        diagnostics.warning(Position("a.ice", 3, 5), "odd")
        self.assertFalse(diagnostics.failed)

    def test_the_same_is_said_once_and_in_the_order_of_the_text(self) -> None:
        diagnostics = Diagnostics()
        for line in (10, 2, 10):
            diagnostics.error(Position("a.ice", line, 1), "wrong")
        self.assertEqual([item.position.line for item in diagnostics.sorted()], [2, 10])
        self.assertEqual(diagnostics.errors, 2)

    def test_there_is_an_end_to_errors(self) -> None:
        diagnostics = Diagnostics()
        for line in range(ERRORS_MAX * 2):
            diagnostics.error(Position("a.ice", line, 1), "wrong")
        self.assertEqual(len(diagnostics.sorted()), ERRORS_MAX)
        self.assertEqual(diagnostics.errors, ERRORS_MAX * 2)
