"""News of the devices, as it comes from their processes."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.demo_crowd import PROCESSES, Crowd
from pushnet.app.demo_ledger import Ledger
from pushnet.app.demo_people import draw
from tests.app.dummies import Dummy, Stage


class CrowdTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.stage = Stage()
        self.ledger = Ledger()
        self.complaints: list[str] = []
        world: Any = self.stage
        self.crowd = Crowd(world, draw(5, 1), self.ledger, self.complaints.append)
        folder = Path(self.mktemp())
        folder.mkdir(parents=True)
        self.crowd.start(folder, "a" * 24, [("127.0.0.1", 7001)])
        self.orders = [json.loads((folder / f"devices-{n}.json").read_text()) for n in range(PROCESSES)]

    def tell(self, **news: object) -> None:
        self.stage.spawned[0].output(json.dumps(news).encode() + b"\n")

    def test_each_device_lives_in_one_process(self) -> None:
        numbers = [number for orders in self.orders for number, _ in orders["devices"]]
        self.assertEqual(sorted(numbers), [0, 1, 2, 3, 4])
        self.assertEqual(len(self.stage.spawned), PROCESSES)

    def test_registration_ids_and_logins_are_learnt(self) -> None:
        self.tell(online=[[0, "1abc", 1], [3, "1def", 2]])
        self.assertEqual((self.crowd.online, self.crowd.ids[3]), (2, "1def"))
        self.assertEqual(self.crowd.connections, [1, 0, 0, 2, 0])

    def test_what_arrives_is_entered_in_the_ledger(self) -> None:
        self.ledger.expect("m", "all", [0, 1], 0.0)
        self.tell(got=[[0, "m", 0.5]], missed=[4])
        self.assertEqual((self.ledger.missing, self.crowd.missed), (1, 1))

    def test_one_can_wait_for_news(self) -> None:
        waiting = ensureDeferred(self.crowd.until(lambda: self.crowd.online == 2, 10))
        self.tell(online=[[0, "1abc", 1]])
        self.assertNoResult(waiting)
        self.tell(online=[[1, "1def", 1]])
        self.assertTrue(self.successResultOf(waiting))
        self.assertEqual(self.stage.clock.getDelayedCalls(), [])

    def test_waiting_ends_at_its_limit(self) -> None:
        waiting = ensureDeferred(self.crowd.until(lambda: False, 10))
        self.stage.clock.advance(10)
        self.assertFalse(self.successResultOf(waiting))
        self.tell(online=[])

    def test_what_is_no_news_is_passed_on(self) -> None:
        self.stage.spawned[0].output(b"Traceback\n")
        self.assertEqual(self.complaints, ["Traceback"])

    def test_processes_that_hang_are_killed_in_the_end(self) -> None:
        hanging: Dummy = self.stage.spawned[1]
        hanging.hangs = True
        stopped = ensureDeferred(self.crowd.stop())
        self.assertNoResult(stopped)
        self.stage.clock.advance(5)
        self.successResultOf(stopped)
        self.assertEqual(hanging.signals, [signal.SIGTERM, signal.SIGKILL])
