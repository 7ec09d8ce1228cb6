"""Administrators' sessions: the lock, files, observers that come and go."""

from __future__ import annotations

from pushnet.gen.ice.icegrid_exceptions import (
    AccessDeniedException,
    FileNotAvailableException,
    NodeNotExistException,
    ObserverAlreadyRegisteredException,
    RegistryNotExistException,
    ServerNotExistException,
)
from pushnet.gen.ice.icegrid_observers import AdapterObserverPrx, AdapterObserverServant
from pushnet.gen.ice.icegrid_session import AdminSessionPrx
from pushnet.rpc.stubs import Current
from pushnet.wire.identity import Identity
from tests.roles.registry.test_admin import AdminCase


class AdapterWatcher(AdapterObserverServant):
    """Hears and says nothing."""

    def adapterInit(self, adpts: object, current: Current | None = None) -> None:
        """How it stands."""


class AdminSessionTests(AdminCase):
    def other(self) -> AdminSessionPrx:
        session = self.run_until(self.registry.createAdminSession("ann", "secret"))
        assert session is not None
        return session

    def test_one_session_at_a_time_may_change_the_grid(self) -> None:
        other = self.other()
        serial = self.run_until(self.session.startUpdate())
        with self.assertRaises(AccessDeniedException):
            self.run_until(other.startUpdate())
        with self.assertRaises(AccessDeniedException):
            self.run_until(other.finishUpdate())
        self.run_until(self.session.finishUpdate())
        self.assertGreater(self.run_until(other.startUpdate()), serial)
        self.run_until(other.destroy())
        self.run_until(self.session.startUpdate())

    def test_files_are_kept_by_who_started_the_server(self) -> None:
        for call, error in (
            (self.session.openServerStdOut("tagalias-1", 10), FileNotAvailableException),
            (self.session.openServerStdErr("x", 10), ServerNotExistException),
            (self.session.openServerLog("x", "log", 10), ServerNotExistException),
            (self.session.openNodeStdOut("tagalias-1", 10), FileNotAvailableException),
            (self.session.openNodeStdErr("x", 10), NodeNotExistException),
            (self.session.openRegistryStdOut("registry-1", 10), FileNotAvailableException),
            (self.session.openRegistryStdErr("tagalias-1", 10), RegistryNotExistException),
        ):
            with self.assertRaises(error):
                self.run_until(call)

    def test_its_registry_tells_its_name(self) -> None:
        self.assertEqual(self.run_until(self.session.getReplicaName()), "registry-1")
        self.assertIsNone(self.run_until(self.session.getAdminCallbackTemplate()))

    def test_an_observer_is_registered_once(self) -> None:
        adapter = self.grid.observer().createObjectAdapterWithEndpoints("watch", "tcp -h observer -p 0")
        adapter.add(AdapterWatcher(), Identity("watcher", ""))
        self.run_until(adapter.activate())
        observer = AdapterObserverPrx.uncheckedCast(adapter.createProxy(Identity("watcher", "")))
        self.run_until(self.session.setObservers(None, None, None, observer, None))
        with self.assertRaises(ObserverAlreadyRegisteredException):
            self.run_until(self.session.setObservers(None, None, None, observer, None))
