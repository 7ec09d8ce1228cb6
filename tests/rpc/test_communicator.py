"""A communicator makes proxies and adapters, and takes everything of its own down with it."""

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.exceptions import (
    AlreadyRegisteredException,
    CommunicatorDestroyedException,
)
from pushnet.wire.errors import ProtocolException
from pushnet.wire.identity import Identity
from tests.rpc.given import EverythingI, Grid


class CommunicatorTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.communicator = self.grid.communicator(
            "node", Given="object:default -p 5", Ice_Default_Host="here"
        )

    def test_a_proxy_is_made_of_text_and_back(self) -> None:
        proxy = self.communicator.stringToProxy("c/o -f f:tcp -h h -p 7 -t 60000")
        self.assertEqual(self.communicator.proxyToString(proxy), "c/o -f f -t -e 1.1:tcp -h h -p 7 -t 60000")
        self.assertIsNone(self.communicator.stringToProxy(""))
        self.assertEqual(self.communicator.proxyToString(None), "")

    def test_a_property_may_hold_a_proxy_and_defaults_fill_it(self) -> None:
        self.assertEqual(
            str(self.communicator.propertyToProxy("Given")), "object -t -e 1.1:tcp -h here -p 5 -t 60000"
        )
        self.assertIsNone(self.communicator.propertyToProxy("Missing"))

    def test_identities_are_made_of_text_and_back(self) -> None:
        self.assertEqual(self.communicator.stringToIdentity("c/n"), Identity("n", "c"))
        self.assertEqual(self.communicator.identityToString(Identity("a/b", "")), "a\\/b")

    def test_the_endpoints_an_adapter_is_made_with_are_its_property(self) -> None:
        communicator = self.grid.communicator("server")
        communicator.createObjectAdapterWithEndpoints("A", "tcp -h server -p 9")
        self.assertNotIn("A.Endpoints", communicator.getProperties().getUnusedProperties())
        self.assertEqual(communicator.getProperties().getProperty("A.Endpoints"), "tcp -h server -p 9")

    def test_two_adapters_cannot_share_a_name(self) -> None:
        self.communicator.createObjectAdapterWithEndpoints("A", "")
        with self.assertRaises(AlreadyRegisteredException):
            self.communicator.createObjectAdapterWithEndpoints("A", "")

    def test_an_adapter_takes_its_endpoints_from_its_property(self) -> None:
        grid = Grid(self, 2)
        communicator = grid.communicator("node", A_Endpoints="tcp -h node -p 4100")
        adapter = communicator.createObjectAdapter("A")
        adapter.add(EverythingI(), Identity("object"))
        grid.wait(adapter.activate())
        self.assertIsNone(grid.wait(grid.proxy("client", "object:tcp -h node -p 4100").ice_ping()))

    def test_whoever_waits_for_its_shutdown_is_told_when_its_adapters_are_down(self) -> None:
        self.grid.serve("node", EverythingI())
        early = self.communicator.waitForShutdown()
        self.assertFalse(self.communicator.isShutdown())
        self.assertNoResult(early)
        self.communicator.shutdown()
        self.assertTrue(self.communicator.isShutdown())
        self.grid.wait(early)
        self.assertIsNone(self.successResultOf(self.communicator.waitForShutdown()))

    def test_one_that_is_shut_down_still_calls_others(self) -> None:
        _, proxy = self.grid.pair()
        client = self.grid.communicators["client"]
        client.shutdown()
        self.assertEqual(self.grid.wait(proxy.add(1, 2)), 3)
        self.grid.wait(client.destroy())
        self.assertTrue(client.isShutdown())

    def test_it_may_be_used_as_a_context_that_destroys_it(self) -> None:
        async def use() -> None:
            async with self.communicator as same:
                self.assertIs(same, self.communicator)

        self.grid.wait(use())
        self.assertTrue(self.communicator.destroyed)

    def test_flushing_it_flushes_what_fixed_proxies_have_gathered(self) -> None:
        servant, proxy = self.grid.pair()
        fixed = proxy.ice_fixed(self.grid.wait(proxy.ice_getConnection()))
        one, other, own = fixed.ice_batchOneway(), fixed.ice_batchOneway(), proxy.ice_batchOneway()
        for batch in (one, other, own):
            batch.nothing()
        self.grid.wait(self.grid.communicators["client"].flushBatchRequests())
        self.grid.simulation.run_for(1)
        self.assertEqual(servant.called, ["nothing"] * 2)

    def test_destroying_it_ends_its_adapters_and_connections(self) -> None:
        servant, proxy = self.grid.pair()
        self.grid.wait(proxy.ice_ping())
        server = self.grid.communicators["server"]
        self.grid.wait(server.destroy())
        self.grid.simulation.run_for(1)
        self.assertEqual(self.grid.communicators["client"]._connections(), [])
        with self.assertRaises(CommunicatorDestroyedException):
            server.createObjectAdapterWithEndpoints("B", "")
        self.assertEqual(servant.called, [])

    def test_who_gives_up_waiting_for_its_end_waits_for_no_peer(self) -> None:
        _, proxy = self.grid.pair()
        self.grid.wait(proxy.ice_ping())
        ending = ensureDeferred(self.grid.communicators["client"].destroy())
        self.assertNoResult(ending)
        ending.cancel()
        self.assertIsNone(self.successResultOf(ending))
        self.assertEqual(self.flushLoggedErrors(), [])

    def test_an_idle_connection_stays_alive_for_hours(self) -> None:
        _, proxy = self.grid.pair()
        self.grid.wait(proxy.add(1, 2))
        connection = proxy.ice_getCachedConnection()
        self.grid.simulation.run_for(2 * 3600)
        self.assertEqual(self.grid.wait(proxy.add(1, 2)), 3)
        self.assertIs(proxy.ice_getCachedConnection(), connection)

    def test_text_that_is_no_proxy_is_an_error_that_shows_it(self) -> None:
        for text in ("object -q", "object:nothing -h", "@", "ob ject", '"object'):
            with self.assertRaises(Exception) as raised:
                self.communicator.stringToProxy(text)
            self.assertNotIsInstance(raised.exception, ProtocolException)
            self.assertIn(text.split()[0].strip('"')[:2], str(raised.exception))
