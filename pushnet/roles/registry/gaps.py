"""Names whose server is being replaced: who looks one up in the gap waits until it is there again.

A server whose predecessor stops before its successor starts leaves the registry for a moment. Its place is
not told meanwhile, as others may be there in its group; but when nothing is found, it is not said that there
is nothing: the agent's reports tell that a process of the server is on its way.

    there --it left, or its lease ran out--> gone --it is looked up, its agent is at it--> waited for
      ^                                        |                                             |
      `----------------- it is there again ----+---------------------------------------------'
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall

from pushnet.roles.registry.books import Event, What
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.records import AdapterRecord, NodeRecord
from pushnet.wire.identity import Identity
from pushnet.world import World

Name = str | Identity
"""An adapter, a group, or a well-known object."""
GAP_S: Final = 30.0
"""Longer a server is not waited for: most need a second to end and to start."""
GONE_MAX: Final = 10_000
"""Names that are remembered; the oldest are forgotten first."""
WAITING_MAX: Final = 4096
"""Lookups that wait at one registry; those beyond are told that there is nothing."""


@attrs.frozen
class _Gone:
    server: str
    at: float


class Gaps:
    """Made once for a registry.

    Args:
        home: the server that an adapter belongs to; empty when nobody knows.
        returns: whether an agent is at it to have that server run again.
    """

    def __init__(
        self, world: World, ledger: Ledger, home: Callable[[str], str], returns: Callable[[str], bool]
    ) -> None:
        self._world = world
        self._home = home
        self._returns = returns
        self._gone: dict[Name, _Gone] = {}
        self._waiting: dict[Deferred[None], tuple[Name, IDelayedCall]] = {}
        ledger.books.followers.append(self._follow)

    def wait(self, name: Name) -> Deferred[None] | None:
        """Fires when it is there again, or need not be waited for. None: that is so already."""
        gone = self._gone.get(name)
        if gone is None or len(self._waiting) >= WAITING_MAX:
            return None
        left_s = gone.at + GAP_S - self._world.monotonic()
        if left_s <= 0 or not self._returns(gone.server):
            return None
        waiting: Deferred[None] = Deferred(self._give_up)
        self._waiting[waiting] = (name, self._world.call_later(left_s, self._answer, waiting))
        return waiting

    def look(self) -> None:
        """An agent has told something else: who need not wait any more is answered."""
        for waiting, (name, _) in list(self._waiting.items()):
            gone = self._gone.get(name)
            if gone is None or not self._returns(gone.server):
                self._answer(waiting)

    def close(self) -> None:
        """Answer all who wait."""
        for waiting in list(self._waiting):
            self._answer(waiting)

    def _follow(self, event: Event) -> None:
        record = event.record
        if isinstance(record, NodeRecord):
            objects = [known.identity for known in record.objects]
            names: list[Name] = [*_names(record.adapters), *objects]
            self._changed(names, event.name, event.what is What.node_down)
        elif isinstance(record, AdapterRecord):
            is_gone = event.what is What.adapter_removed
            self._changed(_names([record]), self._home(event.name), is_gone)

    def _changed(self, names: list[Name], server: str, is_gone: bool) -> None:
        for name in names:
            self._gone.pop(name, None)
            if is_gone and server:
                self._gone[name] = _Gone(server, self._world.monotonic())
        while len(self._gone) > GONE_MAX:
            del self._gone[next(iter(self._gone))]
        if not is_gone:
            for waiting, (name, _) in list(self._waiting.items()):
                if name in names:
                    self._answer(waiting)

    def _answer(self, waiting: Deferred[None]) -> None:
        if waiting in self._waiting:
            self._give_up(waiting)
            waiting.callback(None)

    def _give_up(self, waiting: Deferred[None]) -> None:
        _, due = self._waiting.pop(waiting)
        if due.active():
            due.cancel()


def _names(adapters: tuple[AdapterRecord, ...] | list[AdapterRecord]) -> list[Name]:
    ids: list[Name] = [adapter.id for adapter in adapters]
    return [*ids, *[adapter.group for adapter in adapters if adapter.group]]
