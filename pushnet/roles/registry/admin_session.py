"""An administrator's session: the way to `IceGrid::Admin`, to observers, and to the lock for changes.

Observers of a session are told nothing more when it ends. One that gives only its identity is called back
through the connection of its session, so it needs no port of its own.
"""

from __future__ import annotations

from typing import Any, TypeVar

from pushnet.gen.ice.icegrid_admin import AdminPrx
from pushnet.gen.ice.icegrid_exceptions import (
    AccessDeniedException,
    FileNotAvailableException,
    NodeNotExistException,
    ObserverAlreadyRegisteredException,
    RegistryNotExistException,
    ServerNotExistException,
)
from pushnet.gen.ice.icegrid_observers import (
    AdapterObserverPrx,
    ApplicationObserverPrx,
    NodeObserverPrx,
    ObjectObserverPrx,
    RegistryObserverPrx,
)
from pushnet.gen.ice.icegrid_session import AdminSessionServant, FileIteratorPrx
from pushnet.roles.registry.admin import REGISTRY, AdminI
from pushnet.roles.registry.admin_router import category_of
from pushnet.roles.registry.books import Books
from pushnet.roles.registry.observers import Observers, Watching
from pushnet.roles.registry.server_files import ITERATORS_MAX, ServerFileI
from pushnet.roles.registry.sessions import Sessions
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.wire.identity import Identity

P = TypeVar("P", bound=ObjectPrx)


class UpdateLock:
    """Who may change the grid through IceGrid's tools: one session at a time."""

    def __init__(self) -> None:
        self.holder: AdminSessionI | None = None
        self.serial = 0


class AdminSessionI(AdminSessionServant):
    """One session. `identity` and `used_at` belong to its keeper."""

    def __init__(
        self,
        sessions: Sessions,
        books: Books,
        admin: AdminI,
        observers: Observers,
        lock: UpdateLock,
        replica: str,
    ) -> None:
        """`admin`: what stands behind every session. `replica`: this registry's name."""
        self._sessions = sessions
        self._books = books
        self._behind = admin
        self._admin = sessions.house(admin)
        self._category = category_of(self._admin.ice_getIdentity())
        sessions.stand_for(self._category, admin.router)
        self._observers = observers
        self._lock = lock
        self._replica = replica
        self._watching: list[Watching] = []
        self._files: dict[ObjectPrx, None] = {}
        self.identity = Identity()
        self.used_at = 0.0

    def destroy(self, current: Current | None = None) -> None:
        self._sessions.end(self.identity)

    def ended(self) -> None:
        self._sessions.remove(self._admin)
        self._sessions.stand_down(self._category)
        for file in list(self._files):
            self._close(file)
        for watching in self._watching:
            watching.end()
        if self._lock.holder is self:
            self._lock.holder = None

    def keepAlive(self, current: Current | None = None) -> None:
        self._sessions.touch(self)

    def getAdmin(self, current: Current | None = None) -> AdminPrx | None:
        return AdminPrx.uncheckedCast(self._admin)

    def getAdminCallbackTemplate(self, current: Current | None = None) -> ObjectPrx | None:
        """Servers are not reached through the registry."""
        return None

    def setObservers(
        self,
        registryObs: RegistryObserverPrx | None,
        nodeObs: NodeObserverPrx | None,
        appObs: ApplicationObserverPrx | None,
        adptObs: AdapterObserverPrx | None,
        objObs: ObjectObserverPrx | None,
        current: Current | None = None,
    ) -> None:
        given = [prx for prx in (registryObs, nodeObs, appObs, adptObs, objObs) if prx is not None]
        for prx in given:
            if self._observers.watches(prx.ice_getIdentity()):
                raise ObserverAlreadyRegisteredException(prx.ice_getIdentity())
        observers, began = self._observers, self._watching
        if registryObs is not None:
            began.append(observers.add_registry(registryObs))
        if nodeObs is not None:
            began.append(observers.add_node(nodeObs))
        if appObs is not None:
            began.append(observers.add_application(appObs))
        if adptObs is not None:
            began.append(observers.add_adapter(adptObs))
        if objObs is not None:
            began.append(observers.add_object(objObs))

    def setObserversByIdentity(
        self,
        registryObs: Identity,
        nodeObs: Identity,
        appObs: Identity,
        adptObs: Identity,
        objObs: Identity,
        current: Current | None = None,
    ) -> None:
        assert current is not None

        def there(kind: type[P], identity: Identity) -> P | None:
            return kind.uncheckedCast(current.con.createProxy(identity)) if identity.name else None

        self.setObservers(
            there(RegistryObserverPrx, registryObs),
            there(NodeObserverPrx, nodeObs),
            there(ApplicationObserverPrx, appObs),
            there(AdapterObserverPrx, adptObs),
            there(ObjectObserverPrx, objObs),
        )

    def startUpdate(self, current: Current | None = None) -> int:
        holder = self._lock.holder
        if holder is not None and holder is not self:
            raise AccessDeniedException(holder.identity.name)
        self._lock.holder = self
        self._lock.serial += 1
        return self._lock.serial

    def finishUpdate(self, current: Current | None = None) -> None:
        if self._lock.holder is not self:
            holder: Any = self._lock.holder
            raise AccessDeniedException(holder.identity.name if holder else "")
        self._lock.holder = None

    def getReplicaName(self, current: Current | None = None) -> str:
        return self._replica

    # Files: what servers write is kept by who started them.

    def openServerLog(
        self, id: str, path: str, count: int, current: Current | None = None
    ) -> FileIteratorPrx | None:
        return self._no_file_of_server(id)

    async def openServerStdErr(
        self, id: str, count: int, current: Current | None = None
    ) -> FileIteratorPrx | None:
        return await self._file_of_server(id, count)

    async def openServerStdOut(
        self, id: str, count: int, current: Current | None = None
    ) -> FileIteratorPrx | None:
        return await self._file_of_server(id, count)

    def openNodeStdErr(self, name: str, count: int, current: Current | None = None) -> FileIteratorPrx | None:
        return self._no_file_of_node(name)

    def openNodeStdOut(self, name: str, count: int, current: Current | None = None) -> FileIteratorPrx | None:
        return self._no_file_of_node(name)

    def openRegistryStdErr(
        self, name: str, count: int, current: Current | None = None
    ) -> FileIteratorPrx | None:
        return self._no_file_of_registry(name)

    def openRegistryStdOut(
        self, name: str, count: int, current: Current | None = None
    ) -> FileIteratorPrx | None:
        return self._no_file_of_registry(name)

    async def _file_of_server(self, server_id: str, count: int) -> FileIteratorPrx | None:
        servers = self._behind.servers
        state = servers.find(server_id)
        if state is None:
            return self._no_file_of_server(server_id)
        if len(self._files) >= ITERATORS_MAX:
            raise FileNotAvailableException(f"this session reads {ITERATORS_MAX} files already")
        file = ServerFileI(server_id, lambda: servers.agent_of(server_id))
        await file.begin(count)
        housed = self._sessions.house(file)
        self._files[housed] = None
        file.over = lambda: self._close(housed)
        return FileIteratorPrx.uncheckedCast(housed)

    def _close(self, file: ObjectPrx) -> None:
        if file in self._files:
            del self._files[file]
            self._sessions.remove(file)

    def _no_file_of_server(self, server_id: str) -> FileIteratorPrx | None:
        if not self._behind.serves(server_id):
            raise ServerNotExistException(server_id)
        raise FileNotAvailableException("what a server writes is kept by who started it")

    def _no_file_of_node(self, name: str) -> FileIteratorPrx | None:
        if name not in self._books.nodes:
            raise NodeNotExistException(name)
        raise FileNotAvailableException("what a node writes is kept by who started it")

    def _no_file_of_registry(self, name: str) -> FileIteratorPrx | None:
        member = self._books.nodes.get(name)
        if member is None or member.record.role != REGISTRY:
            raise RegistryNotExistException(name)
        raise FileNotAvailableException("what a registry writes is kept by who started it")
