"""Message ids: 63 bits, unique in the cluster without asking anyone, and newer is larger.

    41 bits   milliseconds since 2020-01-01 UTC (enough until 2089)
    10 bits   the gateway's number, unique among gateways
    12 bits   a counter within the millisecond

The time in an id never goes back: when the wall clock is stepped back, or more than 4,096 ids are wanted in a
millisecond, ids run ahead of it and wait for it to come up. A gateway that starts again after its
clock was stepped back would repeat ids, and a repeated id is a push that is taken for a duplicate: so
it begins at `floor_ms`, the promise its last life left on disk (see `pushnet.roles.gateway.service`).
"""

from __future__ import annotations

from typing import Final

EPOCH_MS: Final = 1_577_836_800_000
"""2020-01-01T00:00:00Z in milliseconds since 1970."""
NUMBER_MAX: Final = 1023
COUNTER_MAX: Final = 4095


class MessageIds:
    """Gives out the ids of one gateway.

    Args:
        number: 0 to 1023.
        floor_ms: no id is made for an earlier time; milliseconds since 1970.
    """

    def __init__(self, number: int, floor_ms: int = 0) -> None:
        if not 0 <= number <= NUMBER_MAX:
            raise ValueError(f"a gateway's number is 0 to {NUMBER_MAX}, not {number}")
        self._number = number
        self._last_ms = max(floor_ms, EPOCH_MS)
        self._counter = -1

    @property
    def last_ms(self) -> int:
        """The time of the newest id, in milliseconds since 1970."""
        return self._last_ms

    def next(self, wall_ms: int) -> int:
        """A new id, larger than all before."""
        if wall_ms > self._last_ms:
            self._last_ms, self._counter = wall_ms, 0
        elif self._counter < COUNTER_MAX:
            self._counter += 1
        else:
            self._last_ms, self._counter = self._last_ms + 1, 0
        made = (self._last_ms - EPOCH_MS) << 22 | self._number << 12 | self._counter
        assert 0 <= made < 2**63
        return made


def made_at_ms(message_id: int) -> int:
    """The time in an id, in milliseconds since 1970."""
    return (message_id >> 22) + EPOCH_MS
