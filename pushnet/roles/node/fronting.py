"""What an agent needs of a front: something that stands before a server which knows nothing of pushnet.

The front listens at the server's public endpoint as long as the server is planned, whoever runs behind it,
and passes messages on to the process that `turn_to` named last.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from twisted.internet.defer import Deferred

from pushnet.world import World


class Front(Protocol):
    """Stands before one server."""

    def turn_to(self, host: str, port: int) -> Deferred[None]:
        """From now on the server is there. Fires when nobody uses the one before any more: it may end.

        Whoever calls meanwhile waits. Until the first call, and after `turn_away`, everybody waits.
        """
        ...

    def turn_away(self) -> Deferred[None]:
        """Nobody is behind it for a while. Fires when nobody uses the one before any more."""
        ...

    def gauges(self) -> Mapping[str, float]:
        """How whoever is behind it does: `requests`, `failures`, `p99_ms` as far as it is known."""
        ...

    def close(self) -> Deferred[None]:
        """Listen no more; fires when all that was begun has been answered, or the limit is over."""
        ...


class FrontMaker(Protocol):
    """Makes fronts of one agent."""

    def __call__(self, world: World, endpoints: str) -> Deferred[Front]:
        """A front that listens at these Ice endpoints. Fails with `CannotListenError`, or `ValueError`."""
        ...
