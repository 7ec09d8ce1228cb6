"""What a stock server may not register."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice.locator import (
    AdapterAlreadyActiveException,
    AdapterNotFoundException,
    InvalidReplicaGroupIdException,
    LocatorRegistryPrx,
)
from pushnet.rpc.stubs import ObjectPrx
from tests.roles.simgrid import SimGrid


class RegistrationTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = SimGrid(self)
        self.grid.start_registry()
        self.grid.start_node("tagalias-1", 1)
        address = f"tcp -h registry-1 -p {self.grid.settings.cluster.registry_port}"
        made = LocatorRegistryPrx.uncheckedCast(self.proxy(f"IceGrid/LocatorRegistry:{address}"))
        assert made is not None
        self.registry = made

    def proxy(self, text: str) -> ObjectPrx:
        made = self.grid.observer().stringToProxy(text)
        assert made is not None
        return made

    def register(self, adapter_id: str, text: str, group: str = "") -> None:
        call = self.registry.setReplicatedAdapterDirectProxy(adapter_id, group, self.proxy(text))
        self.grid.simulation.run_until(call)

    def test_the_id_of_a_node(self) -> None:
        with self.assertRaises(AdapterAlreadyActiveException):
            self.register("tagalias-1", "dummy:tcp -h stock-1 -p 1")
        self.grid.simulation.run_until(self.registry.setAdapterDirectProxy("tagalias-1", None))
        self.assertEqual([member.adapterId for member in self.grid.replicas("TagAlias")], ["tagalias-1"])

    def test_the_name_of_a_group(self) -> None:
        taken = self.registry.setAdapterDirectProxy("TagAlias", self.proxy("dummy:tcp -h stock-1 -p 1"))
        with self.assertRaises(AdapterAlreadyActiveException):
            self.grid.simulation.run_until(taken)

    def test_a_group_with_the_name_of_an_adapter(self) -> None:
        with self.assertRaises(InvalidReplicaGroupIdException):
            self.register("Stock", "dummy:tcp -h stock-1 -p 1", "tagalias-1")

    def test_an_adapter_that_is_nowhere(self) -> None:
        with self.assertRaises(AdapterNotFoundException):
            self.register("Stock", "dummy@Elsewhere")

    def test_a_name_that_is_none(self) -> None:
        with self.assertRaises(AdapterNotFoundException):
            self.register("x" * 300, "dummy:tcp -h stock-1 -p 1")
