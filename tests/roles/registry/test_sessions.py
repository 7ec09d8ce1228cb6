"""Sessions live while they are kept alive."""

from __future__ import annotations

from pushnet.gen.ice.icegrid_exceptions import (
    AllocationException,
    ObjectNotRegisteredException,
    PermissionDeniedException,
)
from pushnet.gen.ice.icegrid_session import SessionPrx
from pushnet.roles.registry.sessions import SESSION_S
from pushnet.rpc.exceptions import ObjectNotExistException
from pushnet.wire.identity import Identity
from tests.roles.registry.test_admin import AdminCase


class SessionTests(AdminCase):
    def begin(self) -> SessionPrx:
        session = self.run_until(self.registry.createSession("bob", "secret"))
        assert session is not None
        return session

    def test_heartbeats_of_its_connection_keep_it_alive(self) -> None:
        session = self.begin()
        self.grid.simulation.run_for(SESSION_S * 3)
        self.run_until(session.keepAlive())

    def test_one_whose_client_has_vanished_ends(self) -> None:
        session = self.begin()
        self.run_until(session.keepAlive())
        self.grid.simulation.host("observer").power_off()
        other = self.grid.communicator(self.grid.simulation.host("other").boot()).stringToProxy(str(session))
        assert other is not None
        self.grid.simulation.run_for(SESSION_S - 5)
        self.run_until(other.ice_ping())
        self.grid.simulation.run_for(10)
        with self.assertRaises(ObjectNotExistException):
            self.run_until(other.ice_ping())

    def test_it_ends_when_it_is_destroyed(self) -> None:
        session = self.begin()
        self.run_until(session.destroy())
        with self.assertRaises(ObjectNotExistException):
            self.run_until(session.keepAlive())

    def test_nothing_can_be_allocated(self) -> None:
        session = self.begin()
        self.run_until(session.setAllocationTimeout(0))
        for call, error in (
            (session.allocateObjectById(Identity("TagAlias", "")), AllocationException),
            (session.allocateObjectById(Identity("x", "")), ObjectNotRegisteredException),
            (session.allocateObjectByType("::PushNet::TagAlias"), AllocationException),
            (session.releaseObject(Identity("TagAlias", "")), AllocationException),
            (session.releaseObject(Identity("x", "")), ObjectNotRegisteredException),
        ):
            with self.assertRaises(error):
                self.run_until(call)

    def test_users_are_no_administrators_and_plain_connections_have_no_certificate(self) -> None:
        with self.assertRaises(PermissionDeniedException):
            self.run_until(self.registry.createAdminSession("bob", "secret"))
        with self.assertRaises(PermissionDeniedException):
            self.run_until(self.registry.createSessionFromSecureConnection())
        self.assertEqual(self.run_until(self.registry.getSessionTimeout()), SESSION_S)
        self.assertEqual(self.run_until(self.registry.getACMTimeout()), SESSION_S)
