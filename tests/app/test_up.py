"""Starting a cluster, with somebody who may say stop. Real clusters start in `tests.system`."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.running import CommandError, Session
from pushnet.app.supervised import StartFailed
from pushnet.app.supervisor import Supervisor
from pushnet.app.up import started_or_stopped, up
from tests.app.dummies import SERVING, Stage, program


class UpTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.stage = Stage()
        world: Any = self.stage
        self.world = world
        self.stopping: Deferred[None] = Deferred()
        self.session = Session(self.world, None, self.stopping)

    def start(self) -> Deferred[bool]:
        supervisor = Supervisor(self.world, [program("r", "registry")], lambda *_: None, lambda _: None)
        return ensureDeferred(started_or_stopped(self.session, supervisor))

    def test_up_means_everything_serves(self) -> None:
        result = self.start()
        self.assertNoResult(result)
        self.stage.spawned[0].output(SERVING)
        self.assertTrue(self.successResultOf(result))

    def test_a_stop_while_it_starts_ends_the_waiting(self) -> None:
        result = self.start()
        self.stopping.callback(None)
        self.assertFalse(self.successResultOf(result))
        self.stage.spawned[0].end(1)

    def test_a_failed_start_is_told(self) -> None:
        result = self.start()
        self.stage.spawned[0].end(1)
        self.failureResultOf(result, StartFailed)

    def test_a_file_that_is_not_there_is_the_callers_mistake(self) -> None:
        error = self.failureResultOf(ensureDeferred(up(self.session, "nowhere.toml")), CommandError).value
        self.assertIn("nowhere.toml", str(error))

    def test_a_file_without_nodes_is_too(self) -> None:
        path = self.mktemp()
        with open(path, "w") as file:
            file.write('[cluster]\nsecret = "0123456789abcdef"\n')
        error = self.failureResultOf(ensureDeferred(up(self.session, path)), CommandError).value
        self.assertIn("no [[node]]", str(error))
