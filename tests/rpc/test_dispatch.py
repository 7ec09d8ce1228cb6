"""Requests reach servants of every kind, and whatever these do, each is answered or dropped as Ice does."""

from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.logger import globalLogPublisher
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.dispatch import _resumed, deadline_of
from pushnet.rpc.exceptions import (
    MarshalException,
    ObjectNotExistException,
    UnknownException,
    UnknownLocalException,
)
from pushnet.rpc.stubs import Current
from pushnet.wire.identity import Identity
from tests.golden.failures import Empty, Failure, RiskyPrx, RiskyServant
from tests.rpc.given import EverythingI, Grid


class ManyWaysI(EverythingI):
    """Answers `add` in the way that `way` says."""

    way = "value"

    def add(self, a: int, b: int, current: Current | None = None) -> Any:
        if self.way == "value":
            return a + b
        if self.way == "deferred":
            return succeed(a + b)
        if self.way == "late":
            assert self.gate is not None
            return self.gate.addCallback(lambda _: a + b)
        if self.way == "raise":
            raise KeyError("/a/path")
        if self.way == "text":
            return "42"
        if self.way == "late text":
            return succeed("42")
        if self.way == "index":
            return self.called[a]
        return self.coroutine(a, b)

    async def coroutine(self, a: int, b: int) -> int:
        if self.gate is not None:
            await self.gate
            await succeed(None)
        if self.way == "coroutine index":
            return len(self.called[a])
        if self.way == "coroutine raises":
            raise KeyError("/a/path")
        return a + b


class WaysTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        _, self.proxy = self.grid.pair()
        self.servant = ManyWaysI()
        self.grid.serve("server", self.servant, "many", 4001)
        found = self.grid.proxy("client", "many:tcp -h server -p 4001")
        self.proxy = type(self.proxy)(found.ice_reference)

    def test_a_value_a_deferred_and_a_coroutine_answer_alike(self) -> None:
        for way in ("value", "deferred", "coroutine"):
            self.servant.way = way
            self.assertEqual(self.grid.wait(self.proxy.add(20, 22)), 42, way)

    def test_an_index_of_the_servants_own_is_no_matter_of_the_bytes(self) -> None:
        for way in ("index", "coroutine index"):
            self.servant.way = way
            with self.assertRaises(UnknownException) as raised:
                self.grid.wait(self.proxy.add(20, 22))
            self.assertIs(type(raised.exception), UnknownException, way)
            self.assertRegex(str(raised.exception), "^IndexError ")
        self.assertEqual(len(self.flushLoggedErrors(IndexError)), 2)

    def test_an_answer_may_come_late(self) -> None:
        for way in ("late", "coroutine"):
            self.servant.way = way
            self.servant.gate = Deferred()
            call = self.proxy.add(1, 2)
            self.grid.simulation.run_for(1)
            self.assertNoResult(call)
            self.servant.gate.callback(None)
            self.assertEqual(self.grid.wait(call), 3)

    def test_a_late_failure_is_thrown_into_the_servants_coroutine(self) -> None:
        self.servant.way = "coroutine"
        self.servant.gate = Deferred()
        call = self.proxy.add(1, 2)
        self.grid.simulation.run_for(1)
        self.servant.gate.errback(Empty())
        with self.assertRaises(UnknownException):
            self.grid.wait(call)

    def test_a_servant_that_will_never_be_resumed_is_closed_whichever_goes_first(self) -> None:
        for begun_first in (True, False):
            waiting: Deferred[None] = Deferred()
            closed: list[bool] = []

            async def serve(waiting: Deferred[None] = waiting, closed: list[bool] = closed) -> None:
                try:
                    await waiting
                finally:
                    closed.append(True)

            begun = serve()
            rest = _resumed(begun, begun.send(None))
            rest.send(None)
            for one in (begun, rest) if begun_first else (rest, begun):
                one.close()
            self.assertEqual(closed, [True])

    def test_a_servant_that_was_collected_before_it_could_go_on_is_let_be(self) -> None:
        waiting: Deferred[None] = Deferred()

        async def serve() -> None:
            await waiting

        begun = serve()
        rest = Deferred.fromCoroutine(_resumed(begun, begun.send(None)))
        begun.close()
        waiting.callback(None)
        self.assertIsNone(self.successResultOf(rest))

    def test_an_unexpected_failure_tells_the_caller_its_class_and_a_number_only(self) -> None:
        for way in ("raise", "coroutine raises"):
            self.servant.way = way
            with self.assertRaises(UnknownException) as raised:
                self.grid.wait(self.proxy.add(1, 2))
            self.assertRegex(str(raised.exception), r"^KeyError \[[0-9a-f]{12}\]$")
            self.assertEqual(len(self.flushLoggedErrors(KeyError)), 1)

    def test_a_result_that_is_none_is_the_servants_fault_and_stands_in_the_log(self) -> None:
        for way in ("text", "late text"):
            self.servant.way = way
            with self.assertRaises(UnknownLocalException) as raised:
                self.grid.wait(self.proxy.add(1, 2))
            self.assertRegex(str(raised.exception), r"^::Ice::MarshalException \[[0-9a-f]{12}\]$")
            (logged,) = self.flushLoggedErrors(MarshalException)
            self.assertIn("the result of add: error: ", str(logged.value))

    def test_a_property_lets_callers_hear_more(self) -> None:
        self.grid.communicators["server"].tell_failures = True
        self.servant.way = "raise"
        with self.assertRaises(UnknownException) as raised:
            self.grid.wait(self.proxy.add(1, 2))
        self.assertIn("KeyError: ", raised.exception.unknown)
        self.flushLoggedErrors(KeyError)

    def test_arguments_that_cannot_be_read_fail_the_call_and_leave_the_connection(self) -> None:
        cut_off = self.proxy.ice_invoke("add", 0, b"\x08\0\0\0\x01\x01\1\2")
        with self.assertRaises(UnknownLocalException):
            self.grid.wait(cut_off)
        self.assertEqual(self.grid.wait(self.proxy.add(1, 2)), 3)

    def test_a_flood_of_unreadable_arguments_is_a_line_a_second_in_the_log_and_no_traceback(self) -> None:
        events: list[dict[str, object]] = []
        globalLogPublisher.addObserver(events.append)
        self.addCleanup(globalLogPublisher.removeObserver, events.append)
        for _ in range(500):
            with self.assertRaises(UnknownLocalException):
                self.grid.wait(self.proxy.ice_invoke("add", 0, b"\x08\0\0\0\x01\x01\1\2"))
        told = [event for event in events if event.get("log_namespace") == "pushnet.rpc"]
        self.assertLess(len(told), 20)
        self.assertEqual([event for event in told if "log_failure" in event], [])

    def test_an_encoding_we_do_not_read_is_named_in_the_answer(self) -> None:
        with self.assertRaises(UnknownLocalException) as raised:
            self.grid.wait(self.proxy.ice_invoke("add", 0, b"\x06\0\0\0\x02\x00"))
        self.assertIn("UnsupportedEncodingException", str(raised.exception))

    def test_work_whose_caller_has_stopped_waiting_is_not_begun(self) -> None:
        counters = self.grid.communicators["server"].counters
        servant = EverythingI()
        self.grid.serve("server", servant, "noting", 4002)
        proxy = type(self.proxy)(self.grid.proxy("client", "noting:tcp -h server -p 4002").ice_reference)
        with self.assertRaises(UnknownLocalException):
            self.grid.wait(proxy.add(1, 2, {"_pn.dl": "0"}))
        self.flushLoggedErrors()
        self.assertEqual((servant.called, counters.expired), ([], 1))

    def test_a_deadline_that_is_no_number_is_none(self) -> None:
        self.assertIsNone(deadline_of({"_pn.dl": "soon"}))
        self.assertIsNone(deadline_of({}))
        self.assertEqual(deadline_of({"_pn.dl": "1500"}), 1.5)


class RiskyI(RiskyServant):
    def try1(self, current: Current | None = None) -> None:
        raise Empty()

    def try2(self, current: Current | None = None) -> None:
        raise Failure("because")

    def try3(self, n: int, current: Current | None = None) -> int:
        raise Empty()


class UserExceptionTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.grid.serve("server", RiskyI())
        self.proxy = RiskyPrx(self.grid.proxy("client", "object:tcp -h server -p 4000").ice_reference)

    def test_declared_exceptions_arrive_whole_in_both_formats(self) -> None:
        with self.assertRaises(Empty):
            self.grid.wait(self.proxy.try1())
        with self.assertRaises(Failure) as raised:
            self.grid.wait(self.proxy.try2())
        self.assertEqual(raised.exception.reason, "because")

    def test_what_cannot_be_written_is_a_failure_and_leaves_the_connection(self) -> None:
        number: Any = 5

        class WrongI(RiskyServant):
            def try2(self, current: Current | None = None) -> None:
                raise Failure(number)

            async def try1(self, current: Current | None = None) -> None:
                raise ObjectNotExistException(number)

        self.grid.communicators["server"]._adapters.all()[0].add(WrongI(), Identity("wrong"))
        proxy = RiskyPrx(self.grid.proxy("client", "wrong:tcp -h server -p 4000").ice_reference)
        connection = self.grid.wait(proxy.ice_getConnection())
        for call in (proxy.try1, proxy.try2):
            with self.assertRaises(UnknownException):
                self.grid.wait(call())
        self.assertTrue(connection.active)
        self.assertEqual(len(self.flushLoggedErrors()), 2)

    def test_an_exception_that_is_not_declared_is_unknown_to_the_caller(self) -> None:
        with self.assertRaises(UnknownException) as raised:
            self.grid.wait(self.proxy.try3(1))
        self.assertIn("::Failures::Empty", str(raised.exception))


class BidirectionalTest(SynchronousTestCase):
    def test_a_client_without_objects_has_none_to_call(self) -> None:
        grid = Grid(self)
        _servant, proxy = grid.pair()
        connection = grid.wait(proxy.ice_getConnection())
        self.assertIsNone(connection.getAdapter())
        incoming = grid.communicators["server"]._connections()[0]
        with self.assertRaises(ObjectNotExistException):
            grid.wait(incoming.createProxy(Identity("callback")).ice_ping())

    def test_a_client_with_an_adapter_on_its_connection_is_called_back_through_it(self) -> None:
        grid = Grid(self)
        _servant, proxy = grid.pair()
        client = grid.communicators["client"]
        adapter = client.createObjectAdapterWithEndpoints("callbacks", "")
        mine = EverythingI()
        adapter.add(mine, Identity("callback"))
        grid.wait(adapter.activate())
        connection = grid.wait(proxy.ice_getConnection())
        connection.setAdapter(adapter)
        incoming = grid.communicators["server"]._connections()[0]
        back = type(proxy)(incoming.createProxy(Identity("callback")).ice_reference)
        self.assertEqual(grid.wait(back.add(1, 2)), 3)
        self.assertEqual(mine.called, ["add"])
