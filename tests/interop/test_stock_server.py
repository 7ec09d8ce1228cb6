"""We call the servants of a stock Ice server: every type, every way to fail, every kind of call."""

from __future__ import annotations

from twisted.internet import reactor
from twisted.internet.defer import Deferred, gatherResults
from twisted.trial.unittest import TestCase

from pushnet.app.realworld import RealWorld
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import (
    ConnectionLostException,
    ConnectionRefusedException,
    FacetNotExistException,
    ObjectNotExistException,
    OperationNotExistException,
    TwowayOnlyException,
    UnknownException,
    UnknownLocalException,
)
from pushnet.rpc.stubs import Current
from pushnet.wire.identity import Identity
from tests.golden.everything import Empty, EverythingPrx, NamedServant, OutOfRange, Refused
from tests.interop.everything import NamedI, fixed, values
from tests.interop.stock import Program, require_ice


class SilentI(NamedServant):
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.called: Deferred[None] = Deferred()
        self.answer: Deferred[str] = Deferred()

    def name(self, current: Current | None = None) -> Deferred[str]:
        self.called.callback(None)
        return self.answer


class StockServerTests(TestCase):
    timeout = 60

    async def setUp(self) -> None:
        require_ice(self)
        self.server = Program("stock_everything_server.py", "--Ice.ThreadPool.Server.Size=4")
        self.addCleanup(self.server.kill)
        self.communicator = Communicator(RealWorld(reactor, self.mktemp()))
        self.addCleanup(self.communicator.destroy)
        self.object = self.communicator.stringToProxy(await self.server.line())
        everything = await EverythingPrx.checkedCast(self.object)
        assert everything is not None and self.object is not None
        self.everything = everything

    async def test_a_value_of_every_type_comes_back(self) -> None:
        for operation, value in values(self.everything.ice_identity(Identity("x", "y"))):
            back = await getattr(self.everything, operation)(value)
            self.assertEqual(back, value, operation)
        self.assertEqual(await self.everything.echoMyself(self.everything), self.everything)

    async def test_out_parameters_and_results_arrive_in_their_places(self) -> None:
        self.assertEqual(await self.everything.divide(17, 5), (3, 2))
        self.assertEqual(await self.everything.several("a", 1), ("a!", 2, {"a": "1"}))

    async def test_optional_parameters_may_be_left_out(self) -> None:
        self.assertEqual(await self.everything.maybe(None, None), (None, None))
        self.assertEqual(await self.everything.maybe("t", b"abc"), (3, "t"))

    async def test_exceptions_arrive_with_all_their_members(self) -> None:
        await self.assertFailure(self.everything.refuse("empty"), Empty)
        for call in (self.everything.refuse, self.everything.refuseInSlices):
            error = await self.assertFailure(call("range"), OutOfRange)
            self.assertEqual((error.reason, error.low, error.at), ("far", 3, fixed(4)))
            error = await self.assertFailure(call("plain"), Refused)
            self.assertIs(type(error), Refused)

    async def test_each_way_to_fail_has_its_exception(self) -> None:
        invoke = self.everything.ice_invoke
        short = b"\x07\x00\x00\x00\x01\x01\x00"
        for call, kind in (
            (self.everything.ice_identity(Identity("nobody")).ice_ping(), ObjectNotExistException),
            (self.everything.ice_facet("none").ice_ping(), FacetNotExistException),
            (invoke("nosuch", 0, b"\x06\x00\x00\x00\x01\x01"), OperationNotExistException),
            (invoke("add", 2, b"\x06\x00\x00\x00\x01\x01"), UnknownLocalException),
            (invoke("add", 0, short), UnknownLocalException),
            (self.everything.fail(), UnknownException),
            (self.everything.ice_oneway().add(1, 2), TwowayOnlyException),
        ):
            await self.assertFailure(call, kind)

    async def test_every_object_answers_what_it_is(self) -> None:
        await self.everything.ice_ping()
        self.assertTrue(await self.everything.ice_isA("::Interop::Named"))
        self.assertFalse(await self.everything.ice_isA("::X"))
        self.assertEqual(await self.everything.ice_id(), "::Interop::Everything")
        ids = ["::Ice::Object", "::Interop::Everything", "::Interop::Named"]
        self.assertEqual(await self.everything.ice_ids(), ids)

    async def test_a_facet_is_another_object(self) -> None:
        other = await EverythingPrx.checkedCast(self.object, "other")
        assert other is not None
        self.assertEqual(await other.name(), "stock")
        self.assertIsNone(await EverythingPrx.checkedCast(self.object, "none"))

    async def test_the_context_arrives_and_ours_does_no_harm(self) -> None:
        self.assertEqual(await self.everything.context({"a": "b"}), {"a": "b"})
        timed = self.everything.ice_context({"c": "d"}).ice_invocationTimeout(5000)
        self.assertEqual(await timed.context(), {"c": "d", "_pn.dl": "5000"})

    async def test_one_way_and_batch_requests_are_served(self) -> None:
        one_way, batch = self.everything.ice_oneway(), self.everything.ice_batchOneway()
        for number in range(10):
            await one_way.note(number)
            await batch.note(number)
        await batch.ice_flushBatchRequests()
        for _ in range(1000):  # its threads may take a later call first
            if await self.everything.noted() >= 20:
                break
        self.assertEqual(await self.everything.noted(), 20)

    async def test_a_thousand_calls_are_under_way_at_once_on_one_connection(self) -> None:
        sums = await gatherResults([self.everything.add(n, 1) for n in range(1000)])
        self.assertEqual(sums, [n + 1 for n in range(1000)])
        self.assertIs(await self.object.ice_getConnection(), self.everything.ice_getCachedConnection())

    async def test_the_server_calls_back_over_our_connection(self) -> None:
        adapter = self.communicator.createObjectAdapter("")
        adapter.add(NamedI(), Identity("me", "callback"))
        (await self.everything.ice_getConnection()).setAdapter(adapter)
        self.assertEqual(await self.everything.callBack("callback", "me"), "ours")

    async def test_requests_pass_through_us_as_bytes(self) -> None:
        params = b"\x0e\x00\x00\x00\x01\x01\x28\x00\x00\x00\x02\x00\x00\x00"
        ok, result = await self.everything.ice_invoke("add", 0, params)
        self.assertEqual((ok, result), (True, b"\x0a\x00\x00\x00\x01\x01\x2a\x00\x00\x00"))
        ok, result = await self.everything.ice_invoke("refuse", 0, b"\x0c\x00\x00\x00\x01\x01\x05empty")
        self.assertFalse(ok)
        self.assertIn(b"::Interop::Empty", result)

    async def test_a_killed_server_fails_calls_under_way_and_nothing_else(self) -> None:
        adapter = self.communicator.createObjectAdapter("")
        silent = SilentI()
        adapter.add(silent, Identity("silent"))
        (await self.everything.ice_getConnection()).setAdapter(adapter)
        call = self.everything.callBack("", "silent")
        await silent.called
        await self.server.kill()
        await self.assertFailure(call, ConnectionLostException)
        await self.assertFailure(self.everything.ice_ping(), ConnectionRefusedException)
        silent.answer.callback("too late")

    async def test_the_server_ends_when_asked_while_we_are_connected(self) -> None:
        await self.everything.ice_ping()
        await self.server.finish()
        self.assertEqual(self.server.exit_code, 0)
