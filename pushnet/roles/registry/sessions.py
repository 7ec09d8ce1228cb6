"""`IceGrid/Registry`: sessions of clients and administrators, as ZeroC's tools and programs ask for them.

A session lives while it is kept alive: by `keepAlive`, or by the heartbeats of its connection; it ends after
`SESSION_S` without either, and with its connection. It is an object of its own, whose name nobody can guess.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from pushnet.gen.ice.icegrid import RegistryServant
from pushnet.gen.ice.icegrid_exceptions import (
    AllocationException,
    ObjectNotRegisteredException,
    PermissionDeniedException,
)
from pushnet.gen.ice.icegrid_session import AdminSessionPrx, SessionPrx, SessionServant
from pushnet.roles.login import Login, LoginBusy, LoginRefused
from pushnet.roles.registry.answers import Answers
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.current import ConnectionContract
from pushnet.rpc.exceptions import NotRegisteredException
from pushnet.rpc.servant import Servant
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.wire.identity import Identity
from pushnet.world import World

SESSION_S: Final = 30
"""As IceGrid's default."""
SESSIONS_MAX: Final = 1024
CATEGORY: Final = "IceGridSession"


class Kept(Protocol):
    """A session as its keeper sees it."""

    used_at: float

    def ended(self) -> None:
        """It is over: let go of everything."""
        ...


class Sessions:
    """The sessions of one registry, by identity."""

    def __init__(self, world: World, adapter: ObjectAdapter) -> None:
        self._world = world
        self._adapter = adapter
        self._open: dict[Identity, Kept] = {}
        self._connections: dict[Identity, ConnectionContract] = {}

    def begin(self, session: Any, current: Current) -> ObjectPrx:
        """House a session for the caller's connection. Raises `PermissionDeniedException`: too many."""
        if len(self._open) >= SESSIONS_MAX:
            raise PermissionDeniedException(f"there are {SESSIONS_MAX} sessions, which is the most")
        servant: Servant = session
        identity = Identity(self._world.entropy.uuid(), CATEGORY)
        session.used_at = self._world.monotonic()
        session.identity = identity
        self._open[identity] = session
        self._connections[identity] = current.con
        current.con.setCloseCallback(lambda connection: self.end(identity))
        current.con.setHeartbeatCallback(self._beaten)
        self._adapter.add(servant, identity)
        return self._adapter.createDirectProxy(identity)

    def house(self, servant: Servant) -> ObjectPrx:
        """An object that belongs to a session; `remove` it with the session."""
        return self._adapter.add(servant, Identity(self._world.entropy.uuid(), CATEGORY))

    def remove(self, proxy: ObjectPrx) -> None:
        try:
            self._adapter.remove(proxy.ice_getIdentity())
        except NotRegisteredException:
            return

    def stand_for(self, category: str, servant: Servant) -> None:
        """A servant for everything of a category that belongs to a session; `stand_down` with the session."""
        self._adapter.addDefaultServant(servant, category)

    def stand_down(self, category: str) -> None:
        try:
            self._adapter.removeDefaultServant(category)
        except NotRegisteredException:
            return

    def _beaten(self, connection: ConnectionContract) -> None:
        """A heartbeat keeps every session of its connection alive."""
        for identity, session in self._open.items():
            if self._connections[identity] is connection:
                self.touch(session)

    def touch(self, session: Kept) -> None:
        session.used_at = self._world.monotonic()

    def end(self, identity: Identity) -> None:
        """End a session; nothing when it has ended."""
        session = self._open.pop(identity, None)
        self._connections.pop(identity, None)
        if session is not None:
            self._adapter.remove(identity)
            session.ended()

    def sweep(self) -> None:
        """End those that nobody has kept alive."""
        now = self._world.monotonic()
        for identity, session in list(self._open.items()):
            if now - session.used_at > SESSION_S:
                self.end(identity)

    def __len__(self) -> int:
        return len(self._open)


class SessionI(SessionServant):
    """A client's session. Nothing here is allocatable, so nothing can be allocated."""

    def __init__(self, sessions: Sessions, answers: Answers) -> None:
        self._sessions = sessions
        self._answers = answers
        self.identity = Identity()
        self.used_at = 0.0

    def destroy(self, current: Current | None = None) -> None:
        self._sessions.end(self.identity)

    def ended(self) -> None:
        """There is nothing to let go of."""

    def keepAlive(self, current: Current | None = None) -> None:
        self._sessions.touch(self)

    def allocateObjectById(self, id: Identity, current: Current | None = None) -> ObjectPrx | None:
        if self._answers.find_object(id) is None:
            raise ObjectNotRegisteredException(id)
        raise AllocationException("the object is not allocatable: call it, it is shared by all")

    def allocateObjectByType(self, type: str, current: Current | None = None) -> ObjectPrx | None:
        raise AllocationException(f"no allocatable object has the type {type!r}")

    def releaseObject(self, id: Identity, current: Current | None = None) -> None:
        if self._answers.find_object(id) is None:
            raise ObjectNotRegisteredException(id)
        raise AllocationException("the object is not allocated by this session")

    def setAllocationTimeout(self, timeout: int, current: Current | None = None) -> None:
        """Nothing is waited for."""


class GridRegistryI(RegistryServant):
    """Opens sessions for who knows a password."""

    def __init__(
        self,
        sessions: Sessions,
        users: Login,
        admins: Login,
        client: Callable[[], Kept],
        admin: Callable[[], Kept],
    ) -> None:
        """`client` and `admin` make the sessions."""
        self._sessions = sessions
        self._users = users
        self._admins = admins
        self._client = client
        self._admin = admin

    async def createSession(
        self, userId: str, password: str, current: Current | None = None
    ) -> SessionPrx | None:
        await self._check(self._users, userId, password, current)
        assert current is not None
        return SessionPrx.uncheckedCast(self._sessions.begin(self._client(), current))

    async def createAdminSession(
        self, userId: str, password: str, current: Current | None = None
    ) -> AdminSessionPrx | None:
        await self._check(self._admins, userId, password, current)
        assert current is not None
        return AdminSessionPrx.uncheckedCast(self._sessions.begin(self._admin(), current))

    def createSessionFromSecureConnection(self, current: Current | None = None) -> SessionPrx | None:
        assert current is not None
        _check_certificate(current)
        return SessionPrx.uncheckedCast(self._sessions.begin(self._client(), current))

    def createAdminSessionFromSecureConnection(
        self, current: Current | None = None
    ) -> AdminSessionPrx | None:
        """A certificate says who one is, not that one may change the grid: a password does."""
        raise PermissionDeniedException("an administrator's session wants user and password")

    def getSessionTimeout(self, current: Current | None = None) -> int:
        return SESSION_S

    def getACMTimeout(self, current: Current | None = None) -> int:
        return SESSION_S

    async def _check(self, login: Login, user: str, password: str, current: Current | None) -> None:
        host = current.con.getInfo().remoteAddress if current is not None else ""
        try:
            await login.check(user, password, host)
        except (LoginRefused, LoginBusy) as refused:
            raise PermissionDeniedException(str(refused)) from refused


def _check_certificate(current: Current) -> None:
    if not current.con.getInfo().verified:
        raise PermissionDeniedException("the connection has no certificate that leads to somebody trusted")
