"""Messages that should have been acknowledged by now, handed to the Broker again.

A Pusher delivers once or twice and then relies on the device coming back. But a device that is connected
does not come back: when its Broker could not be found just then (the registry had lost it), nothing would
tell it. So for every device with a route the shard notes what it waits for, and as long as the device has
not acknowledged it, hands the newest message over again, after pauses that double. A Broker that has sent
it already does nothing; one that does not hold the device at all says so, and the route goes.

Devices without a route are not waited for: they read their stream when they log in, or are handed what
waits when their Broker reports them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

from pushnet.gen.pushnet.broker import Target
from pushnet.roles.dbagent.answers import from_store
from pushnet.roles.dbagent.courier import Courier
from pushnet.roles.dbagent.routes import Routes
from pushnet.stores.shard.store import ShardStore

PAUSE_FIRST_S: Final = 3.0
"""Acknowledgements come within some hundred milliseconds; the Pusher's second try after one second."""
PAUSE_MAX_S: Final = 30.0
EXPECTED_MAX: Final = 50_000
"""Devices waited for at once. Then the oldest are left to their next login."""


@attrs.define
class _Expected:
    """What a device has to acknowledge, and when to remind next."""

    seq: int
    due_s: float
    pause_s: float = PAUSE_FIRST_S


class Reminders:
    """The devices of one shard that owe an acknowledgement. Seconds are monotonic, and given."""

    def __init__(self, store: ShardStore, routes: Routes, courier: Courier) -> None:
        self._store = store
        self._routes = routes
        self._courier = courier
        self._expected: dict[tuple[str, int], _Expected] = {}

    def __len__(self) -> int:
        return len(self._expected)

    def expect(self, app: str, ordinal: int, seq: int, now_s: float) -> None:
        """A message with this seq is on its way to a device that has a route."""
        expected = self._expected.get((app, ordinal))
        if expected is not None:
            expected.seq = max(seq, expected.seq)
            return
        if len(self._expected) >= EXPECTED_MAX:
            del self._expected[next(iter(self._expected))]
        self._expected[app, ordinal] = _Expected(seq, now_s + PAUSE_FIRST_S)

    def acknowledged(self, app: str, ordinal: int, seq: int) -> None:
        """The device has everything up to `seq`."""
        expected = self._expected.get((app, ordinal))
        if expected is not None and seq >= expected.seq:
            del self._expected[app, ordinal]

    async def remind(self, now_s: float) -> None:
        """Hand over again what is due. Raises `UnavailableException`."""
        due: dict[tuple[str, str], list[int]] = {}
        for (app, ordinal), expected in list(self._expected.items()):
            if expected.due_s > now_s:
                continue
            route = self._routes.find(app, ordinal)
            if route is None:
                del self._expected[app, ordinal]
                continue
            expected.pause_s = min(expected.pause_s * 2, PAUSE_MAX_S)
            expected.due_s = now_s + expected.pause_s
            due.setdefault((route.broker, app), []).append(ordinal)
        for (broker, app), ordinals in due.items():
            await self.hand_over(broker, app, ordinals, now_s)

    async def hand_over(self, broker: str, app: str, ordinals: Sequence[int], now_s: float) -> None:
        """Give a Broker the newest message that waits for each device: it shows the device what it lacks.

        Devices for which nothing waits are expected to acknowledge nothing. Raises `UnavailableException`.
        """
        owing: dict[int, None] = {}
        for message, places in await from_store(self._store.newest(app, ordinals)):
            targets: list[Target] = []
            for ordinal, seq in places:
                owing[ordinal] = None
                route = self._routes.find(app, ordinal)
                if route is not None and route.broker == broker:
                    self.expect(app, ordinal, seq, now_s)
                    targets.append(Target(ordinal, route.epoch, seq - 1, seq))
            if targets:
                self._courier.deliver(broker, app, message, targets)
        for ordinal in ordinals:
            if ordinal not in owing:
                self._expected.pop((app, ordinal), None)
