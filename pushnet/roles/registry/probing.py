"""Whether stock servers that registered themselves still answer."""

from __future__ import annotations

from twisted.internet.defer import ensureDeferred

from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.proxies import Proxies
from pushnet.roles.registry.strangers import Stranger
from pushnet.rpc.exceptions import LocalException, RequestFailedException
from pushnet.world import World


class Probing:
    """Pings each stranger once a lease and tells the ledger of those that answer.

    A ping ends within half a lease, so at most one per stranger is under way.
    """

    def __init__(self, world: World, ledger: Ledger, proxies: Proxies) -> None:
        self._world = world
        self._ledger = ledger
        self._proxies = proxies
        self._limit_ms = max(1, int(ledger.lease_s * 500))

    def round(self) -> None:
        """Ping everybody, without waiting."""
        for stranger in self._ledger.strangers():
            self._world.background("registry.probe", ensureDeferred(self._probe(stranger)))

    async def _probe(self, stranger: Stranger) -> None:
        if await self.alive(stranger):
            self._ledger.answered(stranger)

    async def alive(self, stranger: Stranger) -> bool:
        """Whether a server answers at the stranger's endpoints; also "no such object" is an answer."""
        proxy = self._proxies.proxy(f"dummy:{stranger.adapter.endpoints}")
        if proxy is None:
            return False
        try:
            await proxy.ice_invocationTimeout(self._limit_ms).ice_ping()
        except RequestFailedException:
            return True
        except LocalException:
            return False
        return True
