"""The programs of a cluster, in order."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.supervised import StartFailed, State
from pushnet.app.supervisor import START_LIMIT_S, Supervisor
from tests.app.dummies import SERVING, Stage, program


class SupervisorTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.stage = Stage()
        world: Any = self.stage
        cluster = [program("g", "gateway"), program("b", "broker"), program("r", "registry")]
        self.supervisor = Supervisor(world, cluster, lambda *_: None, lambda _: None, stop_limit_s=5)

    def started(self) -> list[str]:
        return [dummy.name for dummy in self.stage.spawned]

    def up(self) -> None:
        start = self.start()
        for name in ("r", "b", "g"):
            self.stage.latest(name).output(SERVING)
        self.successResultOf(start)

    def start(self) -> Deferred[None]:
        return ensureDeferred(self.supervisor.start())

    def stop(self) -> Deferred[None]:
        return ensureDeferred(self.supervisor.stop())

    def test_others_start_when_the_registry_serves(self) -> None:
        start = self.start()
        self.assertEqual(self.started(), ["r"])
        self.stage.latest("r").output(SERVING)
        self.assertEqual(self.started(), ["r", "g", "b"])
        self.stage.latest("b").output(SERVING)
        self.assertNoResult(start)
        self.assertEqual(self.supervisor.serving, 2)
        self.stage.latest("g").output(SERVING)
        self.successResultOf(start)

    def test_one_that_cannot_start_fails_the_cluster(self) -> None:
        start = self.start()
        self.stage.latest("r").output(SERVING)
        self.stage.latest("b").end(1)
        self.assertIn("b ended with status 1", str(self.failureResultOf(start, StartFailed).value))
        self.successResultOf(self.stop())
        self.assertEqual([m.state for m in self.supervisor.members.values()], [State.RESTING] * 3)

    def test_one_that_never_serves_fails_the_cluster(self) -> None:
        start = self.start()
        self.stage.clock.advance(START_LIMIT_S)
        self.assertIn("r does not serve", str(self.failureResultOf(start, StartFailed).value))

    def test_they_stop_one_after_the_other(self) -> None:
        self.up()
        for dummy in self.stage.spawned:
            dummy.hangs = True
        stop = self.stop()
        running = [["r", "b"], ["r"], []]
        for names in running:
            self.stage.clock.advance(5)
            left = [dummy.name for dummy in self.stage.spawned if not dummy.exited.called]
            self.assertEqual(sorted(left), sorted(names))
        self.successResultOf(stop)

    def test_stopping_while_it_starts_is_no_failure(self) -> None:
        start = self.start()
        self.stage.latest("r").output(SERVING)
        self.successResultOf(self.stop())
        self.successResultOf(start)
