"""The demonstration's verdict, and what it tells who stays. The whole runs in `tests.system.test_demo`."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.demo import PUSHES, Demonstration
from pushnet.app.demo_report import KINDS
from pushnet.app.running import Session
from tests.app.dummies import Stage


class DemonstrationTest(SynchronousTestCase):
    def setUp(self) -> None:
        world: Any = Stage()
        folder = Path(self.mktemp())
        folder.mkdir(parents=True)
        self.out = io.StringIO()
        self.show = Demonstration(Session(world, reactor, Deferred()), folder, 20, 1, self.out)

    def test_every_kind_of_push_is_shown(self) -> None:
        self.assertEqual(sorted(PUSHES), sorted(KINDS))

    def test_exactly_once_is_success(self) -> None:
        self.show.ledger.expect("m", "all", [1], 0.0)
        self.show.ledger.arrived(1, "m", 0.1)
        self.assertEqual(self.show.verdict(), 0)
        self.assertIn("exactly once", self.out.getvalue())

    def test_anything_else_is_failure(self) -> None:
        self.show.ledger.expect("m", "all", [1], 0.0)
        self.assertEqual(self.show.verdict(), 1)
        self.assertIn("NOT exactly once: 1 lost", self.out.getvalue())

    def test_who_stays_is_told_where_things_are(self) -> None:
        self.show.tell_where()
        told = self.out.getvalue()
        cluster = self.show.cluster
        self.assertIn(f"curl -u {cluster.key}:{cluster.secret} {cluster.rest}/v3/push", told)
        self.assertIn(str(cluster.file), told)
