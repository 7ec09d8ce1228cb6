"""Who is at the public port: visitors without a session, and sessions, each by connection.

Every request passes here first. A visitor's counts against its visit; whoever asks for more than a visitor
may have is put out: the connection is closed at once and without a word, as Glacier2 does. One timer serves
everybody: visitors who stay too long and sessions that have fallen silent are found by it.
"""

from __future__ import annotations

from typing import Final

from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from pushnet.roles.relay.metrics import RelayMetrics
from pushnet.roles.relay.sessions import CATEGORY_CHARACTERS, Session, Sessions, Visitors, category_of
from pushnet.rpc.acm import ConnectionClose
from pushnet.rpc.current import ConnectionContract
from pushnet.rpc.exceptions import ObjectNotExistException
from pushnet.rpc.stubs import Current
from pushnet.world import World

TICK_MAX_S: Final = 1.0


class Lobby:
    """Sessions and visitors of one relay."""

    def __init__(self, world: World, session_timeout_s: int, metrics: RelayMetrics) -> None:
        self._world = world
        self._metrics = metrics
        self._sessions: Sessions[ConnectionContract] = Sessions(float(session_timeout_s))
        self._visitors: Visitors[ConnectionContract] = Visitors()
        self._tick_s = min(TICK_MAX_S, session_timeout_s / 4 or TICK_MAX_S)
        self._tick_due: IDelayedCall | None = None
        self._log = Logger(namespace="pushnet.relay")
        self.session_timeout_s = session_timeout_s

    def open(self) -> None:
        self._tick()

    def close(self) -> None:
        if self._tick_due is not None and self._tick_due.active():
            self._tick_due.cancel()

    def arrive(self, connection: ConnectionContract) -> None:
        """A client has connected."""
        connection.setCloseCallback(self._gone)
        connection.setHeartbeatCallback(self._alive)
        surplus = self._visitors.arrive(connection, self._world.monotonic())
        if surplus is not None:
            self._put_out(surplus)

    def _alive(self, connection: ConnectionContract) -> None:
        session = self._sessions.of(connection)
        if session is not None:
            session.seen_at = self._world.monotonic()

    def _gone(self, connection: ConnectionContract) -> None:
        self._visitors.leave(connection)
        session = self._sessions.end(connection)
        if session is not None:
            self._log.info("the session of {user} ended with its connection", user=session.user)

    def visit(self, current: Current, size_bytes: int = 0) -> None:
        """Let a request pass that needs no session. Raises when the visitor has had enough."""
        connection = current.con
        if self._sessions.of(connection) is not None:
            return
        if connection not in self._visitors:
            self.arrive(connection)
        if not self._visitors.charge(connection, size_bytes):
            self._put_out(connection)
            raise _nothing(current)

    def session(self, current: Current) -> Session[ConnectionContract]:
        """The session of the request's connection, which thereby gave a sign of life. Raises without one."""
        session = self._sessions.of(current.con)
        if session is None:
            self._put_out(current.con)
            raise _nothing(current)
        session.seen_at = self._world.monotonic()
        return session

    def peek(self, current: Current) -> Session[ConnectionContract] | None:
        """The session of the request's connection, if any."""
        return self._sessions.of(current.con)

    def in_category(self, category: str) -> Session[ConnectionContract] | None:
        """Whom a callback object of that category belongs to."""
        return self._sessions.in_category(category)

    def begin(self, connection: ConnectionContract, user: str) -> Session[ConnectionContract]:
        """Turn a visitor into a session. Raises `SessionRefused`."""
        category = category_of(self._world.entropy.token(2 * CATEGORY_CHARACTERS))
        session = self._sessions.begin(connection, user, category, self._world.monotonic())
        self._visitors.leave(connection)
        self._log.info("{user} has a session", user=user)
        return session

    def is_visiting(self, connection: ConnectionContract) -> bool:
        """Whether it is still there, without a session."""
        return connection in self._visitors

    def end(self, connection: ConnectionContract) -> None:
        """End a session; its client is a visitor again, with the limits of one."""
        session = self._sessions.end(connection)
        if session is not None:
            self._log.info("the session of {user} was destroyed", user=session.user)
            self.arrive(connection)

    def overload(self, session: Session[ConnectionContract]) -> None:
        """Its client sends more than the relay will hold for it."""
        self._metrics.closed_overload.inc()
        self._log.warn("{user} sends more than is forwarded, closing", user=session.user)
        session.connection.close(ConnectionClose.Forcefully)

    def _put_out(self, connection: ConnectionContract) -> None:
        self._visitors.leave(connection)
        self._metrics.closed_visitor.inc()
        connection.close(ConnectionClose.Forcefully)

    def _tick(self) -> None:
        now = self._world.monotonic()
        for connection in self._visitors.sweep(now):
            self._put_out(connection)
        for session in self._sessions.sweep(now):
            self._metrics.closed_silent.inc()
            self._log.info("{user} gave no sign of life, the session ends", user=session.user)
            session.connection.close(ConnectionClose.Forcefully)
        self._tick_due = self._world.call_later(self._tick_s, self._tick)

    def counts(self) -> dict[str, float]:
        return {"sessions": float(len(self._sessions)), "visitors": float(len(self._visitors))}


def _nothing(current: Current) -> ObjectNotExistException:
    """What ends the dispatch; nobody is left to hear it."""
    return ObjectNotExistException(current.id, current.facet, current.operation, "no session")
