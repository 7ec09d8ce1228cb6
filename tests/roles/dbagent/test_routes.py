"""Routes: the newest login wins, silent Brokers lose theirs, and Brokers hear when to report."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.dbagent.routes import SILENT_S, Route, Routes, StaleBroker

APP = "app"


class RouteTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.routes = Routes(7)

    def _login(self, ordinal: int, broker: str, now_s: float = 0.0, broker_epoch: int = 1) -> int:
        return self.routes.login(APP, ordinal, broker, broker_epoch, now_s)[0]

    def test_epochs_grow_and_carry_the_incarnation(self) -> None:
        first, second = self._login(5, "a"), self._login(6, "b")
        self.assertEqual(first >> 32, 7)
        self.assertGreater(second, first)
        self.assertGreater(Routes(8).login(APP, 5, "a", 1, 0.0)[0], second)

    def test_a_login_replaces_the_route_and_tells_the_one_before(self) -> None:
        first = self._login(5, "a")
        second, before = self.routes.login(APP, 5, "b", 1, 0.0)
        self.assertEqual(before, Route("a", first))
        self.assertEqual(self.routes.find(APP, 5), Route("b", second))
        self.assertIsNone(self.routes.find("other", 5))

    def test_a_late_logout_keeps_the_newer_login(self) -> None:
        first = self._login(5, "a")
        second = self._login(5, "a")
        self.assertFalse(self.routes.logout(APP, 5, "a", first))
        self.assertFalse(self.routes.logout(APP, 5, "b", second))
        self.assertTrue(self.routes.logout(APP, 5, "a", second))
        self.assertFalse(self.routes.logout(APP, 5, "a", second))
        self.assertIsNone(self.routes.find(APP, 5))

    def test_a_silent_broker_loses_its_routes(self) -> None:
        self._login(5, "a")
        self._login(6, "b")
        self.routes.beat("b", 1, 2.0)
        self.assertEqual(self.routes.sweep(SILENT_S), [])
        self.assertEqual(self.routes.sweep(SILENT_S + 0.1), ["a"])
        self.assertIsNone(self.routes.find(APP, 5))
        self.assertIsNotNone(self.routes.find(APP, 6))
        self.assertEqual(self.routes.brokers, ["b"])

    def test_a_mark_stays_until_the_routes_are_dropped(self) -> None:
        mark = self.routes.beat("a", 1, 0.0)
        self._login(5, "a", 1.0)
        self.assertEqual(self.routes.beat("a", 1, 1.0), mark)
        self.routes.sweep(10.0)
        self.assertGreater(self.routes.beat("a", 1, 10.0), mark)
        self.assertGreater(Routes(8).beat("a", 1, 0.0), mark)

    def test_a_broker_that_has_joined_anew_is_asked_for_its_routes(self) -> None:
        mark = self.routes.beat("a", 1, 0.0)
        self._login(5, "a")
        self.assertGreater(self.routes.beat("a", 2, 0.0), mark)
        self.assertIsNone(self.routes.find(APP, 5))

    def test_an_older_process_of_a_broker_is_not_heard(self) -> None:
        self._login(5, "a", broker_epoch=2)
        self.assertRaises(StaleBroker, self.routes.beat, "a", 1, 0.0)
        self.assertRaises(StaleBroker, self._login, 6, "a")
        self.assertRaises(StaleBroker, self.routes.report, "a", 1, [(APP, 7, 1)], 0.0)
        self.assertEqual(len(self.routes), 1)

    def test_a_report_brings_back_what_was_dropped(self) -> None:
        epoch = self._login(5, "a")
        self.routes.sweep(10.0)
        reported = self.routes.report("a", 1, [(APP, 5, epoch)], 10.0)
        self.assertEqual((reported.taken, reported.outdated), ([(APP, 5)], []))
        self.assertEqual(self.routes.find(APP, 5), Route("a", epoch))
        again = self.routes.report("a", 1, [(APP, 5, epoch)], 10.0)
        self.assertEqual((again.taken, again.outdated), ([], []))

    def test_a_report_of_an_older_login_changes_nothing(self) -> None:
        old = self._login(5, "a")
        new = self._login(5, "b")
        reported = self.routes.report("a", 1, [(APP, 5, old)], 0.0)
        self.assertEqual((reported.taken, reported.outdated), ([], [(APP, 5, new)]))
        self.assertEqual(self.routes.find(APP, 5), Route("b", new))

    @given(
        some.lists(
            some.one_of(
                some.tuples(some.just("login"), some.integers(0, 3), some.sampled_from("ab")),
                some.tuples(some.just("logout"), some.integers(0, 3), some.sampled_from("ab")),
                some.tuples(some.just("rejoin"), some.just(0), some.sampled_from("ab")),
                some.tuples(some.just("silence"), some.just(0), some.sampled_from("ab")),
            )
        )
    )
    def test_a_device_is_routed_to_where_it_was_last_unless_that_is_gone(
        self, steps: list[tuple[str, int, str]]
    ) -> None:
        routes, model, epochs, now_s = Routes(1), {}, {"a": 1, "b": 1}, 0.0
        for what, ordinal, broker in steps:
            now_s += 1
            if what == "login":
                model[ordinal] = Route(broker, routes.login(APP, ordinal, broker, epochs[broker], now_s)[0])
            elif what == "logout" and ordinal in model:
                if routes.logout(APP, ordinal, broker, model[ordinal].epoch):
                    self.assertEqual(model.pop(ordinal).broker, broker)
            else:
                if what == "rejoin":
                    epochs[broker] += 1
                    routes.beat(broker, epochs[broker], now_s)
                elif what == "silence":
                    now_s += 10
                    for other in "ab":
                        if other != broker:
                            routes.beat(other, epochs[other], now_s)
                    routes.sweep(now_s)
                if what != "logout":
                    model = {at: route for at, route in model.items() if route.broker != broker}
            for at in range(4):
                self.assertEqual(routes.find(APP, at), model.get(at))
            self.assertEqual(len(routes), len(model))
