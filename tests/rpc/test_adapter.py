"""An object adapter listens, houses objects, makes itself known, and ends without losing what was sent."""

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice import locator as generated
from pushnet.rpc.exceptions import (
    AlreadyRegisteredException,
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
        self.assertIs(self.adapter.find(Identity("a"), "f"), servant)
        self.assertEqual(self.adapter.findAllFacets(Identity("a")), {"f": servant})
        self.assertIs(self.adapter.remove(Identity("a"), "f"), servant)
        self.assertIsNone(self.adapter.find(Identity("a"), "f"))

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
        self.assertRaises(AlreadyRegisteredException, self.adapter.add, EverythingI(), Identity("object"))


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

    def test_an_address_that_is_taken_is_told_with_the_endpoint(self) -> None:
        self.grid.serve("server", EverythingI())
        communicator = self.grid.communicators["server"]
        second = communicator.createObjectAdapterWithEndpoints("B", "tcp -h server -p 4000")
        with self.assertRaises(SocketException) as raised:
            self.grid.wait(second.activate())
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
