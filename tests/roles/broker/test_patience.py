"""Pauses between attempts."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.broker.patience import PAUSE_FIRST_S, PAUSE_MAX_S, Patience
from tests.roles.broker.fakes import SmallWorld


class PatienceTests(SynchronousTestCase):
    def test_pauses_grow_to_a_limit(self) -> None:
        world = SmallWorld()
        pauses = Patience(world, "test").pauses()  # type: ignore[arg-type]
        lengths: list[float] = []
        for _ in range(8):
            began = world.monotonic()
            pause = next(pauses)
            world.clock.advance(world.clock.getDelayedCalls()[0].getTime() - began)
            self.successResultOf(pause)
            lengths.append(world.monotonic() - began)
        self.assertLessEqual(lengths[0], PAUSE_FIRST_S)
        self.assertLessEqual(max(lengths), PAUSE_MAX_S)
        self.assertGreaterEqual(lengths[-1], PAUSE_MAX_S / 2)
