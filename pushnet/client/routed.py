"""A session with a router such as ZeroC's Glacier2 or our relay, for programs outside.

    session = await RoutedSession.begin(communicator, "ann", "secret")
    calc = CalcPrx.uncheckedCast(communicator.stringToProxy("calc:tcp -h inside -p 4000"))
    await calc.add(1, 2)                                    # goes through the router
    adapter = await session.adapter()
    listener = adapter.add(ListenerI(), session.callback_identity("listener"))
    await chat.join(listener)                               # may be called back
    await session.end()

The communicator's property `Ice.Default.Router` names the router. A session belongs to its connection: when
that is lost the session is gone, with its callbacks; `on_lost` is told, and may begin another one. While
nothing is called, heartbeats keep the session from expiring.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import ensureDeferred

from pushnet.gen.ice.glacier2 import RouterPrx, SessionNotExistException, SessionPrx
from pushnet.rpc.acm import ACMHeartbeat
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import InitializationException, LocalException
from pushnet.rpc.stubs import ObjectPrx
from pushnet.wire.identity import Identity


class RoutedSession:
    """One session. Made by `begin`."""

    def __init__(
        self, communicator: Communicator, router: RouterPrx, proxy: SessionPrx | None, category: str
    ) -> None:
        self.router = router
        self.proxy = proxy
        """What the router's session manager gave, if it has one."""
        self.category = category
        """That of the identities of all callback objects."""
        self._communicator = communicator
        self._adapter: ObjectAdapter | None = None
        self._ended = False

    @classmethod
    async def begin(
        cls,
        communicator: Communicator,
        user: str | None = None,
        password: str = "",
        on_lost: Callable[[], object] = lambda: None,
        router: ObjectPrx | None = None,
    ) -> RoutedSession:
        """Log in.

        Args:
            user: None to be known by the certificate of the TLS connection.
            on_lost: called when the connection of the session is gone, unless `end` did it.
            router: instead of the communicator's default router.

        Raises:
            PermissionDeniedException: the user may not have a session.
            CannotCreateSessionException: he may, but it could not be made.
            InitializationException: there is no router.
        """
        found = RouterPrx.uncheckedCast(router or communicator.getDefaultRouter())
        if found is None:
            raise InitializationException("no router is named: set the property Ice.Default.Router")
        found = found.ice_router(None)
        if user is None:
            proxy = await found.createSessionFromSecureConnection()
        else:
            proxy = await found.createSession(user, password)
        session = cls(communicator, found, proxy, await found.getCategoryForClient())
        await session._keep(on_lost)
        return session

    def callback_identity(self, name: str = "") -> Identity:
        """An identity under which an object can be called back; without a name, a unique one."""
        return Identity(name or self._communicator.world.entropy.uuid(), self.category)

    async def adapter(self) -> ObjectAdapter:
        """The adapter whose objects can be called back, active. Made when it is first asked for."""
        if self._adapter is None:
            adapter = await self._communicator.createObjectAdapterWithRouter("", self.router)
            await adapter.activate()
            self._adapter = adapter
        return self._adapter

    async def end(self) -> None:
        """Log out. A session that is gone already is no error."""
        self._ended = True
        try:
            await self.router.destroySession()
        except (SessionNotExistException, LocalException):
            """It is gone, which is what was wanted."""
        await self._let_go()

    async def _keep(self, on_lost: Callable[[], object]) -> None:
        """Keep the session alive, and learn of its loss."""
        timeout_s = await self.router.getACMTimeout() or await self.router.getSessionTimeout()
        connection: Any = await self.router.ice_getConnection()
        if timeout_s > 0:
            connection.setACM(timeout_s, None, ACMHeartbeat.HeartbeatAlways)

        def closed(_: object) -> None:
            if not self._ended:
                self._communicator.world.background("leaving a session", ensureDeferred(self._let_go()))
                on_lost()

        connection.setCloseCallback(closed)

    async def _let_go(self) -> None:
        """Give the router's adapter up, so that another session can have one."""
        adapter, self._adapter = self._adapter, None
        if adapter is not None:
            await adapter.destroy()
