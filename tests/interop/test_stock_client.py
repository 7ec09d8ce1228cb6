"""A stock Ice client calls our servants: every type, every way to fail, every kind of call."""

from __future__ import annotations

from twisted.internet import reactor
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from pushnet.app.realworld import RealWorld
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.communicator import Communicator
from pushnet.wire.identity import Identity
from tests.interop.everything import EverythingI
from tests.interop.stock import Program, require_ice

EVERYTHING = Identity("everything", "test")


class StockClientCase(TestCase):
    """A server of ours and a stock client."""

    timeout = 60

    async def setUp(self) -> None:
        require_ice(self)
        self.communicator = Communicator(RealWorld(reactor, self.mktemp()))
        self.addCleanup(self.communicator.destroy)
        self.servant = EverythingI()
        self.adapter = await self.serve("A", self.servant)
        self.client = await self.start(str(self.adapter.createProxy(EVERYTHING)))

    async def serve(self, name: str, servant: EverythingI) -> ObjectAdapter:
        adapter = self.communicator.createObjectAdapterWithEndpoints(name, "tcp -h 127.0.0.1 -p 0")
        adapter.add(servant, EVERYTHING)
        adapter.addFacet(servant, EVERYTHING, "other")
        await adapter.activate()
        return adapter

    async def start(self, proxy: str) -> Program:
        client = Program("stock_everything_client.py", proxy)
        self.addCleanup(client.kill)
        self.assertEqual(await client.line(), "ready")
        return client


class StockClientTests(StockClientCase):
    """One call of each kind."""

    async def check(self, command: str, expected: str) -> None:
        self.assertEqual(await self.client.ask(command), expected)

    async def test_a_value_of_every_type_comes_back(self) -> None:
        await self.check("types", "all came back")

    async def test_a_value_of_every_type_comes_back_in_the_old_encoding_too(self) -> None:
        proxy = str(self.adapter.createProxy(EVERYTHING)).replace("-e 1.1", "-e 1.0")
        self.assertIn("-e 1.0", proxy)
        self.client = await self.start(proxy)
        await self.check("types", "all came back")
        await self.check("refused", "empty, far 3 True, plain, far 3 True, plain")

    async def test_out_parameters_and_results_arrive_in_their_places(self) -> None:
        await self.check("results", "((3, 2), ('a!', 2, {'a': '1'}))")

    async def test_optional_parameters_may_be_left_out(self) -> None:
        await self.check("optionals", "True (3, 't')")

    async def test_exceptions_arrive_with_all_their_members(self) -> None:
        await self.check("refused", "empty, far 3 True, plain, far 3 True, plain")

    async def test_each_way_to_fail_has_its_exception_and_tells_no_secret(self) -> None:
        told = await self.client.ask("missing")
        kinds = [part.split()[0] for part in told.split(" | ")]
        self.assertEqual(
            kinds,
            [
                "ObjectNotExistException",
                "FacetNotExistException",
                "OperationNotExistException",
                "UnknownLocalException",
                "UnknownLocalException",
                "UnknownLocalException",
                "UnknownException",
            ],
        )
        mode = "unexpected operation mode. expected = ::Ice::Normal received = ::Ice::Idempotent"
        self.assertIn(mode, told)
        self.assertIn("::Ice::UnmarshalOutOfBoundsException [", told)
        self.assertIn("can only support encodings compatible with version 1.1", told)
        self.assertRegex(told, r"RuntimeError \[[0-9a-f]{12}\]$")
        for secret in ("/a/file", "Traceback", ".py"):
            self.assertNotIn(secret, told)
        self.assertEqual([failure.type for failure in self.flushLoggedErrors()], [RuntimeError])

    async def test_every_object_answers_what_it_is(self) -> None:
        ids = "['::Ice::Object', '::Interop::Everything', '::Interop::Named']"
        await self.check("object_itself", f"True False ::Interop::Everything {ids}")

    async def test_a_facet_is_another_object(self) -> None:
        await self.check("facet", "ours")

    async def test_the_context_arrives(self) -> None:
        await self.check("context", "{'a': 'b'}")

    async def test_one_way_and_batch_requests_are_served(self) -> None:
        await self.check("one_way", "20")

    async def test_compressed_requests_are_understood(self) -> None:
        await self.check("compressed", "True")

    async def test_we_call_back_over_the_clients_own_connection(self) -> None:
        await self.check("callback", "stock")

    async def test_a_client_that_closes_comes_back(self) -> None:
        await self.check("close", "closed and opened again")


class DrainTests(StockClientCase):
    """Servers are closed one after the other while a stock client calls without end: nothing is lost."""

    async def roll(self, command: str) -> int:
        """Flood two servers, replace each twice; how many calls the client was told were done."""
        second = EverythingI()
        adapters = [self.adapter, await self.serve("B", second)]
        servants = [self.servant, second]
        endpoints = [str(adapter.getEndpoints()[0]) for adapter in adapters]
        flood = await self.start(f"test/everything:{':'.join(endpoints)}")
        self.assertEqual(await flood.ask(command), "started")
        for turn in range(4):
            await self.noted(servants, 300)
            old, port = adapters[turn % 2], endpoints[turn % 2]
            await old.deactivate()
            name = f"C{turn}"
            new = self.communicator.createObjectAdapterWithEndpoints(name, port)
            new.add(servants[turn % 2], EVERYTHING)
            await new.activate()
            adapters[turn % 2] = new
        await self.noted(servants, 300)
        done, *failed = (await flood.ask("stop")).split()
        self.assertEqual(failed, [])
        await flood.finish()
        for adapter in adapters:
            await adapter.deactivate()
        self.served = sum(len(servant.noted_numbers) for servant in servants)
        return int(done)

    async def noted(self, servants: list[EverythingI], more: int) -> None:
        """Wait until so many more calls have come."""
        wanted = sum(len(servant.noted_numbers) for servant in servants) + more
        clock = self.communicator.world.clock
        while sum(len(servant.noted_numbers) for servant in servants) < wanted:
            await deferLater(clock, 0.001)

    async def test_no_one_way_call_is_lost(self) -> None:
        done = await self.roll("flood_one_way")
        self.assertEqual(self.served, done)

    async def test_no_two_way_call_is_lost_or_done_twice(self) -> None:
        done = await self.roll("flood_two_way")
        self.assertEqual(self.served, done)
