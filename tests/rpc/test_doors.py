"""Who comes to an adapter that is not active waits inside; who is one too many is turned away."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.exceptions import LocalException, ObjectAdapterDeactivatedException, SocketException
from pushnet.rpc.stubs import Current
from pushnet.wire.identity import Identity
from tests.golden.calls import EverythingPrx
from tests.rpc.given import EverythingI, Grid


class StoringI(EverythingI):
    def bytes(self, value: bytes, current: Current | None = None) -> bytes:
        return value[:1]


class HoldTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.servant = StoringI()

    def adapter(self, endpoints: str = "tcp -h server -p 4000", **properties: str) -> ObjectAdapter:
        communicator = self.grid.communicator("server", **properties)
        adapter = communicator.createObjectAdapterWithEndpoints("A", endpoints)
        adapter.add(self.servant, Identity("object"))
        return adapter

    def proxy(self, endpoint: str = "tcp -h server -p 4000") -> EverythingPrx:
        return EverythingPrx(self.grid.proxy("client", f"object:{endpoint}").ice_reference)

    def test_an_adapter_knows_its_ports_from_the_beginning(self) -> None:
        adapter = self.adapter("tcp -h server -p 0:udp -h server -p 0")
        ports = [endpoint.port for endpoint in adapter.getEndpoints()]
        self.assertNotIn(0, ports)
        self.grid.wait(adapter.activate())
        self.assertEqual([endpoint.port for endpoint in adapter.getEndpoints()], ports)

    def test_who_comes_before_it_is_active_is_let_in_when_it_is(self) -> None:
        adapter = self.adapter()
        call = self.proxy().add(1, 2)
        self.grid.simulation.run_for(3)
        self.assertNoResult(call)
        self.assertEqual(len(adapter.connections), 1)
        self.grid.wait(adapter.activate())
        self.assertEqual(self.grid.wait(call), 3)

    def test_who_comes_by_websocket_waits_as_well(self) -> None:
        adapter = self.adapter("ws -h server -p 4000")
        call = self.proxy("ws -h server -p 4000").add(1, 2)
        self.grid.simulation.run_for(3)
        self.assertNoResult(call)
        self.grid.wait(adapter.activate())
        self.assertEqual(self.grid.wait(call), 3)
        adapter.hold()
        second = self.proxy("ws -h server -p 4000").add(1, 2)
        self.grid.simulation.run_for(3)
        self.assertNoResult(second)
        adapter.activate()
        self.assertEqual(self.grid.wait(second), 3)

    def test_who_comes_before_it_is_active_sees_it_go_when_it_is_never(self) -> None:
        adapter = self.adapter()
        call = self.proxy().add(1, 2)
        self.grid.simulation.run_for(1)
        self.grid.wait(adapter.destroy())
        with self.assertRaises(LocalException):
            self.grid.wait(call)

    def test_on_hold_what_is_being_served_is_answered_and_nothing_new_is_begun(self) -> None:
        adapter = self.adapter()
        self.grid.wait(adapter.activate())
        self.servant.gate = Deferred()
        first = self.proxy().nothing()
        self.grid.simulation.run_for(1)
        adapter.hold()
        resting = adapter.waitForHold()
        second = self.proxy().add(1, 2)
        self.grid.simulation.run_for(1)
        self.assertNoResult(resting)
        self.assertNoResult(second)
        self.servant.gate.callback(None)
        self.assertIsNone(self.grid.wait(first))
        self.grid.wait(resting)
        self.assertEqual(self.servant.called, ["nothing"])
        self.grid.wait(adapter.activate())
        self.assertEqual(self.grid.wait(second), 3)

    def test_to_wait_for_hold_is_to_wait_until_somebody_holds_or_ends_it(self) -> None:
        adapter = self.adapter("tcp -h server -p 4000")
        self.grid.wait(adapter.activate())
        waiting = [adapter.waitForHold(), adapter.waitForHold()]
        self.grid.simulation.run_for(1)
        self.assertNoResult(waiting[0])
        adapter.hold()
        for each in waiting:
            self.assertIsNone(self.successResultOf(each))
        self.grid.wait(adapter.activate())
        again = adapter.waitForHold()
        self.grid.wait(adapter.deactivate())
        self.assertIsNone(self.successResultOf(again))

    def test_datagrams_are_kept_while_it_is_on_hold(self) -> None:
        adapter = self.adapter("udp -h server -p 4000")
        proxy = self.proxy("udp -h server -p 4000").ice_datagram()
        self.grid.wait(proxy.nothing())
        self.grid.simulation.run_for(1)
        self.assertEqual(self.servant.called, [])
        self.grid.wait(adapter.activate())
        self.assertEqual(self.servant.called, ["nothing"])
        adapter.hold()
        for _ in range(300):
            self.grid.wait(proxy.nothing())
        self.grid.simulation.run_for(1)
        self.grid.wait(adapter.activate())
        self.assertLessEqual(len(self.servant.called), 257)

    def test_holding_and_activating_in_turn_loses_nothing(self) -> None:
        adapter = self.adapter()
        self.grid.wait(adapter.activate())
        proxy, done = self.proxy(), []
        for number in range(100):
            proxy.add(number, 0).addCallback(done.append)
            self.grid.simulation.run_for(0.003)
            adapter.hold()
            self.grid.simulation.run_for(0.003)
            adapter.activate()
        self.grid.simulation.run_for(1)
        self.assertEqual(done, list(range(100)))

    def test_an_adapter_on_hold_ends_in_an_orderly_way(self) -> None:
        adapter = self.adapter()
        self.grid.wait(adapter.activate())
        self.grid.wait(self.proxy().add(1, 2))
        adapter.hold()
        waiting = adapter.waitForDeactivate()
        self.grid.simulation.run_for(1)
        self.assertNoResult(waiting)
        self.grid.wait(adapter.deactivate())
        self.grid.wait(waiting)
        self.assertEqual(adapter.connections, [])

    def test_more_connections_than_allowed_are_turned_away(self) -> None:
        self.grid.wait(self.adapter(A_MaxConnections="2").activate())
        for name in ("a", "b"):
            self.grid.wait(self.proxy().ice_connectionId(name).add(1, 2))
        with self.assertRaises(LocalException):
            self.grid.wait(self.proxy().ice_connectionId("c").add(1, 2))
        self.assertEqual(self.grid.wait(self.proxy().ice_connectionId("a").add(1, 2)), 3)

    def test_websockets_are_counted_too(self) -> None:
        self.grid.wait(self.adapter("ws -h server -p 4000", A_MaxConnections="1").activate())
        proxy = self.proxy("ws -h server -p 4000")
        self.grid.wait(proxy.ice_connectionId("a").add(1, 2))
        with self.assertRaises(LocalException):
            self.grid.wait(proxy.ice_connectionId("b").add(1, 2))

    def test_its_messages_may_have_a_limit_of_their_own(self) -> None:
        self.grid.wait(self.adapter(A_MessageSizeMax="1").activate())
        self.assertEqual(self.grid.wait(self.proxy().bytes(b"x" * 900)), b"x")
        with self.assertRaises(LocalException):
            self.grid.wait(self.proxy().bytes(b"x" * 2000))


class EndTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)

    def test_whatever_is_asked_of_an_ended_adapter_says_that_it_is(self) -> None:
        servant = EverythingI()
        adapter = self.grid.serve("server", servant)
        self.grid.wait(adapter.deactivate())
        self.assertEqual(len(adapter.getEndpoints()), 1)
        self.grid.wait(adapter.destroy())
        identity = Identity("object")
        proxy = self.grid.proxy("client", "object")
        refused: list[tuple[Any, ...]] = [
            (adapter.activate,),
            (adapter.hold,),
            (adapter.waitForHold,),
            (adapter.add, servant, identity),
            (adapter.addWithUUID, servant),
            (adapter.addFacetWithUUID, servant, "f"),
            (adapter.addDefaultServant, servant, ""),
            (adapter.addServantLocator, None, ""),
            (adapter.remove, identity),
            (adapter.removeAllFacets, identity),
            (adapter.removeDefaultServant, ""),
            (adapter.removeServantLocator, ""),
            (adapter.find, identity),
            (adapter.findAllFacets, identity),
            (adapter.findByProxy, proxy),
            (adapter.findDefaultServant, ""),
            (adapter.findServantLocator, ""),
            (adapter.createProxy, identity),
            (adapter.createDirectProxy, identity),
            (adapter.createIndirectProxy, identity),
            (adapter.setLocator, None),
            (adapter.setPublishedEndpoints, ()),
            (adapter.refreshPublishedEndpoints,),
            (adapter.use, None),
        ]
        for call, *arguments in refused:
            with self.assertRaises(ObjectAdapterDeactivatedException) as raised:
                call(*arguments)
            self.assertEqual(raised.exception.name, adapter.getName())
        self.assertEqual((adapter.getEndpoints(), adapter.getPublishedEndpoints()), ((), ()))
        self.assertIsNone(adapter.getLocator())
        self.assertTrue(adapter.isDeactivated())
        self.grid.wait(adapter.deactivate())
        self.grid.wait(adapter.waitForDeactivate())

    def test_the_end_begins_when_it_is_asked_for_not_when_somebody_waits_for_it(self) -> None:
        adapter = self.grid.serve("server", EverythingI())
        adapter.deactivate()
        self.assertTrue(adapter.isDeactivated())
        self.grid.simulation.run_for(1)
        with self.assertRaises(SocketException):
            self.grid.wait(self.grid.proxy("client", "object:tcp -h server -p 4000").ice_ping())

    def test_a_servant_may_end_its_own_adapter_and_is_answered_first(self) -> None:
        class EndingI(EverythingI):
            def nothing(self, current: Current | None = None) -> None:
                assert current is not None
                current.adapter.deactivate()

        self.grid.serve("server", EndingI())
        proxy = EverythingPrx(self.grid.proxy("client", "object:tcp -h server -p 4000").ice_reference)
        self.assertIsNone(self.grid.wait(proxy.nothing()))

    def test_a_connection_forgets_an_adapter_that_ends_and_takes_none_that_has(self) -> None:
        _servant, proxy = self.grid.pair()
        connection = self.grid.wait(proxy.ice_getConnection())
        adapter = self.grid.communicator("client").createObjectAdapter("")
        connection.setAdapter(adapter)
        self.assertIs(connection.getAdapter(), adapter)
        self.grid.wait(adapter.destroy())
        self.assertIsNone(connection.getAdapter())
        self.assertRaises(ObjectAdapterDeactivatedException, connection.setAdapter, adapter)
