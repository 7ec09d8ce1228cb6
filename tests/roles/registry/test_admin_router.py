"""Admin objects of servers are reached through the registry, by who has an administrator's session."""

from __future__ import annotations

from pushnet.gen.ice.locator import LocatorRegistryPrx
from pushnet.gen.ice.process import ProcessPrx, PropertiesAdminPrx
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import FacetNotExistException, ObjectNotExistException
from pushnet.rpc.stubs import ObjectPrx
from pushnet.wire.identity import Identity
from tests.roles.registry.test_admin import AdminCase

ADMIN = {"Ice.Admin.Endpoints": "tcp -h stock -p 7", "Ice.Admin.InstanceName": "stock", "Own": "1"}


class AdminRouterTests(AdminCase):
    def setUp(self) -> None:
        super().setUp()
        stock = Communicator(self.grid.simulation.host("stock").boot(), ADMIN)
        stock.getAdmin()
        registry = LocatorRegistryPrx.uncheckedCast(
            self.proxy("IceGrid/LocatorRegistry:tcp -h registry-1 -p 4061")
        )
        process = ProcessPrx.uncheckedCast(self.proxy("stock/admin -f Process:tcp -h stock -p 7"))
        assert registry is not None
        self.run_until(registry.setServerProcessProxy("stock-1", process))

    def own(self, admin: ObjectPrx | None) -> str:
        """The property that the server has."""
        assert admin is not None
        facet = PropertiesAdminPrx.uncheckedCast(admin.ice_facet("Properties"))
        assert facet is not None
        return self.run_until(facet.getProperty("Own"))

    def test_a_servers_properties_are_read_through_the_registry(self) -> None:
        admin = self.run_until(self.admin.getServerAdmin("stock-1"))
        assert admin is not None
        self.assertEqual(self.own(admin), "1")
        self.assertIn("-h registry-1", str(admin))
        category = self.run_until(self.admin.getServerAdminCategory())
        self.assertEqual(admin.ice_getIdentity(), Identity("stock-1", category))
        with self.assertRaises(FacetNotExistException):
            self.run_until(admin.ice_facet("Nothing").ice_ping())

    def test_the_way_is_closed_with_the_session_and_open_to_nobody_else(self) -> None:
        admin = self.run_until(self.admin.getServerAdmin("stock-1"))
        assert admin is not None
        with self.assertRaises(ObjectNotExistException):
            self.own(admin.ice_identity(Identity("stock-1", "IceGrid-RegistryServerAdminRouter")))
        self.run_until(self.session.destroy())
        with self.assertRaises(ObjectNotExistException):
            self.own(admin)

    def test_one_that_told_of_no_admin_object_has_none(self) -> None:
        with self.assertRaises(ObjectNotExistException):
            self.own(self.run_until(self.admin.getServerAdmin("tagalias-1")))
