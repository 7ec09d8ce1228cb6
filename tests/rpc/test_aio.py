"""What a proxy answers with Deferreds, its companion for asyncio answers with futures."""

import asyncio
from typing import Any

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.aio import for_asyncio
from pushnet.rpc.exceptions import ObjectNotExistException
from pushnet.wire.identity import Identity
from tests.rpc.given import Grid


class AioTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.servant, self.proxy = self.grid.pair()
        self.loop = asyncio.new_event_loop()
        self.addCleanup(self.loop.close)
        self.calc = for_asyncio(self.proxy, self.loop)

    def result(self, future: Any) -> Any:
        self.grid.simulation.run_for(1)
        return self.loop.run_until_complete(future)

    def test_a_call_is_a_future_that_a_coroutine_awaits(self) -> None:
        async def both() -> list[int]:
            return await asyncio.gather(self.calc.add(1, 2), self.calc.add(3, 4))

        task = self.loop.create_task(both())
        self.loop.run_until_complete(asyncio.sleep(0))
        self.assertEqual(self.result(task), [3, 7])

    def test_what_a_call_raises_the_future_raises(self) -> None:
        gone = for_asyncio(self.proxy.ice_identity(Identity("gone")), self.loop)
        self.assertRaises(ObjectNotExistException, self.result, gone.ice_ping())

    def test_cancelling_the_future_gives_the_call_up(self) -> None:
        self.servant.gate = Deferred()
        future = self.calc.nothing()
        self.grid.simulation.run_for(1)
        future.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        connection = self.proxy.ice_getCachedConnection()
        self.assertEqual(len(connection.pending), 0)
        self.assertTrue(future.cancelled())

    def test_other_proxies_made_of_it_are_for_asyncio_too(self) -> None:
        other = self.calc.ice_context({"a": "b"})
        self.assertEqual(self.result(other.add(1, 2)), 3)
        self.assertEqual(self.servant.contexts[-1], {"a": "b"})
        self.assertEqual(other.proxy, self.proxy.ice_context({"a": "b"}))
        self.assertEqual(self.calc.ice_getIdentity(), Identity("object"))
        self.assertIn("for asyncio", repr(self.calc))
