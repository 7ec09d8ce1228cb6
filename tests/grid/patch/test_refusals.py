"""Refusals are one family."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.patch import refusals


class RefusalTests(SynchronousTestCase):
    def test_whoever_catches_refused_catches_each(self) -> None:
        kinds = [each for each in vars(refusals).values() if isinstance(each, type)]
        self.assertGreater(len(kinds), 5)
        for kind in kinds:
            self.assertTrue(issubclass(kind, refusals.Refused))
            self.assertTrue(kind.__doc__)
