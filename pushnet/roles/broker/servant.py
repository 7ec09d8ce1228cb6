"""`PushNet::Broker` onto the Broker's nouns."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from pushnet.gen.pushnet.broker import BrokerServant, Target
from pushnet.gen.pushnet.push import Message
from pushnet.roles.broker.group_log import Row
from pushnet.roles.broker.switchboard import Switchboard
from pushnet.roles.broker.tally import Tally
from pushnet.rpc.stubs import Current


class BrokerI(BrokerServant):
    """One Broker."""

    def __init__(
        self, switchboard: Switchboard, tally: Tally, rebalance: Callable[[], Awaitable[int]]
    ) -> None:
        self._switchboard = switchboard
        self._rebalance = rebalance
        self._tally = tally

    async def deliver(
        self, app: str, item: Message, devices: Sequence[Target], current: Current | None = None
    ) -> list[int]:
        return self._switchboard.own.deliver(app, item, devices)

    async def deliverGroup(
        self, app: str, seq: int, item: Message, audience: bytes, current: Current | None = None
    ) -> None:
        self._switchboard.logs.take(app, seq, lambda: Row(seq, item, audience))

    async def evict(self, app: str, ordinal: int, epoch: int, current: Current | None = None) -> None:
        self._switchboard.lines.evict(app, ordinal, epoch)

    async def rebalance(self, current: Current | None = None) -> int:
        return await self._rebalance()

    async def stats(self, current: Current | None = None) -> dict[str, float]:
        return self._tally.readings()
