"""Interceptors and middleware see requests before servants, and answers after them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.exceptions import ObjectNotExistException, UnknownException, UnknownLocalException
from pushnet.rpc.incoming import Answer, Dispatcher, Request
from pushnet.rpc.servant import DispatchInterceptor, Servant
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.wire.identity import Identity
from pushnet.wire.request import encapsulated
from tests.golden.calls import EverythingPrx
from tests.golden.failures import Failure, RiskyPrx, RiskyServant
from tests.rpc.given import EverythingI, Grid


class FlakyI(EverythingI):
    """Fails a few times before it adds."""

    failures = 0

    async def add(self, a: int, b: int, current: Current | None = None) -> int:
        self._note(current)
        if self.failures:
            self.failures -= 1
            raise KeyError("once more")
        return a + b

    def divide(self, dividend: int, divisor: int, current: Current | None = None) -> tuple[int, int]:
        return divmod(dividend, divisor)


class RiskyI(RiskyServant):
    def try2(self, current: Current | None = None) -> None:
        raise Failure("because")


class InterceptorI(DispatchInterceptor):
    """Does `way`, if it is given, instead of passing on."""

    def __init__(self, servant: Servant) -> None:
        self.servant = servant
        self.seen: list[tuple[str, str]] = []
        self.way: Callable[[Request], Any] | None = None

    def dispatch(self, request: Request) -> Any:
        current = request.getCurrent()
        self.seen.append((str(current.id), current.operation))
        return self.servant.ice_dispatch(request) if self.way is None else self.way(request)


class Bench(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)

    def home(self, servant: Servant) -> ObjectAdapter:
        return self.grid.serve("server", servant)

    def any(self, text: str = "object") -> ObjectPrx:
        return self.grid.proxy("client", f"{text}:tcp -h server -p 4000")

    def proxy(self, text: str = "object") -> EverythingPrx:
        return EverythingPrx(self.any(text).ice_reference)


class InterceptorTest(Bench):
    def setUp(self) -> None:
        super().setUp()
        self.servant = FlakyI()
        self.interceptor = InterceptorI(self.servant)
        self.adapter = self.home(self.interceptor)

    def test_what_it_passes_on_is_served_as_if_it_were_not_there(self) -> None:
        self.assertEqual(self.grid.wait(self.proxy().add(1, 2)), 3)
        self.assertEqual(self.grid.wait(self.proxy().divide(7, 2)), (3, 1))
        self.assertIn("::Calls::Everything", self.grid.wait(self.proxy().ice_ids()))
        self.assertEqual(self.grid.wait(self.proxy("object -e 1.0").add(1, 2)), 3)
        self.grid.wait(self.proxy().ice_oneway().nothing())
        self.grid.simulation.run_for(1)
        operations = ["add", "divide", "ice_ids", "add", "nothing"]
        self.assertEqual([operation for _, operation in self.interceptor.seen], operations)

    def test_it_may_dispatch_a_request_again(self) -> None:
        self.servant.failures = 3

        async def stubborn(request: Request) -> Answer:
            while True:
                try:
                    return await self.servant.ice_dispatch(request)
                except KeyError:
                    continue

        self.interceptor.way = stubborn
        self.assertEqual(self.grid.wait(self.proxy().add(4, 5)), 9)
        self.assertEqual(len(self.servant.called), 4)

    def test_it_may_answer_in_the_servants_place(self) -> None:
        self.interceptor.way = lambda request: (True, encapsulated(b"\x2a\0\0\0"))
        self.assertEqual(self.grid.wait(self.proxy().add(4, 5)), 42)
        self.assertEqual(self.servant.called, [])

    def test_it_may_answer_later(self) -> None:
        gate: Deferred[Answer] = Deferred()
        self.interceptor.way = lambda request: gate
        call = self.proxy().add(4, 5)
        self.grid.simulation.run_for(1)
        gate.callback((True, encapsulated(b"\x2a\0\0\0")))
        self.assertEqual(self.grid.wait(call), 42)

    def test_what_it_raises_is_the_answer(self) -> None:
        def refuse(request: Request) -> Answer:
            raise UnknownLocalException("not today")

        self.interceptor.way = refuse
        with self.assertRaises(UnknownLocalException) as raised:
            self.grid.wait(self.proxy().add(1, 2))
        self.assertEqual(raised.exception.unknown, "not today")

    def test_user_exceptions_pass_through_several_and_can_be_caught(self) -> None:
        outer = InterceptorI(InterceptorI(RiskyI()))
        self.adapter.add(outer, Identity("risky"))
        proxy = RiskyPrx(self.any("risky").ice_reference)
        for old in (proxy, proxy.ice_encodingVersion((1, 0))):
            with self.assertRaises(Failure) as raised:
                self.grid.wait(old.try2())
            self.assertEqual(raised.exception.reason, "because")
        caught: list[str] = []

        async def catch(request: Request) -> Answer:
            try:
                return await outer.servant.ice_dispatch(request)
            except Failure as error:
                caught.append(error.reason)
                raise

        outer.way = catch
        with self.assertRaises(Failure):
            self.grid.wait(proxy.try2())
        self.assertEqual(caught, ["because"])

    def test_what_the_servant_has_not_is_said_as_without_it(self) -> None:
        with self.assertRaises(UnknownLocalException):
            self.grid.wait(self.any().ice_invoke("add", 2, b"\6\0\0\0\1\1"))
        with self.assertRaises(UnknownLocalException):
            self.grid.wait(self.any().ice_invoke("add", 0, b"\6\0\0\0\1\1"))

    def test_it_can_be_a_default_servant(self) -> None:
        self.adapter.addDefaultServant(self.interceptor, "")
        self.grid.wait(self.proxy("a/b").nothing())
        self.assertEqual(self.interceptor.seen, [("a/b", "nothing")])


class MiddlewareTest(Bench):
    def setUp(self) -> None:
        super().setUp()
        self.servant = FlakyI()
        self.adapter = self.home(self.servant)
        self.seen: list[str] = []

    def layer(self, name: str) -> Callable[[Dispatcher], Dispatcher]:
        def middleware(following: Dispatcher) -> Dispatcher:
            async def dispatch(request: Request) -> Answer:
                self.seen.append(f"{name} before {request.current.operation}")
                try:
                    return await following(request)
                finally:
                    self.seen.append(f"{name} after")

            return dispatch

        return middleware

    def test_the_first_used_is_the_outermost(self) -> None:
        self.assertIs(self.adapter.use(self.layer("one")).use(self.layer("two")), self.adapter)
        self.assertEqual(self.grid.wait(self.proxy().add(1, 2)), 3)
        self.assertEqual(self.seen, ["one before add", "two before add", "two after", "one after"])

    def test_requests_for_what_does_not_exist_pass_it_too(self) -> None:
        self.adapter.use(self.layer("one"))
        with self.assertRaises(ObjectNotExistException):
            self.grid.wait(self.proxy("nobody").add(1, 2))
        self.assertEqual(self.seen, ["one before add", "one after"])

    def test_it_may_be_plain_functions_that_give_deferreds(self) -> None:
        def middleware(following: Dispatcher) -> Any:
            def dispatch(request: Request) -> Awaitable[Answer]:
                return Deferred.fromCoroutine(following(request))  # type: ignore[arg-type]

            return dispatch

        self.adapter.use(middleware)
        self.assertEqual(self.grid.wait(self.proxy().add(1, 2)), 3)

    def test_it_may_repeat_replace_and_refuse(self) -> None:
        def stubborn(following: Dispatcher) -> Dispatcher:
            async def dispatch(request: Request) -> Answer:
                try:
                    return await following(request)
                except KeyError:
                    return await following(request)

            return dispatch

        self.adapter.use(stubborn)
        self.servant.failures = 1
        self.assertEqual(self.grid.wait(self.proxy().add(1, 2)), 3)
        self.servant.failures = 2
        with self.assertRaises(UnknownException):
            self.grid.wait(self.proxy().add(1, 2))
        self.assertEqual(len(self.flushLoggedErrors(KeyError)), 1)

    def test_it_sees_the_parameters_as_they_came(self) -> None:
        params: list[bytes] = []

        def watch(following: Dispatcher) -> Dispatcher:
            async def dispatch(request: Request) -> Answer:
                params.append(request.params)
                return await following(request)

            return dispatch

        self.adapter.use(watch)
        self.grid.wait(self.proxy().add(1, 2))
        self.assertEqual(params, [encapsulated(b"\1\0\0\0\2\0\0\0")])
