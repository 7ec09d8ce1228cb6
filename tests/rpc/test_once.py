"""A request with a token has its effect once, however often it comes."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.exceptions import UnknownException, UnknownLocalException
from pushnet.rpc.incoming import Answer
from pushnet.rpc.once import RecentReplies, Reply
from pushnet.rpc.servant import DispatchInterceptor
from pushnet.rpc.stubs import Current
from pushnet.wire.identity import Identity
from tests.golden.calls import EverythingPrx
from tests.golden.failures import Failure, RiskyPrx, RiskyServant
from tests.rpc.given import EverythingI, Grid


class CountingI(EverythingI):
    count = 0
    failing = False

    async def add(self, a: int, b: int, current: Current | None = None) -> int:
        self._note(current)
        if self.gate is not None:
            await self.gate
        if self.failing:
            raise KeyError("no effect known")
        self.count += a
        return self.count


class RiskyI(RiskyServant):
    count = 0

    def try2(self, current: Current | None = None) -> None:
        self.count += 1
        raise Failure(str(self.count))


class OnceTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.servant = CountingI()
        self.adapter = self.grid.serve("server", self.servant)
        self.proxy = EverythingPrx(self.grid.proxy("client", "object:tcp -h server -p 4000").ice_reference)

    def add(self, token: str, amount: int = 1) -> Any:
        return self.proxy.add(amount, 0, {"_pn.tok": token})

    def test_a_repetition_is_answered_as_the_first_and_not_done(self) -> None:
        answers = [self.grid.wait(self.add(token)) for token in ("a", "a", "b", "a", "b!")]
        self.assertEqual((answers, self.servant.count), ([1, 1, 2, 1, 2], 2))

    def test_without_a_token_each_call_is_done(self) -> None:
        self.assertEqual([self.grid.wait(self.proxy.add(1, 0)) for _ in range(2)], [1, 2])

    def test_a_repetition_that_comes_meanwhile_waits_for_the_first(self) -> None:
        self.servant.gate = Deferred()
        calls = [self.add("a") for _ in range(3)]
        self.grid.simulation.run_for(1)
        self.assertEqual(len(self.servant.called), 1)
        self.servant.gate.callback(None)
        self.assertEqual([self.grid.wait(call) for call in calls], [1, 1, 1])

    def test_another_request_with_the_same_token_is_another(self) -> None:
        self.assertEqual([self.grid.wait(self.add("a", amount)) for amount in (1, 2)], [1, 3])

    def test_a_user_exception_is_an_answer_too(self) -> None:
        self.adapter.add(RiskyI(), Identity("risky"))
        proxy = RiskyPrx(self.grid.proxy("client", "risky:tcp -h server -p 4000").ice_reference)
        for _ in range(2):
            with self.assertRaises(Failure) as raised:
                self.grid.wait(proxy.try2({"_pn.tok": "a"}))
            self.assertEqual(raised.exception.reason, "1")

    def test_after_a_failure_a_repetition_is_done_anew(self) -> None:
        self.servant.failing = True
        with self.assertRaises(UnknownException):
            self.grid.wait(self.add("a"))
        self.flushLoggedErrors(KeyError)
        self.servant.failing = False
        self.assertEqual(self.grid.wait(self.add("a")), 1)

    def test_who_waits_for_the_first_hears_its_failure(self) -> None:
        self.servant.gate, self.servant.failing = Deferred(), True
        calls = [self.add("a") for _ in range(2)]
        self.grid.simulation.run_for(1)
        self.servant.gate.callback(None)
        for call in calls:
            with self.assertRaises(UnknownException):
                self.grid.wait(call)
        self.flushLoggedErrors(KeyError)

    def test_what_may_have_been_done_by_a_process_that_is_gone_is_refused(self) -> None:
        with self.assertRaises(UnknownLocalException) as raised:
            self.grid.wait(self.add("a!"))
        self.assertIn("RequestTokenException", raised.exception.unknown)
        self.assertEqual(self.servant.count, 0)

    def test_one_way_requests_have_their_effect_once(self) -> None:
        for _ in range(3):
            self.grid.wait(self.proxy.ice_oneway().nothing({"_pn.tok": "a"}))
        self.grid.simulation.run_for(1)
        self.assertEqual(self.servant.called, ["nothing"])

    def test_a_token_that_is_too_long_is_refused(self) -> None:
        with self.assertRaises(UnknownLocalException):
            self.grid.wait(self.add("x" * 65))

    def test_interceptors_and_old_encodings_work_with_it(self) -> None:
        servant = self.servant

        class PassingI(DispatchInterceptor):
            async def dispatch(self, request: Any) -> Answer:
                return await servant.ice_dispatch(request)

        self.adapter.add(PassingI(), Identity("passing"))
        proxy = EverythingPrx(self.grid.proxy("client", "passing -e 1.0:tcp -h server -p 4000").ice_reference)
        answers = [self.grid.wait(proxy.add(1, 0, {"_pn.tok": "a"})) for _ in range(2)]
        self.assertEqual(answers, [1, 1])

    def test_a_servant_may_keep_the_answer_with_the_effect(self) -> None:
        kept: dict[bytes, Reply] = {}

        class Durable:
            durable = True

            def find(self, key: bytes) -> Answer | None:
                reply = kept.get(key)
                return None if reply is None else (reply.ok, reply.encapsulation)

            def keep(self, reply: Reply) -> None:
                raise AssertionError("the servant has kept it")

        class KeepingI(CountingI):
            async def add(self, a: int, b: int, current: Current | None = None) -> int:
                assert current is not None
                self.count += a
                reply = current.once.keep(self.count)
                kept[reply.key] = reply
                return self.count

        servant = KeepingI()
        self.adapter.remove(Identity("object"))
        self.adapter.add(servant, Identity("object"))
        self.adapter.keepReplies(Durable())
        answers = [self.grid.wait(self.add(token)) for token in ("a!", "a", "a!")]
        self.assertEqual((answers, servant.count, len(kept)), ([1, 1, 1], 1, 1))


class RecentRepliesTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.now = 0.0
        self.replies = RecentReplies(lambda: self.now, count_max=3, bytes_max=100, age_s=10.0)

    def keep(self, *keys: bytes, size: int = 1) -> None:
        for key in keys:
            self.replies.keep(Reply(key, True, b"x" * size))

    def found(self, *keys: bytes) -> list[bool]:
        return [self.replies.find(key) is not None for key in keys]

    def test_the_last_ones_are_kept(self) -> None:
        self.keep(b"1", b"2", b"3", b"4")
        self.assertEqual(self.found(b"1", b"2", b"3", b"4"), [False, True, True, True])

    def test_as_many_as_fit(self) -> None:
        self.keep(b"1", b"2", size=60)
        self.assertEqual(self.found(b"1", b"2"), [False, True])

    def test_while_they_are_young(self) -> None:
        self.keep(b"1")
        self.now = 9.0
        self.keep(b"2")
        self.assertEqual(self.found(b"1", b"2"), [True, True])
        self.now = 10.0
        self.assertEqual(self.found(b"1", b"2"), [False, True])
        self.assertEqual(len(self.replies), 1)

    def test_one_kept_twice_counts_once(self) -> None:
        self.keep(b"1", b"1", b"1", size=40)
        self.assertEqual((len(self.replies), self.found(b"1")), (1, [True]))
