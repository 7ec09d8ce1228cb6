"""From the store's words to the interface's."""

from __future__ import annotations

import sqlite3

from twisted.internet.defer import Deferred, fail, succeed
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.dbagent import DeviceView, Placement, StoreReply
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.placement import registration_id
from pushnet.roles.dbagent.answers import from_store, ordinals_in, store_reply, views
from pushnet.roles.dbagent.routes import Routes
from pushnet.stores.shard.devices import Portrait
from pushnet.stores.sqlite import StoreBusyException, StoreFailedException


class AnswerTests(SynchronousTestCase):
    def test_a_store_that_cannot_answer_is_unavailable(self) -> None:
        for error in (
            StoreFailedException("why"),
            StoreBusyException("why"),
            sqlite3.OperationalError("why"),
        ):
            asked = Deferred.fromCoroutine(from_store(fail(error)))
            self.assertEqual(self.failureResultOf(asked, UnavailableException).value.reason, "why")

    def test_other_answers_pass(self) -> None:
        self.assertEqual(self.successResultOf(Deferred.fromCoroutine(from_store(succeed(5)))), 5)
        asked = Deferred.fromCoroutine(from_store(fail(ValueError())))
        self.failureResultOf(asked, ValueError)

    def test_only_what_looks_like_a_registration_id_has_an_ordinal(self) -> None:
        rid = registration_id(7, b"12345")
        self.assertEqual(ordinals_in([rid, "garbage", ""]), {rid: 7})

    def test_who_has_a_route_is_online_and_is_told_where(self) -> None:
        routes = Routes(1)
        epoch, _ = routes.login("app", 7, "broker-1", 1, 0.0)
        portraits = [Portrait(f"r{n}", n, "ios", ["a"], "x", "138", 5) for n in (7, 8)]
        self.assertEqual(
            views(portraits, "app", routes),
            [
                DeviceView("r7", 7, "ios", ["a"], "x", "138", True, 5),
                DeviceView("r8", 8, "ios", ["a"], "x", "138", False, 5),
            ],
        )
        self.assertEqual(
            store_reply("app", {7: 3, 8: 1}, [9], routes),
            StoreReply([Placement(7, 2, 3, "broker-1", epoch), Placement(8, 0, 1, "", 0)], [9]),
        )
