"""The router's objects: `Glacier2/router` and `Ice/RouterFinder`.

What differs from Glacier2, on purpose: endpoints that a client announces are not used (see `routing`), and a
session that runs out takes its connection with it, so that the client learns of it at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from pushnet.gen.ice.glacier2 import (
    CannotCreateSessionException,
    PermissionDeniedException,
    RouterPrx,
    RouterServant,
    SessionNotExistException,
    SessionPrx,
)
from pushnet.gen.ice.router import RouterFinderServant
from pushnet.grid.wellknown import ROUTER
from pushnet.roles.login import Login, LoginBusy, LoginRefused
from pushnet.roles.relay.doorkeeper import Doorkeeper
from pushnet.roles.relay.inside import Inside
from pushnet.roles.relay.lobby import Lobby
from pushnet.roles.relay.metrics import RelayMetrics
from pushnet.roles.relay.routing import Target
from pushnet.roles.relay.sessions import SessionRefused
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.stubs import Current, ObjectPrx, Servant
from pushnet.wire.identity import Identity

NO_CERTIFICATES = "this relay grants sessions by user and password only"


@attrs.frozen
class Reception:
    """What the router's objects share."""

    lobby: Lobby
    login: Login
    door: Doorkeeper
    inside: Inside
    metrics: RelayMetrics


class _Visited(Servant):
    """Counts also what every object answers: visitors may ask that too, but not for ever."""

    _reception: Reception

    def ice_ping(self, current: Current | None = None) -> None:
        self._visit(current)

    def ice_isA(self, type_id: str, current: Current | None = None) -> bool:
        self._visit(current, len(type_id))
        return type_id in self.ice_type_ids

    def ice_id(self, current: Current | None = None) -> str:
        self._visit(current)
        return self.ice_type

    def ice_ids(self, current: Current | None = None) -> list[str]:
        self._visit(current)
        return list(self.ice_type_ids)

    def _visit(self, current: Current | None, size_bytes: int = 0) -> None:
        assert current is not None
        self._reception.lobby.visit(current, size_bytes)


class RouterI(_Visited, RouterServant):
    """`Glacier2/router`. Every method is called by a client outside and `current.con` says by which."""

    def __init__(self, reception: Reception, callbacks: ObjectAdapter) -> None:
        self._reception = reception
        self._callbacks = callbacks

    async def createSession(
        self, userId: str, password: str, current: Current | None = None
    ) -> SessionPrx | None:
        assert current is not None
        lobby, metrics = self._reception.lobby, self._reception.metrics
        lobby.visit(current, len(userId) + len(password))
        if lobby.peek(current) is not None:
            raise CannotCreateSessionException("session exists")
        try:
            await self._reception.login.check(userId, password, current.con.getInfo().remoteAddress)
        except LoginRefused as refused:
            metrics.login_denied.inc()
            raise PermissionDeniedException(str(refused)) from refused
        except LoginBusy as busy:
            metrics.login_busy.inc()
            raise CannotCreateSessionException(str(busy)) from busy
        self._begin(current, userId)
        metrics.login_granted.inc()
        return None

    def _begin(self, current: Current, user: str) -> None:
        lobby = self._reception.lobby
        if not lobby.is_visiting(current.con):
            raise CannotCreateSessionException("the connection was closed or has a session")
        try:
            lobby.begin(current.con, user)
        except SessionRefused as refused:
            raise CannotCreateSessionException(str(refused)) from refused

    def createSessionFromSecureConnection(self, current: Current | None = None) -> SessionPrx | None:
        assert current is not None
        self._reception.lobby.visit(current)
        self._reception.metrics.login_denied.inc()
        raise PermissionDeniedException(NO_CERTIFICATES)

    def refreshSession(self, current: Current | None = None) -> None:
        assert current is not None
        self._require(current)
        self._reception.lobby.session(current)

    def destroySession(self, current: Current | None = None) -> None:
        assert current is not None
        self._require(current)
        self._reception.lobby.end(current.con)

    def _require(self, current: Current) -> None:
        """Tell a visitor politely that there is no session, as often as a visitor may ask."""
        self._reception.lobby.visit(current)
        if self._reception.lobby.peek(current) is None:
            raise SessionNotExistException

    def getSessionTimeout(self, current: Current | None = None) -> int:
        assert current is not None
        self._reception.lobby.visit(current)
        return self._reception.lobby.session_timeout_s

    def getACMTimeout(self, current: Current | None = None) -> int:
        """Equal to the session timeout: the heartbeats that a client then sends keep its session."""
        assert current is not None
        self._reception.lobby.visit(current)
        return self._reception.lobby.session_timeout_s

    def getCategoryForClient(self, current: Current | None = None) -> str:
        assert current is not None
        return self._reception.lobby.session(current).category

    def getClientProxy(self, current: Current | None = None) -> tuple[ObjectPrx | None, bool | None]:
        """Requests come to the router's own endpoints, and targets are to be announced."""
        assert current is not None
        self._reception.lobby.session(current)
        return None, True

    def getServerProxy(self, current: Current | None = None) -> ObjectPrx | None:
        assert current is not None
        category = self._reception.lobby.session(current).category
        return self._callbacks.createProxy(Identity("dummy", category))

    def addProxies(
        self, proxies: Sequence[ObjectPrx | None], current: Current | None = None
    ) -> list[ObjectPrx | None]:
        """Enter the targets that may be called; the others are refused when they are called."""
        assert current is not None
        session = self._reception.lobby.session(current)
        evicted: list[Target] = []
        for proxy in proxies:
            if proxy is not None and self._reception.door.admits(proxy.ice_getIdentity()):
                evicted += session.routing.add(self._target(proxy))
        return [self._reception.inside.proxy(target) for target in evicted]

    def _target(self, proxy: ObjectPrx) -> Target:
        """What is kept of a proxy: never its endpoints."""
        adapter_id = "" if self._reception.door.only_well_known else proxy.ice_getAdapterId()
        return Target(proxy.ice_getIdentity(), adapter_id)


class RouterFinderI(_Visited, RouterFinderServant):
    """`Ice/RouterFinder`: from a bare endpoint to the router."""

    def __init__(self, reception: Reception, public: ObjectAdapter) -> None:
        self._reception = reception
        self._public = public

    def getRouter(self, current: Current | None = None) -> RouterPrx | None:
        assert current is not None
        self._reception.lobby.visit(current)
        return RouterPrx.uncheckedCast(self._public.createProxy(ROUTER))
