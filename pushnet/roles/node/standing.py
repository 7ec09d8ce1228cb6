"""The fronts of one machine: one before each server that wants one, as long as it is planned."""

from __future__ import annotations

from collections.abc import Mapping

from twisted.internet.defer import Deferred, DeferredList, succeed
from twisted.python.failure import Failure

from pushnet.roles.node.fronting import Front, FrontMaker
from pushnet.world import World


class Standing:
    """Who stands before whom."""

    def __init__(self, world: World, maker: FrontMaker) -> None:
        self._world = world
        self._maker = maker
        self._fronts: dict[str, tuple[str, Front]] = {}
        self._opening: dict[str, Deferred[None]] = {}

    def have(self, id: str, endpoints: str) -> Deferred[Front]:
        """The front of a server at these endpoints, opened when there is none. Fails as its maker does."""
        known = self._fronts.get(id)
        if known is not None and known[0] == endpoints:
            return succeed(known[1])
        if id in self._opening:  # one at a time; then look again
            return _after(self._opening[id]).addCallback(lambda _: self.have(id, endpoints))
        opening: Deferred[None] = Deferred()
        self._opening[id] = opening

        def opened(result: Front | Failure) -> Front | Failure:
            del self._opening[id]
            if not isinstance(result, Failure):
                self._fronts[id] = (endpoints, result)
            opening.callback(None)
            return result

        made: Deferred[Front] = self.drop(id).addCallback(lambda _: self._maker(self._world, endpoints))
        return made.addBoth(opened)

    def drop(self, id: str) -> Deferred[None]:
        """Nobody stands before that server any more. Fires when its clients have been answered."""
        known = self._fronts.pop(id, None)
        return known[1].close() if known is not None else succeed(None)

    def of(self, id: str) -> Front | None:
        known = self._fronts.get(id)
        return known[1] if known is not None else None

    def gauges(self, id: str) -> Mapping[str, float]:
        """How the server behind its front does; nothing of one without."""
        front = self.of(id)
        return front.gauges() if front is not None else {}

    def close(self) -> Deferred[None]:
        """All of them."""
        closing = DeferredList([self.drop(id) for id in list(self._fronts)])
        return closing.addCallback(lambda _: None)


def _after(opening: Deferred[None]) -> Deferred[None]:
    waiting: Deferred[None] = Deferred()
    opening.addCallback(lambda _: waiting.callback(None))
    return waiting
