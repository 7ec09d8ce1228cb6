"""An object adapter listens, houses objects, makes itself known, and ends without losing what was sent."""

from typing import Any

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice import locator as generated
from pushnet.rpc.exceptions import (
    AlreadyRegisteredException,
    IllegalIdentityException,
    IllegalServantException,
    LocalException,
    NotRegisteredException,
    ObjectAdapterDeactivatedException,
    ObjectAdapterIdInUseException,
    SocketException,
)
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.wire.errors import EndpointParseException
from pushnet.wire.identity import Identity
from tests.golden.calls import EverythingPrx
from tests.rpc.given import EverythingI, Grid


class ServantsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.adapter = self.grid.serve("server", EverythingI())

    def test_what_is_added_is_found_and_what_is_removed_is_not(self) -> None:
        servant = EverythingI()
        self.adapter.addFacet(servant, Identity("a"), "f")
        self.assertIs(self.adapter.findFacet(Identity("a"), "f"), servant)
        self.assertIsNone(self.adapter.find(Identity("a")))
        proxy = self.adapter.createProxy(Identity("a")).ice_facet("f")
        self.assertIs(self.adapter.findByProxy(proxy), servant)
        self.assertEqual(self.adapter.findAllFacets(Identity("a")), {"f": servant})
        self.assertIs(self.adapter.removeFacet(Identity("a"), "f"), servant)
        self.assertIsNone(self.adapter.findFacet(Identity("a"), "f"))

    def test_an_identity_of_its_own_is_made_for_who_has_none(self) -> None:
        first, second = self.adapter.addWithUUID(EverythingI()), self.adapter.addWithUUID(EverythingI())
        self.assertNotEqual(first.ice_getIdentity(), second.ice_getIdentity())

    def test_a_default_servant_serves_its_whole_category(self) -> None:
        servant = EverythingI()
        self.adapter.addDefaultServant(servant, "c")
        proxy = EverythingPrx(self.grid.proxy("client", "c/any:tcp -h server -p 4000").ice_reference)
        self.assertEqual(self.grid.wait(proxy.add(1, 2)), 3)
        self.assertIs(self.adapter.findDefaultServant("c"), servant)
        self.adapter.removeDefaultServant("c")
        self.assertIsNone(self.adapter.findDefaultServant("c"))

    def test_a_second_servant_of_an_identity_is_refused(self) -> None:
        with self.assertRaises(AlreadyRegisteredException) as raised:
            self.adapter.add(EverythingI(), Identity("object"))
        self.assertEqual((raised.exception.kindOfObject, raised.exception.id), ("servant", "object"))
        self.adapter.addFacet(EverythingI(), Identity("object", "c"), "a b")
        with self.assertRaises(AlreadyRegisteredException) as again:
            self.adapter.addFacet(EverythingI(), Identity("object", "c"), "a b")
        self.assertEqual(again.exception.id, "c/object -f a b")

    def test_nothing_is_no_servant_and_no_name_no_identity(self) -> None:
        nothing: Any = None
        self.assertRaises(IllegalServantException, self.adapter.add, nothing, Identity("a"))
        self.assertRaises(IllegalServantException, self.adapter.addDefaultServant, nothing, "")
        for call in (self.adapter.createProxy, self.adapter.find, self.adapter.remove):
            self.assertRaises(IllegalIdentityException, call, Identity("", "c"))

    def test_all_facets_of_an_object_can_be_removed_at_once(self) -> None:
        first, second = EverythingI(), EverythingI()
        self.adapter.add(first, Identity("a"))
        proxy = self.adapter.addFacet(second, Identity("a"), "f")
        self.assertEqual(str(proxy), "a -f f -t -e 1.1:tcp -h server -p 4000 -t 60000")
        self.assertEqual(self.adapter.removeAllFacets(Identity("a")), {"": first, "f": second})
        with self.assertRaises(NotRegisteredException) as raised:
            self.adapter.removeAllFacets(Identity("a"))
        self.assertEqual((raised.exception.kindOfObject, raised.exception.id), ("servant", "a"))
        self.assertEqual(self.adapter.findAllFacets(Identity("a")), {})

    def test_each_facet_is_called_by_its_name(self) -> None:
        facet = EverythingI()
        self.adapter.addFacet(facet, Identity("object"), "f")
        proxy = EverythingPrx(self.grid.proxy("client", "object -f f:tcp -h server -p 4000").ice_reference)
        self.grid.wait(proxy.nothing())
        self.assertEqual(facet.called, ["nothing"])
        self.assertIsNotNone(self.adapter.addFacetWithUUID(facet, "g").ice_getIdentity().name)

    def test_a_default_servant_is_found_where_it_would_serve(self) -> None:
        servant = EverythingI()
        self.adapter.addDefaultServant(servant, "c")
        self.assertIs(self.adapter.find(Identity("x", "c")), servant)
        self.assertIs(self.adapter.findFacet(Identity("x", "c"), "f"), servant)
        with self.assertRaises(AlreadyRegisteredException) as raised:
            self.adapter.addDefaultServant(servant, "c")
        self.assertEqual((raised.exception.kindOfObject, raised.exception.id), ("default servant", "c"))
        with self.assertRaises(NotRegisteredException):
            self.adapter.removeDefaultServant("d")


class LifeTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)

    def test_a_port_chosen_by_the_system_is_known_once_it_is_active(self) -> None:
        communicator = self.grid.communicator("server")
        adapter = communicator.createObjectAdapterWithEndpoints("A", "tcp -h server -p 0")
        adapter.add(EverythingI(), Identity("object"))
        self.grid.wait(adapter.activate())
        proxy = adapter.createProxy(Identity("object"))
        self.assertGreater(proxy.ice_getEndpoints()[0].port, 0)
        self.assertIsNone(self.grid.wait(self.grid.proxy("client", str(proxy)).ice_ping()))

    def test_what_is_published_may_differ_from_where_it_listens(self) -> None:
        communicator = self.grid.communicator("server", A_PublishedEndpoints="tcp -h outside -p 99")
        adapter = communicator.createObjectAdapterWithEndpoints("A", "tcp -h server -p 4000")
        self.assertIn("outside -p 99", str(adapter.createProxy(Identity("object"))))

    def test_what_is_published_can_be_changed_and_read_anew(self) -> None:
        communicator = self.grid.communicator("server", A_PublishedHost="outside")
        adapter = communicator.createObjectAdapterWithEndpoints("A", "tcp -h server -p 4000")
        self.assertIn("-h outside -p 4000", str(adapter.createProxy(Identity("object"))))
        other = self.grid.proxy("client", "x:tcp -h elsewhere -p 1").ice_getEndpoints()
        self.grid.wait(adapter.setPublishedEndpoints(other))
        self.assertEqual(adapter.getPublishedEndpoints(), other)
        self.assertIn("-h elsewhere -p 1", str(adapter.createProxy(Identity("object"))))
        self.grid.wait(adapter.refreshPublishedEndpoints())
        self.assertIn("-h outside -p 4000", str(adapter.createProxy(Identity("object"))))

    def test_its_proxies_have_the_options_its_property_says(self) -> None:
        communicator = self.grid.communicator("server", A_ProxyOptions="-o -f x")
        adapter = communicator.createObjectAdapterWithEndpoints("A", "tcp -h server -p 4000")
        self.assertEqual(
            str(adapter.createProxy(Identity("object"))), "object -o -e 1.1:tcp -h server -p 4000 -t 60000"
        )

    def test_an_address_that_is_taken_is_told_with_the_endpoint(self) -> None:
        self.grid.serve("server", EverythingI())
        communicator = self.grid.communicators["server"]
        with self.assertRaises(SocketException) as raised:
            communicator.createObjectAdapterWithEndpoints("B", "tcp -h server -p 4000")
        self.assertIn("4000", str(raised.exception))

    def test_a_kind_of_endpoint_that_cannot_be_listened_at_is_refused(self) -> None:
        communicator = self.grid.communicator("server")
        with self.assertRaises(EndpointParseException):
            communicator.createObjectAdapterWithEndpoints("A", "bt -a 1")

    def test_after_its_end_it_takes_neither_servants_nor_calls(self) -> None:
        adapter = self.grid.serve("server", EverythingI())
        self.grid.wait(adapter.deactivate())
        self.assertRaises(ObjectAdapterDeactivatedException, adapter.add, EverythingI(), Identity("x"))
        with self.assertRaises(SocketException):
            self.grid.wait(self.grid.proxy("client", "object:tcp -h server -p 4000").ice_ping())
        self.grid.wait(adapter.deactivate())

    def test_what_is_being_served_is_answered_before_the_end(self) -> None:
        servant, proxy = self.grid.pair()
        servant.gate = Deferred()
        call = proxy.nothing()
        self.grid.simulation.run_for(1)
        ending = Deferred.fromCoroutine(self.grid.communicators["server"].destroy())
        self.grid.simulation.run_for(1)
        self.assertNoResult(call)
        self.assertNoResult(ending)
        servant.gate.callback(None)
        self.assertIsNone(self.grid.wait(call))
        self.grid.wait(ending)

    def test_one_way_requests_sent_before_the_caller_knew_of_the_end_are_all_served(self) -> None:
        for seed in range(20):
            grid = Grid(self, seed)
            servant, proxy = grid.pair()
            grid.wait(proxy.add(1, 2))
            one_way = proxy.ice_oneway()
            sent = 0

            def send(one_way: EverythingPrx = one_way) -> None:
                nonlocal sent
                if one_way.ice_getCachedConnection() is not None and one_way.ice_getCachedConnection().active:
                    one_way.nothing()
                    sent += 1

            for number in range(200):
                grid.simulation.later(number / 1000, send)
            grid.simulation.run_for(0.1)
            grid.wait(grid.communicators["server"].destroy())
            grid.simulation.run_for(1)
            self.assertGreater(sent, 50)
            self.assertEqual(servant.called.count("nothing"), sent, f"seed {seed}")


class LocatorRegistryI(generated.LocatorRegistryServant):
    def __init__(self) -> None:
        self.told: list[tuple[str, str, str]] = []

    def setAdapterDirectProxy(self, id: str, proxy: ObjectPrx | None, current: Current | None = None) -> None:
        if id == "taken":
            raise generated.AdapterAlreadyActiveException()
        self.told.append((id, "", str(proxy)))

    def setReplicatedAdapterDirectProxy(
        self, id: str, group: str, proxy: ObjectPrx | None, current: Current | None = None
    ) -> None:
        if group == "closed":
            raise generated.InvalidReplicaGroupIdException()
        self.told.append((id, group, str(proxy)))


class LocatorI(generated.LocatorServant):
    def __init__(self, registry: ObjectPrx) -> None:
        self.registry = registry

    def getRegistry(self, current: Current | None = None) -> ObjectPrx:
        return self.registry


class RegistrationTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.registry = LocatorRegistryI()
        home = self.grid.serve("locator", self.registry, "registry")
        home.add(LocatorI(home.createProxy(Identity("registry"))), Identity("locator"))

    def serve(self, **properties: str) -> None:
        locator = "locator:tcp -h locator -p 4000"
        named = {f"adapter-4000_{key}": value for key, value in properties.items()}
        self.adapter = self.grid.serve("server", EverythingI(), Ice_Default_Locator=locator, **named)

    def test_an_adapter_with_an_id_is_made_known_and_taken_away(self) -> None:
        self.serve(AdapterId="A")
        self.assertEqual(str(self.adapter.createProxy(Identity("object"))), "object -t -e 1.1 @ A")
        self.grid.wait(self.adapter.deactivate())
        self.assertEqual([told[:2] for told in self.registry.told], [("A", ""), ("A", "")])
        self.assertIn("-h server -p 4000", self.registry.told[0][2])
        self.assertEqual(self.registry.told[1][2], "None")

    def test_the_registry_hears_of_other_endpoints(self) -> None:
        self.serve(AdapterId="A")
        other = self.grid.proxy("client", "x:tcp -h elsewhere -p 1").ice_getEndpoints()
        self.grid.wait(self.adapter.setPublishedEndpoints(other))
        self.assertIn("-h elsewhere -p 1", self.registry.told[-1][2])
        self.grid.simulation.host("locator").kill()
        with self.assertRaises(LocalException):
            self.grid.wait(self.adapter.refreshPublishedEndpoints(), 120)
        self.assertEqual(self.adapter.getPublishedEndpoints(), other)

    def test_a_locator_can_be_given_before_it_is_activated(self) -> None:
        communicator = self.grid.communicator("server", A_AdapterId="A")
        adapter = communicator.createObjectAdapterWithEndpoints("A", "tcp -h server -p 1")
        self.assertIsNone(adapter.getLocator())
        adapter.setLocator(self.grid.proxy("server", "locator:tcp -h locator -p 4000"))
        self.grid.wait(adapter.activate())
        self.assertEqual(self.registry.told[0][0], "A")

    def test_an_adapter_on_hold_stays_known(self) -> None:
        self.serve(AdapterId="A")
        self.adapter.hold()
        self.grid.wait(self.adapter.activate())
        self.assertEqual(len(self.registry.told), 1)

    def test_a_replica_is_made_known_in_its_group(self) -> None:
        self.serve(AdapterId="A", ReplicaGroupId="G")
        self.assertEqual(self.registry.told[0][:2], ("A", "G"))
        self.assertEqual(str(self.adapter.createProxy(Identity("object"))), "object -t -e 1.1 @ G")

    def test_a_refusal_of_the_registry_ends_the_activation_with_its_reason(self) -> None:
        with self.assertRaises(ObjectAdapterIdInUseException):
            self.serve(AdapterId="taken")
        self.grid.communicators.pop("server")
        self.grid.simulation.host("server").kill()
        with self.assertRaises(NotRegisteredException):
            self.serve(AdapterId="A", ReplicaGroupId="closed")

    def test_a_registry_that_is_gone_does_not_keep_it_from_ending(self) -> None:
        self.serve(AdapterId="A")
        self.grid.simulation.host("locator").kill()
        self.grid.wait(self.adapter.deactivate(), 120)
