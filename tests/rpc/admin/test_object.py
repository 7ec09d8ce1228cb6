"""The admin object is there when properties say so, with the facets they ask for."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice import locator as generated
from pushnet.gen.ice.process import ProcessPrx
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import (
    AlreadyRegisteredException,
    CommunicatorDestroyedException,
    FacetNotExistException,
    InitializationException,
    NotRegisteredException,
)
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.wire.identity import Identity
from tests.rpc.given import EverythingI, Grid

BUILT_IN = {"Logger", "Metrics", "Process", "Properties"}


class AdminCase(SynchronousTestCase):
    """A communicator on `server` with an admin object, and proxies of its facets on `client`."""

    def setUp(self) -> None:
        self.grid = Grid(self)

    def server(self, **properties: str) -> Communicator:
        given = {"Ice_Admin_Endpoints": "tcp -h server -p 1", "Ice_Admin_InstanceName": "inst", **properties}
        return self.grid.communicator("server", **given)

    def facet(self, name: str) -> ObjectPrx:
        return self.grid.proxy("client", f"inst/admin -f {name}:tcp -h server -p 1")


class AdminTest(AdminCase):
    def test_without_endpoints_there_is_none(self) -> None:
        communicator = self.grid.communicator("server")
        self.assertIsNone(communicator.getAdmin())
        self.assertEqual(communicator.findAllAdminFacets(), {})
        with self.assertRaises(InitializationException) as raised:
            communicator.createAdmin(None, Identity("x"))
        self.assertEqual(str(raised.exception), "Admin is disabled")

    def test_with_endpoints_and_a_name_it_is_there_from_the_beginning(self) -> None:
        communicator = self.server()
        self.assertEqual(str(communicator.getAdmin()), "inst/admin -t -e 1.1:tcp -h server -p 1 -t 60000")
        self.assertEqual(set(communicator.findAllAdminFacets()), BUILT_IN)
        self.assertEqual(
            self.grid.wait(self.facet("Metrics").ice_ids()), ["::Ice::Object", "::IceMX::MetricsAdmin"]
        )
        for facet in (self.facet("Nope"), self.facet("Nope").ice_facet("")):
            with self.assertRaises(FacetNotExistException):
                self.grid.wait(facet.ice_ping())
        with self.assertRaises(InitializationException) as raised:
            communicator.createAdmin(None, Identity("x"))
        self.assertEqual(str(raised.exception), "Admin already created")

    def test_it_can_wait_until_it_is_asked_for(self) -> None:
        communicator = self.server(Ice_Admin_DelayCreation="1")
        communicator.addAdminFacet(EverythingI(), "mine")
        self.assertIsNotNone(communicator.getAdmin())
        self.assertIsNone(self.grid.wait(self.facet("mine").ice_ping()))

    def test_without_a_name_of_the_instance_it_has_one_that_nobody_can_guess(self) -> None:
        admin = self.server(Ice_Admin_InstanceName="").getAdmin()
        assert admin is not None
        self.assertEqual(admin.ice_getIdentity().name, "admin")
        self.assertEqual(len(admin.ice_getIdentity().category), 36)
        there = self.grid.proxy("client", str(admin.ice_facet("Process")))
        self.assertIsNone(self.grid.wait(there.ice_ping()))

    def test_it_can_be_switched_off(self) -> None:
        self.assertIsNone(self.server(Ice_Admin_Enabled="0").getAdmin())

    def test_it_can_be_in_an_adapter_of_the_program(self) -> None:
        communicator = self.grid.communicator("server", Ice_Admin_Enabled="1")
        with self.assertRaises(InitializationException) as raised:
            communicator.createAdmin(None, Identity("x"))
        self.assertEqual(str(raised.exception), "Ice.Admin.Endpoints is not set")
        adapter = self.grid.serve("server", EverythingI())
        self.assertIn("-p 4000", str(communicator.createAdmin(adapter, Identity("x"))))
        process = self.grid.proxy("client", "x -f Process:tcp -h server -p 4000")
        self.assertIsNone(self.grid.wait(process.ice_ping()))

    def test_only_the_facets_that_are_asked_for_can_be_called(self) -> None:
        communicator = self.server(Ice_Admin_Facets="Process Mine")
        self.assertEqual(set(communicator.findAllAdminFacets()), {"Process"})
        communicator.addAdminFacet(EverythingI(), "Mine")
        communicator.addAdminFacet(EverythingI(), "Other")
        self.assertIsNone(self.grid.wait(self.facet("Mine").ice_ping()))
        with self.assertRaises(FacetNotExistException):
            self.grid.wait(self.facet("Other").ice_ping())
        self.assertIsNotNone(communicator.removeAdminFacet("Other"))

    def test_a_program_adds_and_removes_facets_of_its_own(self) -> None:
        communicator, mine = self.server(), EverythingI()
        communicator.addAdminFacet(mine, "mine")
        with self.assertRaises(AlreadyRegisteredException) as raised:
            communicator.addAdminFacet(mine, "mine")
        self.assertEqual(
            (raised.exception.kindOfObject, raised.exception.id), ("servant", "inst/admin -f mine")
        )
        self.assertIs(communicator.findAdminFacet("mine"), mine)
        self.assertIs(communicator.removeAdminFacet("mine"), mine)
        self.assertIsNone(communicator.findAdminFacet("mine"))
        with self.assertRaises(NotRegisteredException):
            communicator.removeAdminFacet("mine")
        with self.assertRaises(FacetNotExistException):
            self.grid.wait(self.facet("mine").ice_ping())

    def test_after_the_end_nothing_of_it_is_left(self) -> None:
        communicator = self.server()
        self.grid.wait(communicator.destroy())
        self.assertRaises(CommunicatorDestroyedException, communicator.getAdmin)


class RegistryI(generated.LocatorRegistryServant):
    def __init__(self) -> None:
        self.told: list[tuple[str, ProcessPrx | None]] = []

    def setServerProcessProxy(
        self, id: str, proxy: ProcessPrx | None, current: Current | None = None
    ) -> None:
        if id == "unknown":
            raise generated.ServerNotFoundException()
        self.told.append((id, proxy))


class LocatorI(generated.LocatorServant):
    registry: Any = None

    def getRegistry(self, current: Current | None = None) -> Any:
        return self.registry


class ServerIdTest(AdminCase):
    def setUp(self) -> None:
        super().setUp()
        self.registry, locator = RegistryI(), LocatorI()
        home = self.grid.serve("locator", locator, "locator")
        locator.registry = home.add(self.registry, Identity("registry"))

    def begin(self, server_id: str) -> Communicator:
        communicator = self.server(
            Ice_Admin_ServerId=server_id,
            Ice_Admin_InstanceName="",
            Ice_Default_Locator="locator:tcp -h locator -p 4000",
        )
        self.grid.simulation.run_for(3)
        return communicator

    def test_the_registry_learns_how_to_end_the_process(self) -> None:
        communicator = self.begin("server-1")
        ((server_id, proxy),) = self.registry.told
        assert proxy is not None
        self.assertEqual((server_id, proxy.ice_getFacet()), ("server-1", "Process"))
        there = ProcessPrx(self.grid.proxy("client", str(proxy)).ice_reference)
        self.grid.wait(there.shutdown())
        self.assertTrue(communicator.isShutdown())

    def test_a_server_the_registry_does_not_know_is_told_in_the_log(self) -> None:
        communicator = self.begin("unknown")
        facet: Any = communicator.findAdminFacet("Logger")
        messages, _ = facet.getLog([], [], 1)
        self.assertIn("does not know server `unknown'", messages[0].message)
