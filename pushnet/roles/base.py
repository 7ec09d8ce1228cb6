"""What every role is made of: `Parts` go in, a `RoleService` comes out.

`pushnet.app` builds the parts in the real world and `pushnet.sim` in the simulated one; a role cannot
tell which. A role opens and closes as a coroutine; `RoleService` binds that to Twisted's services.
"""

from __future__ import annotations

import attrs
from prometheus_client import CollectorRegistry
from twisted.application.service import Service
from twisted.internet.defer import Deferred, ensureDeferred, succeed
from twisted.logger import Logger

from pushnet.grid.settings import NodeSettings, Settings
from pushnet.roles.membership import Membership
from pushnet.rpc.communicator import Communicator
from pushnet.world import World


@attrs.frozen
class Parts:
    """What a node is built from."""

    world: World
    communicator: Communicator
    settings: Settings
    """The whole cluster file."""
    node: NodeSettings
    """This node's entry in it."""
    membership: Membership
    """Offer adapters and well-known objects here before it starts."""
    metrics: CollectorRegistry
    log: Logger

    def endpoint(self, port: int | None = None) -> str:
        """Where this node listens for other nodes: at its own port when none is given."""
        settings, node = self.settings, self.node
        host = node.host or settings.cluster.host
        return f"{settings.protocol} -h {host} -p {node.port if port is None else port}"


class RoleService(Service):
    """One role in one process.

    Subclasses write `open` and `close`; `started` fires when `open` has ended and fails as it failed.
    `doomed` fires, with the reason, when the role cannot go on in this process: whoever runs it ends it, and
    the next process begins with what is on disk.
    """

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.started: Deferred[None] = Deferred()
        self.doomed: Deferred[str] = Deferred()
        self._opening: Deferred[None] | None = None
        self._open = False

    def startService(self) -> None:
        super().startService()  # type: ignore[no-untyped-call]
        self._opening = ensureDeferred(self.open())
        self._opening.addCallbacks(self._opened, self.started.errback)

    def stopService(self) -> Deferred[None]:
        super().stopService()  # type: ignore[no-untyped-call]
        if self._opening is not None and not self.started.called:
            self._opening.cancel()
            self.started.addErrback(lambda failure: None)
        return ensureDeferred(self.close()) if self._opening is not None else succeed(None)

    def _opened(self, result: None) -> None:
        self._open = True
        self.started.callback(result)

    async def open(self) -> None:
        """Open stores, activate adapters, join the registry: serving when it returns."""
        raise NotImplementedError

    async def close(self) -> None:
        """Leave the registry, drain, flush, close: nothing accepted is lost. Also after a failed `open`."""
        raise NotImplementedError

    def give_up(self, reason: str) -> None:
        """This process cannot keep what it promises any more: have it ended."""
        if not self.doomed.called:
            self.parts.log.critical("cannot go on, ending: {reason}", reason=reason)
            self.doomed.callback(reason)

    def health(self) -> dict[str, object]:
        """For `/health`: `ok` (bool) and whatever explains it."""
        return {"ok": self._open and bool(self.running)}

    def gauges(self) -> dict[str, float]:
        """Readings told to the registry with each renewal; `load` decides least-loaded choice."""
        return {}
