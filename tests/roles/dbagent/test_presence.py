"""Logins, routes, and what was stored while nobody knew where to."""

from __future__ import annotations

from twisted.internet.defer import Deferred, gatherResults

from pushnet.gen.pushnet.broker import Target
from pushnet.gen.pushnet.dbagent import LoginRefusedException, LoginRequest, Route
from pushnet.gen.pushnet.types import UnavailableException
from tests.roles.dbagent.scene import APP, ShardCase


class LoginTests(ShardCase):
    def test_a_login_tells_what_the_device_has_missed(self) -> None:
        made = self.register()
        for id in (1, 2, 3):
            self.run_until(self.shard.store(APP, self.message(id), [made.ordinal]))
        reply = self.login(made, seen=1)
        self.assertEqual(
            (reply.registrationId, reply.platform, reply.head), (made.registrationId, "android", 3)
        )
        self.assertEqual([(entry.prev, entry.seq) for entry in reply.entries], [(1, 2), (2, 3)])

    def test_a_wrong_secret_or_id_is_refused_and_leaves_the_route(self) -> None:
        made = self.register()
        epoch = self.login(made).epoch
        wrong = LoginRequest(APP, made.ordinal, made.registrationId, b"wrong", "broker-2", 1, 0)
        self.failureResultOf(Deferred.fromCoroutine(self._refused(wrong)), LoginRefusedException)
        wrong = LoginRequest(APP, made.ordinal, made.registrationId[:-1] + "!", made.secret, "broker-2", 1, 0)
        self.failureResultOf(Deferred.fromCoroutine(self._refused(wrong)), LoginRefusedException)
        route = self.routes.find(APP, made.ordinal)
        assert route is not None
        self.assertEqual((route.broker, route.epoch), ("broker-1", epoch))

    async def _refused(self, request: LoginRequest) -> None:
        outcome = self.run_until(_outcome(self.shard.login(request)))
        if isinstance(outcome, Exception):
            raise outcome

    def test_a_resumed_session_needs_no_secret_but_a_device(self) -> None:
        made = self.register()
        resumed = LoginRequest(APP, made.ordinal, "", b"", "broker-1", 1, 0)
        self.assertEqual(self.run_until(self.shard.login(resumed)).registrationId, made.registrationId)
        nobody = LoginRequest(APP, made.ordinal + 1, "", b"", "broker-1", 1, 0)
        self.failureResultOf(Deferred.fromCoroutine(self._refused(nobody)), LoginRefusedException)
        self.assertIsNone(self.routes.find(APP, made.ordinal + 1))

    def test_an_unknown_app_is_refused(self) -> None:
        made = self.register()
        stranger = LoginRequest("c" * 24, made.ordinal, made.registrationId, made.secret, "broker-1", 1, 0)
        self.failureResultOf(Deferred.fromCoroutine(self._refused(stranger)), LoginRefusedException)

    def test_a_login_elsewhere_evicts_the_older_one(self) -> None:
        made = self.register()
        first = self.login(made, "broker-1")
        second = self.login(made, "broker-2")
        self.assertGreater(second.epoch, first.epoch)
        self.assertEqual(self.broker("broker-1").evicted, [(made.ordinal, second.epoch)])
        self.login(made, "broker-2")
        self.assertEqual(self.broker("broker-2").evicted, [])

    def test_a_message_stored_while_a_device_logs_in_reaches_it_one_way_or_the_other(self) -> None:
        made = self.register()
        for id in range(1, 40):
            request = LoginRequest(APP, made.ordinal, made.registrationId, made.secret, "broker-1", 1, id - 1)
            self.run_until(self.shard.logout(APP, made.ordinal, "broker-1", 1 << 62))
            logging_in = Deferred.fromCoroutine(self.shard.login(request))
            storing: Deferred[object] = Deferred()
            self.simulation.later(
                id * 0.0001,
                lambda id=id, storing=storing: Deferred.fromCoroutine(
                    self.shard.store(APP, self.message(id), [made.ordinal])
                ).chainDeferred(storing),
            )
            reply, stored = self.run_until(gatherResults([logging_in, storing]))
            read = id in [entry.seq for entry in reply.entries]
            told = stored.placements[0].broker == "broker-1"
            self.assertTrue(read or told, f"message {id} fell between")

    def test_what_a_device_says_it_has_is_trimmed_soon(self) -> None:
        made = self.register()
        for id in (1, 2):
            self.run_until(self.shard.store(APP, self.message(id), [made.ordinal]))
        self.login(made, seen=99)
        self.run_until(self.notebook.flush())
        self.assertEqual(self.run_until(self.shard.fetch(APP, made.ordinal, 0, 10)), [])
        view = self.run_until(self.shard.device(APP, made.registrationId))
        self.assertEqual(view.lastOnlineMs // 10_000, int(self.world.wall() * 1000) // 10_000)

    def test_a_login_through_a_past_process_of_a_broker_is_for_later(self) -> None:
        made = self.register()
        self.login(made, broker_epoch=2)
        late = LoginRequest(APP, made.ordinal, "", b"", "broker-1", 1, 0)
        outcome = self.run_until(_outcome(self.shard.login(late)))
        self.assertIsInstance(outcome, UnavailableException)

    def test_a_login_that_cannot_be_answered_leaves_no_route(self) -> None:
        made = self.register()
        self.close()
        outcome = self.run_until(
            _outcome(self.shard.login(LoginRequest(APP, made.ordinal, "", b"", "broker-1", 1, 0)))
        )
        self.assertIsInstance(outcome, UnavailableException)
        self.assertIsNone(self.routes.find(APP, made.ordinal))


class RouteTests(ShardCase):
    def test_a_logout_is_noted_and_a_late_one_is_not(self) -> None:
        made = self.register()
        first = self.login(made).epoch
        second = self.login(made).epoch
        self.run_until(self.shard.logout(APP, made.ordinal, "broker-1", first))
        self.assertIsNotNone(self.routes.find(APP, made.ordinal))
        self.run_until(self.shard.logout(APP, made.ordinal, "broker-1", second))
        self.assertIsNone(self.routes.find(APP, made.ordinal))

    def test_a_shard_that_has_restarted_wants_the_routes_anew(self) -> None:
        made = self.register()
        epoch = self.login(made).epoch
        before = self.run_until(self.shard.beat("broker-1", 1, [APP])).incarnation
        self.crash()
        self.assertNotEqual(self.run_until(self.shard.beat("broker-1", 1, [APP])).incarnation, before)
        self.run_until(self.shard.report("broker-1", 1, [Route(APP, made.ordinal, epoch)]))
        placed = self.run_until(self.shard.store(APP, self.message(1), [made.ordinal])).placements[0]
        self.assertEqual((placed.broker, placed.epoch), ("broker-1", epoch))
        self.assertGreater(self.login(made).epoch, epoch)

    def test_what_was_stored_while_routes_were_lost_is_handed_over_when_they_are_back(self) -> None:
        one, two = self.register(0), self.register(1)
        epochs = [self.login(one).epoch, self.login(two).epoch]
        self.crash()
        for id in (1, 2):
            self.run_until(self.shard.store(APP, self.message(id), [one.ordinal]))
        self.run_until(self.shard.store(APP, self.message(3), [one.ordinal, two.ordinal]))
        self.run_until(
            self.shard.report(
                "broker-1", 1, [Route(APP, one.ordinal, epochs[0]), Route(APP, two.ordinal, epochs[1])]
            )
        )
        targets = [Target(one.ordinal, epochs[0], 2, 3), Target(two.ordinal, epochs[1], 0, 1)]
        self.assertEqual(self.broker("broker-1").delivered, [(3, targets)])
        self.run_until(self.shard.report("broker-1", 1, [Route(APP, one.ordinal, epochs[0])]))
        self.assertEqual(len(self.broker("broker-1").delivered), 1)

    def test_a_report_of_a_device_that_is_elsewhere_now_is_answered_with_an_eviction(self) -> None:
        made = self.register()
        old = self.login(made, "broker-1").epoch
        self.crash()
        new = self.login(made, "broker-2").epoch
        self.run_until(self.shard.report("broker-1", 1, [Route(APP, made.ordinal, old)]))
        self.assertEqual(self.broker("broker-1").evicted, [(made.ordinal, new)])

    def test_a_past_process_of_a_broker_neither_beats_nor_reports(self) -> None:
        made = self.register()
        self.login(made, broker_epoch=2)
        self.assertEqual(self.run_until(self.shard.beat("broker-1", 1, [])).incarnation, 0)
        self.run_until(self.shard.report("broker-1", 1, [Route(APP, made.ordinal, 1 << 62)]))
        route = self.routes.find(APP, made.ordinal)
        assert route is not None
        self.assertLess(route.epoch, 1 << 62)


async def _outcome(work: object) -> object:
    """The result or the exception."""
    try:
        return await work  # type: ignore[misc]
    except Exception as error:
        return error
