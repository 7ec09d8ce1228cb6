"""The demonstration's app server, against a gateway that remembers what it was asked."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.demo_crowd import Crowd
from pushnet.app.demo_ledger import Ledger
from pushnet.app.demo_load import PAUSE_S, TRIES, AppServer
from pushnet.app.demo_people import TAGS, draw, meant
from pushnet.app.rest import RestFailed
from tests.app.dummies import Stage


class Gateway:
    """Stands where `RestClient` stands; refuses as often as told."""

    def __init__(self) -> None:
        self.refusals = 0
        self.asked: list[tuple[str, str, Any]] = []
        self.pushed: list[tuple[Any, str, str]] = []

    def _refuse(self) -> None:
        if self.refusals:
            self.refusals -= 1
            raise RestFailed("busy")

    async def ask(self, method: str, path: str, body: object = None) -> Any:
        self._refuse()
        self.asked.append((method, path, body))

    async def push(self, audience: object, text: str, cid: str = "", ttl_s: int = 86400) -> str:
        self._refuse()
        self.pushed.append((audience, text, cid))
        return "1"


class AppServerTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.stage = Stage()
        self.gateway = Gateway()
        self.ledger = Ledger()
        self.people = draw(60, 1)
        world: Any = self.stage
        rest: Any = self.gateway
        crowd = Crowd(world, self.people, self.ledger, print)
        crowd.ids = [f"1{number:018}" for number in range(60)]
        self.ids = crowd.ids
        self.server = AppServer(world, rest, self.people, crowd, self.ledger, 1)

    def test_every_tag_goes_to_its_devices(self) -> None:
        self.successResultOf(ensureDeferred(self.server.set_tags()))
        self.assertEqual([path for _, path, _ in self.gateway.asked], [f"/v3/tags/{tag}" for tag in TAGS])
        for tag, (_, _, body) in zip(TAGS, self.gateway.asked, strict=True):
            expected = [self.ids[n] for n, person in enumerate(self.people) if tag in person.tags]
            self.assertEqual(body, {"registration_ids": {"add": expected}})

    def test_every_alias_goes_to_its_devices(self) -> None:
        done: list[int] = []
        self.successResultOf(ensureDeferred(self.server.set_aliases(lambda: done.append(1))))
        self.assertEqual(len(done), 6)
        path, body = self.gateway.asked[0][1:]
        self.assertEqual((path, body), (f"/v3/devices/{self.ids[0]}", {"alias": "person0"}))

    def test_what_is_pushed_is_expected_of_those_it_is_for(self) -> None:
        for kind in ("all", "tags", "alias", "single"):
            before = self.ledger.missing
            self.successResultOf(ensureDeferred(self.server.push(kind)))
            audience, text, cid = self.gateway.pushed[-1]
            self.assertEqual(text, cid)
            self.assertEqual(self.ledger.missing - before, len(meant(self.people, self.ids, audience)))
        self.assertEqual(self.ledger.kinds(), ["all", "tags", "alias", "single"])
        self.assertEqual(len({text for _, text, _ in self.gateway.pushed}), 4)

    def test_a_push_that_fails_is_repeated_under_its_own_name(self) -> None:
        self.gateway.refusals = 2
        pushing = ensureDeferred(self.server.push("all", "kill-all"))
        self.assertNoResult(pushing)
        self.stage.clock.pump([PAUSE_S] * 2)
        self.successResultOf(pushing)
        self.assertEqual(len(self.gateway.pushed), 1)
        self.assertEqual(self.ledger.facts("kill-all").targeted, 60)

    def test_a_push_that_is_refused_for_good_is_expected_of_nobody(self) -> None:
        self.gateway.refusals = TRIES
        pushing = ensureDeferred(self.server.push("all"))
        self.stage.clock.pump([PAUSE_S] * TRIES)
        self.failureResultOf(pushing, RestFailed)
        self.assertEqual(self.ledger.missing, 0)
