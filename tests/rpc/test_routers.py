"""Calls through a router, which is told of each object once, and again when it has forgotten; callbacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice import router as generated
from pushnet.rpc.exceptions import (
    AlreadyRegisteredException,
    ConnectionRefusedException,
    NoEndpointException,
    ObjectNotExistException,
)
from pushnet.rpc.stubs import Blobject, Current, ObjectPrx
from pushnet.wire.identity import Identity
from tests.golden.calls import EverythingPrx
from tests.rpc.given import EverythingI, Grid


class Table:
    """What a router knows of its targets; keeps so many."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.targets: dict[Identity, ObjectPrx] = {}
        self.told: list[str] = []

    def add(self, proxies: Sequence[ObjectPrx | None]) -> list[ObjectPrx | None]:
        for proxy in proxies:
            assert proxy is not None
            self.told.append(proxy.ice_getIdentity().name)
            self.targets[proxy.ice_getIdentity()] = proxy
        evicted = list(self.targets)[: -self.size]
        return [self.targets.pop(identity) for identity in evicted]


class RouterI(generated.RouterServant):
    """A router without sessions."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.has_table: bool | None = True
        self.client: ObjectPrx | None = None
        self.server: ObjectPrx | None = None
        self.asked = 0

    def getClientProxy(self, current: Current | None = None) -> tuple[ObjectPrx | None, bool | None]:
        self.asked += 1
        return self.client, self.has_table

    def getServerProxy(self, current: Current | None = None) -> ObjectPrx | None:
        return self.server

    def addProxies(
        self, proxies: Sequence[ObjectPrx | None], current: Current | None = None
    ) -> list[ObjectPrx | None]:
        return self.table.add(proxies)


class Forwarder(Blobject):
    """Sends requests on to what the table says."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.callers: list[Any] = []

    async def ice_invoke(self, params: bytes, current: Current) -> Any:
        self.callers.append(current.con)
        target = self.table.targets.get(current.id)
        if target is None:
            raise ObjectNotExistException(current.id, current.facet, "ice_add_proxy")
        return await target.ice_invoke(current.operation, int(current.mode), params, current.ctx)


class RoutedCase(SynchronousTestCase):
    """A router between a client and a server."""

    def setUp(self) -> None:
        self.grid = Grid(self)
        self.servant = EverythingI()
        adapter = self.grid.serve("server", self.servant)
        for name in ("a", "b", "c"):
            adapter.add(self.servant, Identity(name))
        self.table = Table(2)
        self.router_i = RouterI(self.table)
        outside = self.grid.serve("router", self.router_i, "router")
        self.forwarder = Forwarder(self.table)
        outside.addDefaultServant(self.forwarder, "")
        self.router = self.grid.proxy("client", "router:tcp -h router -p 4000")

    def proxy(self, name: str) -> EverythingPrx:
        proxy = EverythingPrx(self.grid.proxy("client", f"{name}:tcp -h server -p 4000").ice_reference)
        return proxy.ice_router(self.router)


class RoutersTest(RoutedCase):
    def test_calls_go_to_the_router_which_is_told_once_of_each_object(self) -> None:
        for _ in range(2):
            self.assertEqual(self.grid.wait(self.proxy("a").add(1, 2)), 3)
        self.assertEqual(self.grid.wait(self.proxy("b").one()), 1)
        self.assertEqual(self.table.told, ["a", "b"])
        self.assertEqual(self.router_i.asked, 1)
        client = self.grid.communicators["client"]
        self.assertEqual(len(client._connections()), 1)

    def test_what_had_to_make_room_is_announced_again_when_it_is_called(self) -> None:
        proxies = [self.proxy(name) for name in "abc"]
        for proxy in proxies:
            self.grid.wait(proxy.add(1, 2))
        self.assertEqual(self.grid.wait(proxies[0].add(3, 4)), 7)
        self.assertEqual(self.grid.wait(self.proxy("c").add(3, 4)), 7)
        self.assertEqual(self.table.told, ["a", "b", "c", "a"])

    def test_a_router_that_has_forgotten_everything_is_told_again_whatever_the_operation(self) -> None:
        other = self.grid.communicator("strict", Ice_RetryIntervals="-1")
        text = "a:tcp -h server -p 4000"
        proxy = EverythingPrx(self.grid.proxy("strict", text).ice_reference)
        proxy = proxy.ice_router(other.stringToProxy("router:tcp -h router -p 4000"))
        self.grid.wait(proxy.add(1, 2))
        self.table.targets.clear()
        self.assertEqual(self.grid.wait(proxy.add(3, 4)), 7)
        self.assertEqual(self.table.told, ["a", "a"])

    def test_a_router_that_never_knows_is_not_told_for_ever(self) -> None:
        self.table.size = 0
        self.table.add = lambda proxies: self.table.told.append("x") or []  # type: ignore[method-assign]
        self.assertRaises(ObjectNotExistException, self.grid.wait, self.proxy("a").add(1, 2))
        self.assertTrue(2 < len(self.table.told) < 12)

    def test_a_router_without_a_table_is_told_nothing(self) -> None:
        self.router_i.has_table = False
        self.table.targets[Identity("a")] = self.grid.proxy("router", "a:tcp -h server -p 4000")
        self.assertEqual(self.grid.wait(self.proxy("a").add(1, 2)), 3)
        self.assertEqual(self.table.told, [])

    def test_an_indirect_proxy_needs_no_locator_with_a_router(self) -> None:
        self.table.targets[Identity("a")] = self.grid.proxy("router", "a:tcp -h server -p 4000")
        self.router_i.has_table = False
        proxy = self.grid.proxy("client", "a@Somewhere").ice_router(self.router)
        self.assertIsNone(self.grid.wait(proxy.ice_ping()))

    def test_the_router_may_say_where_requests_are_to_be_sent(self) -> None:
        self.grid.communicator("router").createObjectAdapterWithEndpoints("other", "tcp -h router -p 4100")
        self.router_i.client = self.grid.proxy("router", "dummy:tcp -h router -p 4100 -t 5")
        self.assertNoResult(self.proxy("a").add(1, 2))
        self.grid.simulation.run_for(1)
        connections = self.grid.communicators["client"]._connections()
        self.assertEqual([connection.getEndpoint().port for connection in connections], [4000, 4100])
        self.assertEqual(connections[1].getEndpoint().timeout_ms, 60_000)

    def test_a_router_is_called_without_a_router(self) -> None:
        client = self.grid.communicators["client"]
        client.setDefaultRouter(self.router)
        router = client.stringToProxy("router:tcp -h router -p 4000")
        assert router is not None
        self.assertEqual(router.ice_getRouter(), self.router)
        proxy = EverythingPrx(self.grid.proxy("client", "a:tcp -h server -p 4000").ice_reference)
        self.assertEqual(self.grid.wait(proxy.ice_router(router).add(1, 2)), 3)
        self.assertEqual(self.grid.wait(proxy.add(1, 2)), 3)
        self.assertEqual(self.table.told, ["a"])

    def test_a_router_that_is_not_there_fails_the_call(self) -> None:
        proxy = self.proxy("a").ice_router(self.grid.proxy("client", "router:tcp -h router -p 1"))
        self.assertRaises(ConnectionRefusedException, self.grid.wait, proxy.one())
        nowhere = self.proxy("a").ice_router(self.grid.proxy("client", "router"))
        self.assertRaises(NoEndpointException, self.grid.wait, nowhere.one())


class CallbackTest(RoutedCase):
    def setUp(self) -> None:
        super().setUp()
        self.router_i.server = self.grid.proxy("router", "dummy/c:tcp -h router -p 4200")
        self.client = self.grid.communicators["client"]

    def test_objects_of_an_adapter_with_a_router_are_called_through_it(self) -> None:
        adapter = self.grid.wait(self.client.createObjectAdapterWithRouter("Callbacks", self.router))
        callback = EverythingI()
        proxy = adapter.add(callback, Identity("callback", "c"))
        self.assertEqual(str(proxy), "c/callback -t -e 1.1:tcp -h router -p 4200 -t 60000")
        self.grid.wait(adapter.activate())
        self.grid.wait(self.proxy("a").add(1, 2))
        outward = EverythingPrx(
            self.forwarder.callers[0].createProxy(Identity("callback", "c")).ice_reference
        )
        self.assertEqual(self.grid.wait(outward.add(2, 3)), 5)
        self.assertEqual(callback.called, ["add"])

    def test_a_new_connection_to_the_router_serves_the_adapter_too(self) -> None:
        adapter = self.grid.wait(self.client.createObjectAdapterWithRouter("", self.router))
        adapter.add(EverythingI(), Identity("callback", "c"))
        self.grid.wait(adapter.activate())
        proxy = self.proxy("a")
        self.grid.wait(proxy.add(1, 2))
        self.grid.wait(self.grid.wait(proxy.ice_getConnection()).close())
        self.grid.wait(proxy.add(1, 2))
        outward = EverythingPrx(
            self.forwarder.callers[-1].createProxy(Identity("callback", "c")).ice_reference
        )
        self.assertEqual(self.grid.wait(outward.add(2, 3)), 5)

    def test_a_router_has_one_adapter_until_that_is_deactivated(self) -> None:
        first = self.grid.wait(self.client.createObjectAdapterWithRouter("First", self.router))
        with self.assertRaises(AlreadyRegisteredException):
            self.grid.wait(self.client.createObjectAdapterWithRouter("Second", self.router))
        self.grid.wait(first.deactivate())
        self.grid.wait(self.client.createObjectAdapterWithRouter("Second", self.router))

    def test_a_property_may_give_an_adapter_its_router(self) -> None:
        other = self.grid.communicator("other", A_Router="router:tcp -h router -p 4000")
        adapter = other.createObjectAdapter("A")
        self.grid.wait(adapter.activate())
        self.assertEqual(
            str(adapter.createProxy(Identity("x"))), "x -t -e 1.1:tcp -h router -p 4200 -t 60000"
        )

    def test_an_adapter_whose_router_is_not_there_is_not_made(self) -> None:
        gone = self.grid.proxy("client", "router:tcp -h router -p 1")
        for _ in range(2):
            with self.assertRaises(ConnectionRefusedException):
                self.grid.wait(self.client.createObjectAdapterWithRouter("A", gone))
