"""The Brokers that live, as the registry says: asked at most once a second, and again after a failure.

When the registry does not answer, the last list goes on being used: what runs keeps running.
"""

from __future__ import annotations

from collections.abc import Callable

from twisted.internet.defer import DeferredLock
from twisted.logger import Logger

from pushnet.gen.pushnet.broker import Broker, BrokerPrx
from pushnet.gen.pushnet.registry import Member, Registry
from pushnet.rpc.exceptions import LocalException
from pushnet.wire.identity import Identity
from pushnet.world import World

GROUP = "Broker"
KEPT_S = 1.0
CALL_LIMIT_MS = 2000
"""For one delivery to a Broker: a push must not wait for one that is gone (the message is stored)."""


def broker_proxy(member: Member) -> Broker | None:
    """The Broker behind a replica that the registry names."""
    if member.proxy is None:
        return None
    named = BrokerPrx.uncheckedCast(member.proxy.ice_identity(Identity(member.node, "broker")))
    return named.ice_invocationTimeout(CALL_LIMIT_MS) if named is not None else None


class Brokers:
    """Knows the living Brokers by node name.

    Args:
        connect: from a replica to the Broker itself; None when it has no endpoints.
    """

    def __init__(
        self,
        world: World,
        registry: Registry,
        log: Logger,
        connect: Callable[[Member], Broker | None] = broker_proxy,
    ) -> None:
        self._world = world
        self._registry = registry
        self._connect = connect
        self._log = log
        self._lock = DeferredLock()
        self._known: dict[str, Broker] = {}
        self._asked_at: float | None = None

    async def living(self) -> dict[str, Broker]:
        """The Brokers by node name, sorted; at most `KEPT_S` old where the registry answers."""
        await self._lock.acquire()
        try:
            if self._asked_at is None or self._world.monotonic() - self._asked_at >= KEPT_S:
                await self._ask()
            return self._known
        finally:
            self._lock.release()

    def forget(self) -> None:
        """A Broker has failed: ask again before the next use."""
        self._asked_at = None

    async def _ask(self) -> None:
        try:
            members = await self._registry.replicas(GROUP)
        except LocalException as error:
            self._log.warn("the registry does not answer, using the Brokers known: {error}", error=error)
        else:
            found = {member.node: self._connect(member) for member in members}
            self._known = {node: broker for node, broker in sorted(found.items()) if broker is not None}
        self._asked_at = self._world.monotonic()
