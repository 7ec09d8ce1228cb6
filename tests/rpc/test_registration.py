"""What the registry is told, and what its refusals become; adapters with ids are in `test_adapter`."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice import locator as generated
from pushnet.rpc.exceptions import NotRegisteredException
from pushnet.rpc.registration import tell_registry
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.wire.identity import Identity
from tests.rpc.given import Grid


class NoRegistryI(generated.LocatorServant):
    def getRegistry(self, current: Current | None = None) -> None:
        return None


class StrictI(generated.LocatorRegistryServant):
    def setAdapterDirectProxy(self, id: str, proxy: ObjectPrx | None, current: Current | None = None) -> None:
        raise generated.AdapterNotFoundException()


class StrictLocatorI(generated.LocatorServant):
    registry: ObjectPrx

    def getRegistry(self, current: Current | None = None) -> ObjectPrx:
        return self.registry


class RegistrationTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.locator = self.grid.proxy("client", "object:tcp -h server -p 4000")

    def test_a_locator_without_a_registry_has_nobody_to_tell(self) -> None:
        self.grid.serve("server", NoRegistryI())
        self.assertIsNone(self.grid.wait(tell_registry(self.locator, "A", "", None)))
        self.assertIsNone(self.grid.wait(tell_registry(None, "A", "", None)))

    def test_an_adapter_the_registry_does_not_know_is_named(self) -> None:
        servant = StrictLocatorI()
        home = self.grid.serve("server", servant)
        servant.registry = home.add(StrictI(), Identity("registry"))
        with self.assertRaises(NotRegisteredException) as raised:
            self.grid.wait(tell_registry(self.locator, "A", "", None))
        self.assertEqual((raised.exception.kindOfObject, raised.exception.id), ("object adapter", "A"))
