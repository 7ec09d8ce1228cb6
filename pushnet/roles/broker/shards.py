"""The DBAgent shards, by number; and which one is asked for what."""

from __future__ import annotations

from collections.abc import Sequence

from pushnet.gen.pushnet.dbagent import Shard, ShardPrx
from pushnet.grid.placement import home_shard, shard_of_device, shard_of_ordinal
from pushnet.rpc.communicator import Communicator

CALL_LIMIT_MS = 5000
"""For one call of a shard: half of what a device has for its login."""


class Shards:
    """One proxy a shard."""

    def __init__(self, shards: Sequence[Shard]) -> None:
        self._shards = list(shards)

    @property
    def count(self) -> int:
        return len(self._shards)

    def shard(self, number: int) -> Shard:
        return self._shards[number]

    def known(self, ordinal: int) -> bool:
        """Whether the ordinal names a shard of this cluster."""
        return shard_of_ordinal(ordinal) < len(self._shards)

    def of_ordinal(self, ordinal: int) -> Shard:
        """The shard of a registered device."""
        return self._shards[shard_of_ordinal(ordinal)]

    def of_new_device(self, app: str, device_key: str) -> Shard:
        """The shard where a device registers."""
        return self._shards[shard_of_device(app, device_key, len(self._shards))]

    def home(self, app: str) -> Shard:
        """The shard that keeps the app's group log."""
        return self._shards[self.home_number(app)]

    def home_number(self, app: str) -> int:
        return home_shard(app, len(self._shards))


def shards_of(communicator: Communicator, count: int) -> Shards:
    """The cluster's shards, found by name."""
    proxies: list[Shard] = []
    for number in range(count):
        proxy = ShardPrx.uncheckedCast(communicator.stringToProxy(f"shard/{number}"))
        assert proxy is not None
        proxies.append(proxy.ice_invocationTimeout(CALL_LIMIT_MS))
    return Shards(proxies)
