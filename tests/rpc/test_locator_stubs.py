"""The calls to a locator written by hand are those of its interface: tried against the generated skeleton."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice import locator as generated
from pushnet.rpc.locator_stubs import AdapterNotFound, InvalidReplicaGroupId, LocatorPrx, ObjectNotFound
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.wire.identity import Identity
from tests.rpc.given import Grid


class RegistryI(generated.LocatorRegistryServant):
    def __init__(self) -> None:
        self.told: list[tuple[str, ...]] = []

    def setAdapterDirectProxy(self, id: str, proxy: ObjectPrx | None, current: Current | None = None) -> None:
        self.told.append((id, str(proxy)))

    def setReplicatedAdapterDirectProxy(
        self, adapter: str, group: str, proxy: ObjectPrx | None, current: Current | None = None
    ) -> None:
        if group == "closed":
            raise generated.InvalidReplicaGroupIdException()
        self.told.append((adapter, group, str(proxy)))


class LocatorI(generated.LocatorServant):
    def __init__(self, registry: generated.LocatorRegistryPrx) -> None:
        self.registry = registry

    def findObjectById(self, id: Identity, current: Current | None = None) -> ObjectPrx:
        if id.name == "gone":
            raise generated.ObjectNotFoundException()
        return self.registry.ice_identity(id)

    def findAdapterById(self, id: str, current: Current | None = None) -> ObjectPrx:
        raise generated.AdapterNotFoundException()

    def getRegistry(self, current: Current | None = None) -> generated.LocatorRegistryPrx:
        return self.registry


class LocatorStubsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.registry = RegistryI()
        adapter = self.grid.serve("server", self.registry, "registry")
        proxy = generated.LocatorRegistryPrx(adapter.createProxy(Identity("registry")).ice_reference)
        adapter.add(LocatorI(proxy), Identity("locator"))
        found = self.grid.proxy("client", "locator:tcp -h server -p 4000")
        self.locator = LocatorPrx(found.ice_reference)

    def test_an_object_is_found_or_not(self) -> None:
        found = self.grid.wait(self.locator.findObjectById(Identity("there", "c")))
        self.assertEqual(found.ice_getIdentity(), Identity("there", "c"))
        with self.assertRaises(ObjectNotFound):
            self.grid.wait(self.locator.findObjectById(Identity("gone")))

    def test_an_adapter_that_is_not_known_raises_the_declared_exception(self) -> None:
        with self.assertRaises(AdapterNotFound):
            self.grid.wait(self.locator.findAdapterById("A"))

    def test_adapters_are_told_to_the_registry(self) -> None:
        registry = self.grid.wait(self.locator.getRegistry())
        self.grid.wait(registry.setAdapterDirectProxy("A", None))
        self.grid.wait(registry.setReplicatedAdapterDirectProxy("A", "G", registry))
        self.assertEqual(self.registry.told[0], ("A", "None"))
        self.assertEqual(self.registry.told[1][:2], ("A", "G"))
        with self.assertRaises(InvalidReplicaGroupId):
            self.grid.wait(registry.setReplicatedAdapterDirectProxy("A", "closed", registry))
