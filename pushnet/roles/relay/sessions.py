"""Sessions, one a connection, and the visitors who have none yet.

A session begins with a login and ends when it is destroyed, its connection closes, or its client gives no
sign of life for the timeout. It is known by its connection and, for calls from inside, by its category: 20
random characters that the identities of the client's callback objects carry, and nobody else can guess.

A visitor may use a few operations, few bytes and little time before it has a session.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, Generic, TypeVar

import attrs

from pushnet.roles.relay.routing import RoutingTable
from pushnet.roles.relay.turns import Turns

C = TypeVar("C")
"""A connection: anything that can be a key."""

SESSIONS_MAX: Final = 10_000
"""Bounds memory: a session with a full routing table takes some 300 KB, an ordinary one 2 KB."""
VISITORS_MAX: Final = 2_000
"""Connections without session; the oldest goes first."""
VISIT_OPERATIONS_MAX: Final = 5
VISIT_BYTES_MAX: Final = 4096
VISIT_S: Final = 10.0
CATEGORY_CHARACTERS: Final = 20
_FIRST, _LAST = 33, 126
"""Printable ASCII, as in Glacier2: 94 kinds, 6.55 bits each, 131 bits in all."""


class SessionRefused(Exception):
    """There can be no session: the text says why."""


@attrs.define(eq=False)
class Session(Generic[C]):
    """What the relay keeps for one client."""

    connection: C
    user: str
    category: str
    seen_at: float
    number: int = 0
    """Counted from the first session on."""
    routing: RoutingTable = attrs.field(factory=RoutingTable)
    turns: Turns = attrs.field(factory=Turns)


class Sessions(Generic[C]):
    """Every session. Times are monotonic seconds; a `timeout_s` of 0 means: until the connection closes."""

    def __init__(self, timeout_s: float, sessions_max: int = SESSIONS_MAX) -> None:
        self.timeout_s = timeout_s
        self._sessions_max = sessions_max
        self._by_connection: dict[C, Session[C]] = {}
        self._by_category: dict[str, Session[C]] = {}
        self._begun = 0

    def begin(self, connection: C, user: str, category: str, now: float) -> Session[C]:
        """Raises `SessionRefused`: there is one on this connection, or there are too many."""
        if connection in self._by_connection:
            raise SessionRefused("session exists")
        if len(self._by_connection) >= self._sessions_max:
            raise SessionRefused("the relay has as many sessions as it can have; try another or later")
        assert category not in self._by_category, "131 random bits came twice"
        session = Session(connection, user, category, now, self._begun)
        self._begun += 1
        self._by_connection[connection] = session
        self._by_category[category] = session
        return session

    def of(self, connection: C) -> Session[C] | None:
        return self._by_connection.get(connection)

    def in_category(self, category: str) -> Session[C] | None:
        return self._by_category.get(category)

    def end(self, connection: C) -> Session[C] | None:
        """End the session of that connection; None when there is none."""
        session = self._by_connection.pop(connection, None)
        if session is not None:
            del self._by_category[session.category]
        return session

    def sweep(self, now: float) -> list[Session[C]]:
        """End the sessions without a sign of life for `timeout_s`, and return them."""
        if not self.timeout_s:
            return []
        silent = [held for held in self._by_connection.values() if held.seen_at + self.timeout_s <= now]
        for session in silent:
            self.end(session.connection)
        return silent

    def __len__(self) -> int:
        return len(self._by_connection)


@attrs.define
class _Visit:
    since: float
    operations: int = 0
    size_bytes: int = 0


class Visitors(Generic[C]):
    """Connections that have no session yet."""

    def __init__(self, visitors_max: int = VISITORS_MAX) -> None:
        self._visitors_max = visitors_max
        self._visits: OrderedDict[C, _Visit] = OrderedDict()

    def arrive(self, connection: C, now: float) -> C | None:
        """Note a new connection. Returns the one that has to go for it, if there are too many."""
        self._visits.setdefault(connection, _Visit(now))
        if len(self._visits) <= self._visitors_max:
            return None
        return self._visits.popitem(last=False)[0]

    def charge(self, connection: C, size_bytes: int) -> bool:
        """Count one operation; False when it is one too many and the visit must end."""
        visit = self._visits.get(connection)
        if visit is None:
            return False
        visit.operations += 1
        visit.size_bytes += size_bytes
        return visit.operations <= VISIT_OPERATIONS_MAX and visit.size_bytes <= VISIT_BYTES_MAX

    def __contains__(self, connection: C) -> bool:
        return connection in self._visits

    def leave(self, connection: C) -> None:
        """It has a session now, or is gone."""
        self._visits.pop(connection, None)

    def sweep(self, now: float) -> list[C]:
        """Forget those who stay too long, and return them."""
        stayed: list[C] = []
        while self._visits:
            connection, visit = next(iter(self._visits.items()))
            if visit.since + VISIT_S > now:
                break
            del self._visits[connection]
            stayed.append(connection)
        return stayed

    def __len__(self) -> int:
        return len(self._visits)


def category_of(token: bytes) -> str:
    """The category that `token`, 40 fresh random bytes, gives: two bytes a character leave no bias to use."""
    assert len(token) == 2 * CATEGORY_CHARACTERS, "two random bytes a character"
    kinds = _LAST - _FIRST + 1
    pairs = zip(token[::2], token[1::2], strict=True)
    return "".join(chr(_FIRST + (high * 256 + low) % kinds) for high, low in pairs)
