"""What `pushnet up` refuses. Real clusters start in `tests.system`, simulated ones in `test_household`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.realworld_storage import claim
from pushnet.app.running import CommandError, Session
from pushnet.app.up import HERE, home, started_or_stopped, up
from tests.app.dummies import Stage

HEAD = '[cluster]\nsecret = "0123456789abcdef"\ndata = "there"\n'


class Slow:
    """Somebody whose start takes as long as a test wants."""

    def __init__(self) -> None:
        self.opened: Deferred[None] = Deferred()

    async def open(self) -> None:
        await self.opened


class UpTest(SynchronousTestCase):
    def setUp(self) -> None:
        world: Any = Stage()
        self.session = Session(world, None, Deferred())
        self.slow: Any = Slow()

    def test_up_means_everything_serves(self) -> None:
        result = ensureDeferred(started_or_stopped(self.session, self.slow))
        self.assertNoResult(result)
        self.slow.opened.callback(None)
        self.assertTrue(self.successResultOf(result))

    def test_a_stop_while_it_starts_ends_the_waiting(self) -> None:
        result = ensureDeferred(started_or_stopped(self.session, self.slow))
        self.session.stopping.callback(None)
        self.assertFalse(self.successResultOf(result))
        self.slow.opened.callback(None)

    def test_a_failed_start_is_told(self) -> None:
        result = ensureDeferred(started_or_stopped(self.session, self.slow))
        self.slow.opened.errback(ValueError("broken"))
        self.failureResultOf(result, ValueError)

    def test_a_file_that_is_not_there_is_the_callers_mistake(self) -> None:
        error = self.failureResultOf(ensureDeferred(up(self.session, "nowhere.toml")), CommandError).value
        self.assertIn("nowhere.toml", str(error))
        self.assertEqual(home("nowhere.toml"), Path(HERE))

    def test_a_file_without_nodes_is_too(self) -> None:
        path = Path(self.mktemp())
        path.write_text(HEAD)
        error = self.failureResultOf(ensureDeferred(up(self.session, str(path))), CommandError).value
        self.assertIn("no [[node]]", str(error))
        self.assertEqual(home(str(path)), path.resolve().parent / "there" / "local")

    def test_a_file_that_is_up_is_not_started_again_and_the_first_is_named(self) -> None:
        path = Path(self.mktemp()).resolve()
        path.write_text(HEAD + '[[node]]\nname = "registry-1"\nrole = "registry"\n')
        held = claim(home(str(path)))
        self.addCleanup(os.close, held)
        error = self.failureResultOf(ensureDeferred(up(self.session, str(path))), CommandError).value
        self.assertIn(
            f"is up already, or another file with the same `data`: process {os.getpid()}", str(error)
        )
