"""A stock Ice client outside and our relay: sessions, calls inwards, callbacks outwards, refusals."""

from __future__ import annotations

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.trial.unittest import TestCase

from pushnet.app.node import make_node
from pushnet.app.realworld import RealWorld
from pushnet.gen.pushnet.broker import BrokerPrx, BrokerServant
from pushnet.grid.settings import ClusterSettings, NodeSettings, RelaySettings, Settings
from pushnet.grid.wellknown import WellKnown
from pushnet.roles.membership import Membership
from pushnet.roles.password import hash_password
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import ObjectNotExistException
from pushnet.rpc.stubs import Current
from pushnet.wire.identity import Identity
from tests.interop.stock import Program, compile_slices, free_port, require_ice

INSIDE = Identity("b1", "broker")
HIDDEN = Identity("hidden", "")


class BrokerI(BrokerServant):
    """An object inside, which keeps what it hears."""

    def __init__(self) -> None:
        self.contexts: list[dict[str, str]] = []
        self.evicted: Deferred[tuple[str, int, int]] = Deferred()

    def stats(self, current: Current | None = None) -> dict[str, float]:
        assert current is not None
        self.contexts.append(dict(current.ctx))
        return {"connections": 3.0}

    def evict(self, app: str, ordinal: int, epoch: int, current: Current | None = None) -> None:
        self.evicted.callback((app, ordinal, epoch))


class RelayCase(TestCase):
    """Registry, relay and an object inside in this process; the client in its own."""

    timeout = 60
    session_timeout_s = 60

    async def setUp(self) -> None:
        require_ice(self)
        self.compiled = compile_slices(self)
        self.relay_port = free_port()
        users = {"ann": hash_password("right", bytes(16))}
        relay = RelaySettings(
            host="127.0.0.1", port=self.relay_port, session_timeout_s=self.session_timeout_s, users=users
        )
        self.inside = NodeSettings(name="broker-1", role="broker")
        nodes = [
            NodeSettings(name="registry-1", role="registry"),
            NodeSettings(name="relay-1", role="relay", relay=relay),
            self.inside,
        ]
        cluster = ClusterSettings(secret="x" * 16, registry_port=free_port(), lease_s=2.0)
        self.settings = Settings(cluster=cluster, node=nodes)
        for name in ("registry-1", "relay-1"):
            node = make_node(RealWorld(reactor, self.mktemp()), self.settings, name)
            node.startService()
            self.addCleanup(node.stopService)
            await node.started
        await self.offer_inside()

    async def offer_inside(self) -> None:
        """An object that is well known, and one that is there but not registered."""
        world = RealWorld(reactor, self.mktemp())
        properties = {"Ice.Default.Locator": self.settings.locator}
        self.communicator = Communicator(world, properties=properties)
        self.addCleanup(self.communicator.destroy)
        self.broker = BrokerI()
        adapter = self.communicator.createObjectAdapterWithEndpoints("inside", "tcp -h 127.0.0.1 -p 0")
        adapter.add(self.broker, INSIDE)
        adapter.add(self.broker, HIDDEN)
        await adapter.activate()
        self.hidden = self.communicator.proxyToString(adapter.createProxy(HIDDEN))
        membership = Membership(world, self.communicator, self.settings, self.inside)
        membership.offer(adapter, "", [WellKnown(INSIDE, "::PushNet::Broker")])
        await membership.start()
        self.addCleanup(membership.stop)

    async def client(self) -> Program:
        router = f"--Ice.Default.Router=Glacier2/router:tcp -h 127.0.0.1 -p {self.relay_port}"
        client = Program("stock_relay_client.py", self.compiled, router)
        self.addCleanup(client.kill)
        self.assertEqual(await client.line(), "ready")
        return client

    async def session(self) -> Program:
        client = await self.client()
        self.assertEqual(await client.ask("login ann right"), "session None")
        return client


class SessionTests(RelayCase):
    async def test_a_client_with_a_session_calls_inside_two_way_and_one_way(self) -> None:
        client = await self.session()
        self.assertEqual(await client.ask("stats broker/b1"), "{'connections': 3.0}")
        self.assertEqual(await client.ask("evict broker/b1 42"), "sent")
        self.assertEqual(await self.broker.evicted, ("app", 7, 42))

    async def test_a_wrong_password_and_an_unknown_user_are_denied_alike(self) -> None:
        client = await self.client()
        denied = "! PermissionDeniedException user or password is wrong"
        self.assertEqual(await client.ask("login ann wrong"), denied)
        self.assertEqual(await client.ask("login bob right"), denied)
        self.assertEqual(await client.ask("login ann right"), "session None")

    async def test_a_session_by_certificate_is_denied_with_the_reason(self) -> None:
        client = await self.client()
        said = await client.ask("secure")
        self.assertTrue(said.startswith("! PermissionDeniedException"), said)
        self.assertIn("user and password", said)

    async def test_a_connection_has_one_session(self) -> None:
        client = await self.session()
        said = await client.ask("login ann right")
        self.assertEqual(said, "! CannotCreateSessionException session exists")

    async def test_the_client_is_told_limits_and_category(self) -> None:
        client = await self.session()
        self.assertEqual((await client.ask("limits")).split()[0], "60")
        self.assertEqual(await client.ask("category"), "20 characters")
        self.assertEqual(await client.ask("refresh"), "refreshed")

    async def test_without_a_session_a_call_costs_the_connection(self) -> None:
        client = await self.client()
        self.assertEqual(await client.ask("stats broker/b1"), "! ConnectionLostException")
        self.assertEqual(self.broker.contexts, [])

    async def test_a_destroyed_session_calls_no_more(self) -> None:
        client = await self.session()
        await client.ask("stats broker/b1")
        self.assertEqual(await client.ask("destroy"), "destroyed")
        self.assertTrue((await client.ask("stats broker/b1")).startswith("! "))
        self.assertEqual(len(self.broker.contexts), 1)

    async def test_what_only_the_grid_may_say_is_not_forwarded(self) -> None:
        client = await self.session()
        await client.ask("stats_in_context broker/b1 _con.peerCert _pn.tok _fwd _ovrd mine")
        (context,) = self.broker.contexts
        self.assertEqual(context.get("mine"), "forged")
        self.assertFalse({"_con.peerCert", "_pn.tok", "_fwd", "_ovrd"} & set(context))


class RefusalTests(RelayCase):
    async def test_objects_of_the_grid_itself_are_not_to_be_called(self) -> None:
        client = await self.session()
        said = await client.ask("stats PushNet/Registry")
        self.assertTrue(said.startswith("! ObjectNotExistException Registry"), said)
        self.assertEqual(await client.ask("stats broker/b1"), "{'connections': 3.0}")

    async def test_an_unknown_object_does_not_exist(self) -> None:
        client = await self.session()
        said = await client.ask("stats nobody")
        self.assertTrue(said.startswith("! ObjectNotExistException nobody"), said)

    async def test_the_relay_does_not_connect_to_where_a_client_says(self) -> None:
        client = await self.session()
        said = await client.ask(f"stats '{self.hidden}'")
        self.assertTrue(said.startswith("! ObjectNotExistException hidden"), said)
        self.assertEqual(self.broker.contexts, [])


class CallbackTests(RelayCase):
    async def test_an_object_of_the_client_is_called_from_inside(self) -> None:
        client = await self.session()
        proxy = BrokerPrx.uncheckedCast(self.communicator.stringToProxy(await client.ask("callback")))
        assert proxy is not None
        await proxy.evict("app", 1, 2)
        self.assertEqual(await proxy.stats(), {"called back": 1.0})

    async def test_a_guessed_category_reaches_nobody(self) -> None:
        client = await self.session()
        proxy = BrokerPrx.uncheckedCast(self.communicator.stringToProxy(await client.ask("callback")))
        assert proxy is not None
        guess = BrokerPrx.uncheckedCast(proxy.ice_identity(Identity("callback", "x" * 20)))
        assert guess is not None
        with self.assertRaises(ObjectNotExistException):
            await guess.stats()


class TimeoutTests(RelayCase):
    session_timeout_s = 1

    async def test_a_silent_session_ends_and_its_connection_with_it(self) -> None:
        client = await self.session()
        self.assertEqual(await client.ask("wait_for_close"), "closed")
