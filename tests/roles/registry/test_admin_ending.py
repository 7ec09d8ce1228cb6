"""Administrators end nodes and registries by the process objects that these offer."""

from __future__ import annotations

from twisted.internet.defer import Deferred, ensureDeferred

from pushnet.gen.ice.icegrid_exceptions import (
    DeploymentException,
    NodeNotExistException,
    NodeUnreachableException,
    RegistryNotExistException,
    RegistryUnreachableException,
    ServerNotExistException,
    ServerStopException,
)
from pushnet.rpc.exceptions import ObjectNotExistException, UnknownException
from tests.roles.registry.test_admin import AdminCase
from tests.roles.simgrid import Node


class AdminEndingTests(AdminCase):
    def ending(self, name: str) -> Node:
        """A node that leaves when it is asked to end."""
        node = self.grid.boot_node(name, 2)
        node.membership.on_shutdown = lambda: leave(node)
        self.run_until(ensureDeferred(node.membership.start()))
        return node

    def test_a_node_that_is_stopped_as_a_server_has_gone_when_the_answer_comes(self) -> None:
        self.ending("tagalias-2")
        self.run_until(self.admin.stopServer("tagalias-2"))
        self.assertEqual(self.grid.names(), ["registry-1", "tagalias-1"])

    def test_a_node_is_shut_down(self) -> None:
        self.ending("tagalias-2")
        self.run_until(self.admin.shutdownNode("tagalias-2"))
        self.grid.simulation.run_for(1.0)
        self.assertEqual(self.grid.names(), ["registry-1", "tagalias-1"])

    def test_a_nodes_process_is_a_facet_of_its_admin_object(self) -> None:
        self.ending("tagalias-2")
        for call in (self.admin.getServerAdmin("tagalias-2"), self.admin.getNodeAdmin("tagalias-2")):
            admin = self.run_until(call)
            assert admin is not None
            self.assertEqual(self.run_until(admin.ice_facet("Process").ice_id()), "::Ice::Process")
            with self.assertRaises(ObjectNotExistException):
                self.run_until(admin.ice_facet("Properties").ice_ping())
        registry = self.run_until(self.admin.getRegistryAdmin("registry-1"))
        assert registry is not None
        self.assertEqual(registry.ice_getIdentity().name, "registry-1")

    def test_what_cannot_be_ended_is_told(self) -> None:
        for call, error in (
            (self.admin.shutdownNode("x"), NodeNotExistException),
            (self.admin.shutdownNode("tagalias-1"), NodeUnreachableException),
            (self.admin.shutdownRegistry("tagalias-1"), RegistryNotExistException),
            (self.admin.shutdownRegistry("registry-1"), RegistryUnreachableException),
            (self.admin.shutdown(), UnknownException),
            (self.admin.getNodeAdmin("x"), NodeNotExistException),
            (self.admin.getRegistryAdmin("x"), RegistryNotExistException),
            (self.admin.stopServer("registry-1"), ServerStopException),
            (self.admin.enableServer("x", True), ServerNotExistException),
            (self.admin.enableServer("tagalias-1", False), DeploymentException),
        ):
            with self.assertRaises(error):
                self.run_until(call)


def leave(node: Node) -> None:
    leaving: Deferred[None] = ensureDeferred(node.membership.stop())
    leaving.addErrback(lambda failure: failure.raiseException())
