"""What a stock server may not register."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice.locator import (
    AdapterAlreadyActiveException,
    AdapterNotFoundException,
    InvalidReplicaGroupIdException,
    LocatorPrx,
    LocatorRegistryPrx,
)
from pushnet.rpc.acm import ConnectionClose
from pushnet.rpc.communicator import Communicator
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

    def stock(self, host: str) -> LocatorRegistryPrx:
        """A server at port 1000 of that host that has registered `Stock`: its way to the registry."""
        communicator = Communicator(self.grid.simulation.host(host).boot())
        adapter = communicator.createObjectAdapterWithEndpoints("Stock", f"tcp -h {host} -p 1000")
        self.grid.simulation.run_until(adapter.activate())
        address = f"tcp -h registry-1 -p {self.grid.settings.cluster.registry_port}"
        way = communicator.stringToProxy(f"IceGrid/LocatorRegistry:{address}")
        registry = LocatorRegistryPrx.uncheckedCast(way)
        offered = communicator.stringToProxy(f"dummy:tcp -h {host} -p 1000")
        assert registry is not None
        self.grid.simulation.run_until(registry.setAdapterDirectProxy("Stock", offered))
        return registry

    def place(self) -> str:
        """Where `Stock` is; empty: nowhere."""
        made = self.proxy(f"IceGrid/Locator:tcp -h registry-1 -p {self.grid.settings.cluster.registry_port}")
        locator = LocatorPrx.uncheckedCast(made)
        assert locator is not None
        try:
            found = self.grid.simulation.run_until(locator.findAdapterById("Stock"))
        except AdapterNotFoundException:
            return ""
        return str(found).partition("-h ")[2].partition(" ")[0]

    def test_an_id_that_another_took_over_meanwhile_is_given_back_as_it_answers(self) -> None:
        simulation = self.grid.simulation
        old = self.stock("old")
        simulation.host("old").pause()
        simulation.run_for(30.0)
        new = self.stock("new")
        simulation.host("old").resume()
        simulation.run_until(old.setAdapterDirectProxy("Stock", None))
        simulation.run_for(3.0)
        self.assertEqual(self.place(), "new")
        simulation.run_until(new.setAdapterDirectProxy("Stock", None))
        simulation.run_for(3.0)
        self.assertEqual(self.place(), "", "it was its own")

    def test_a_server_that_ends_after_its_connection_was_closed_is_gone_for_good(self) -> None:
        own = self.stock("own")
        closing = self.grid.simulation.run_until(own.ice_getConnection()).close(ConnectionClose.Gracefully)
        self.grid.simulation.run_until(closing)
        self.grid.simulation.run_until(own.setAdapterDirectProxy("Stock", None))
        self.grid.kill("own")
        self.grid.simulation.run_for(5.0)
        self.assertEqual(self.place(), "")

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
