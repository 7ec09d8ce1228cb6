"""What administrators may ask and order, past what the tools of ZeroC try (`tests.interop`)."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice.icegrid import LoadSample, QueryPrx, RegistryPrx
from pushnet.gen.ice.icegrid_admin import AdminPrx, ServerState
from pushnet.gen.ice.icegrid_exceptions import (
    AdapterNotExistException,
    DeploymentException,
    NodeNotExistException,
    ObjectExistsException,
    ObjectNotRegisteredException,
    PermissionDeniedException,
    RegistryNotExistException,
    ServerNotExistException,
    ServerStartException,
    ServerStopException,
)
from pushnet.gen.ice.icegrid_session import AdminSessionPrx
from pushnet.roles.registry.own import TYPES
from pushnet.rpc.exceptions import ObjectNotExistException
from pushnet.rpc.stubs import ObjectPrx
from pushnet.wire.identity import Identity
from tests.roles.simgrid import SimGrid


class AdminCase(SynchronousTestCase):
    """A registry with one node and an administrator's session."""

    def setUp(self) -> None:
        self.grid = SimGrid(self, administered=True)
        self.run_until = self.grid.simulation.run_until
        self.grid.start_registry()
        self.grid.start_node("tagalias-1", 1)
        registry = RegistryPrx.uncheckedCast(self.proxy("IceGrid/Registry:tcp -h registry-1 -p 4061"))
        assert registry is not None
        self.registry = registry
        session = self.run_until(registry.createAdminSession("ann", "secret"))
        assert session is not None
        self.session: AdminSessionPrx = session
        admin = self.run_until(session.getAdmin())
        assert admin is not None
        self.admin: AdminPrx = admin

    def proxy(self, text: str) -> ObjectPrx:
        made = self.grid.observer().stringToProxy(text)
        assert made is not None
        return made


class AdminTests(AdminCase):
    def test_a_node_is_both_a_node_and_its_one_server(self) -> None:
        both = ["registry-1", "tagalias-1"]
        self.assertEqual(self.run_until(self.admin.getAllNodeNames()), both)
        self.assertEqual(self.run_until(self.admin.getAllServerIds()), both)
        self.assertEqual(self.run_until(self.admin.getAllRegistryNames()), ["registry-1"])
        self.assertEqual(self.run_until(self.admin.getServerState("tagalias-1")), ServerState.Active)
        info = self.run_until(self.admin.getServerInfo("tagalias-1"))
        assert info.descriptor is not None
        (adapter,) = info.descriptor.adapters
        self.assertEqual(
            (info.node, adapter.id, adapter.replicaGroupId), ("tagalias-1", "tagalias-1", "TagAlias")
        )
        self.assertEqual(self.run_until(self.admin.getNodeHostname("tagalias-1")), "tagalias-1")

    def test_groups_are_among_the_adapters_and_tell_their_replicas(self) -> None:
        self.assertEqual(
            self.run_until(self.admin.getAllAdapterIds()), ["TagAlias", "registry-1", "tagalias-1"]
        )
        (info,) = self.run_until(self.admin.getAdapterInfo("TagAlias"))
        self.assertEqual((info.id, info.replicaGroupId), ("tagalias-1", "TagAlias"))

    def test_what_is_not_there_is_told_as_icegrid_does(self) -> None:
        for call, error in (
            (self.admin.getServerInfo("x"), ServerNotExistException),
            (self.admin.getServerPid("x"), ServerNotExistException),
            (self.admin.getNodeLoad("x"), NodeNotExistException),
            (self.admin.pingRegistry("tagalias-1"), RegistryNotExistException),
            (self.admin.getAdapterInfo("x"), AdapterNotExistException),
            (self.admin.removeAdapter("x"), AdapterNotExistException),
            (self.admin.removeAdapter("tagalias-1"), DeploymentException),
            (self.admin.getObjectInfo(Identity("x", "")), ObjectNotRegisteredException),
            (self.admin.removeObject(Identity("x", "")), ObjectNotRegisteredException),
            (self.admin.removeObject(Identity("TagAlias", "")), DeploymentException),
            (self.admin.startServer("tagalias-1"), ServerStartException),
            (self.admin.stopServer("tagalias-1"), ServerStopException),
        ):
            with self.assertRaises(error):
                self.run_until(call)

    def test_objects_are_added_with_the_type_they_tell_or_are_given(self) -> None:
        self.run_until(self.admin.addObjectWithType(self.proxy("a/b:tcp -h h -p 1"), "::T"))
        self.run_until(self.admin.addObject(self.proxy("Ice/LocatorFinder:tcp -h registry-1 -p 4061")))
        told = [str(each.type) for each in self.run_until(self.admin.getAllObjectInfos(""))]
        added = {"::T", "::Ice::LocatorFinder", "::PushNet::TagAlias"}
        self.assertEqual(set(told), {*added, *TYPES.values()})
        (found,) = self.run_until(self.admin.getAllObjectInfos("a/*"))
        self.assertEqual(found.type, "::T")
        with self.assertRaises(ObjectExistsException):
            self.run_until(self.admin.addObjectWithType(self.proxy("a/b:tcp -h h -p 2"), "::T"))
        self.run_until(self.admin.updateObject(self.proxy("a/b:tcp -h h -p 2")))
        info = self.run_until(self.admin.getObjectInfo(Identity("b", "a")))
        self.assertIn("-p 2", str(info.proxy))
        with self.assertRaises(ObjectNotRegisteredException):
            self.run_until(self.admin.updateObject(self.proxy("c:tcp -h h -p 2")))

    def test_the_registrys_own_objects_are_among_them_and_stay(self) -> None:
        (info,) = self.run_until(self.admin.getObjectInfosByType("::IceGrid::Query"))
        own = Identity("Query", "IceGrid")
        assert info.proxy is not None
        self.assertEqual(info.proxy.ice_getIdentity(), own)
        self.assertEqual(self.run_until(self.admin.getObjectInfo(own)), info)
        for call in (
            self.admin.removeObject(own),
            self.admin.addObjectWithType(info.proxy, "::T"),
            self.admin.updateObject(info.proxy),
        ):
            with self.assertRaises(DeploymentException):
                self.run_until(call)
        query = QueryPrx.uncheckedCast(info.proxy)
        assert query is not None
        found = self.run_until(query.findAllObjectsByType("::IceGrid::Query"))
        once = self.run_until(query.findObjectByType("::IceGrid::Query"))
        least = self.run_until(
            query.findObjectByTypeOnLeastLoadedNode("::IceGrid::Query", LoadSample.LoadSample5)
        )
        self.assertEqual([found, once, least], [[info.proxy], info.proxy, info.proxy])

    def test_the_way_in_ends_with_the_session(self) -> None:
        self.run_until(self.session.destroy())
        with self.assertRaises(ObjectNotExistException):
            self.run_until(self.admin.getAllNodeNames())

    def test_without_the_password_there_is_no_way_in(self) -> None:
        with self.assertRaises(PermissionDeniedException):
            self.run_until(self.registry.createAdminSession("ann", "guess"))
        with self.assertRaises(PermissionDeniedException):
            self.run_until(self.registry.createAdminSessionFromSecureConnection())
