"""Which Broker holds which device. In memory: what is lost here, the Brokers tell again.

Each login of a device gets an epoch, higher than all before: (incarnation of the shard << 32) + a counter. A
route is replaced by a higher epoch only, so a late logout or an old report does no harm. A Broker that has
not beaten for `SILENT_S` loses its routes, since nobody would hear of its end otherwise.

Every time a Broker becomes known it gets a *mark*, a number from the same counter, and hears it with every
beat. A mark it has not heard before tells it to report all its routes: the shard has restarted, or has
dropped the routes while the Broker was silent, or takes it for a new process because its epoch has grown.

    unknown --beat, login, report--> known (mark) --silent, or a higher Broker epoch--> unknown
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs

SILENT_S: Final = 3.0
"""Three beats: failure-model's default lease."""
_COUNTER_BITS: Final = 32


class StaleBroker(Exception):
    """A Broker process speaks whose successor is known already."""


@attrs.frozen
class Route:
    """A device is held by a Broker since the login of this epoch."""

    broker: str
    epoch: int


@attrs.frozen
class Reported:
    """What came of a Broker's report."""

    taken: list[tuple[str, int]]
    """Devices (app, ordinal) whose routes were not known before."""
    outdated: list[tuple[str, int, int]]
    """Devices that have logged in elsewhere since, with the epoch of that login."""


@attrs.define
class _Known:
    """One Broker. `held` has the devices routed to it."""

    name: str
    epoch: int
    mark: int
    heard_s: float
    held: dict[tuple[str, int], None] = attrs.field(factory=dict)


class Routes:
    """The routes of one shard's devices. Seconds are monotonic, and given."""

    def __init__(self, incarnation: int) -> None:
        self._last = incarnation << _COUNTER_BITS
        self._brokers: dict[str, _Known] = {}
        self._routes: dict[tuple[str, int], Route] = {}

    def __len__(self) -> int:
        return len(self._routes)

    @property
    def brokers(self) -> list[str]:
        return list(self._brokers)

    def find(self, app: str, ordinal: int) -> Route | None:
        return self._routes.get((app, ordinal))

    def login(
        self, app: str, ordinal: int, broker: str, broker_epoch: int, now_s: float
    ) -> tuple[int, Route | None]:
        """A device has come to a Broker: its new epoch, and the route it had until now.

        Raises:
            StaleBroker: a newer process of the Broker is known.
        """
        known = self._know(broker, broker_epoch, now_s)
        before = self._routes.get((app, ordinal))
        epoch = self._next()
        self._set((app, ordinal), known, epoch)
        return epoch, before

    def logout(self, app: str, ordinal: int, broker: str, epoch: int) -> bool:
        """A device has left a Broker. Whether that was its route: a newer one stays."""
        route = self._routes.get((app, ordinal))
        if route is None or route.broker != broker or route.epoch > epoch:
            return False
        self._drop((app, ordinal))
        return True

    def beat(self, broker: str, broker_epoch: int, now_s: float) -> int:
        """A Broker lives. Returns its mark.

        Raises:
            StaleBroker: a newer process of the Broker is known.
        """
        known = self._know(broker, broker_epoch, now_s)
        known.heard_s = now_s
        return known.mark

    def report(
        self, broker: str, broker_epoch: int, held: Iterable[tuple[str, int, int]], now_s: float
    ) -> Reported:
        """A Broker tells devices it holds: (app, ordinal, epoch of the login there).

        Raises:
            StaleBroker: a newer process of the Broker is known.
        """
        known = self._know(broker, broker_epoch, now_s)
        reported = Reported([], [])
        for app, ordinal, epoch in held:
            route = self._routes.get((app, ordinal))
            if route is not None and route.epoch > epoch:
                reported.outdated.append((app, ordinal, route.epoch))
            elif route != Route(broker, epoch):
                self._set((app, ordinal), known, epoch)
                reported.taken.append((app, ordinal))
        return reported

    def sweep(self, now_s: float) -> list[str]:
        """Drop the routes of silent Brokers. Returns their names."""
        silent = [known.name for known in self._brokers.values() if now_s - known.heard_s > SILENT_S]
        for name in silent:
            self._forget(name)
        return silent

    def _know(self, name: str, epoch: int, now_s: float) -> _Known:
        known = self._brokers.get(name)
        if known is not None and known.epoch > epoch:
            raise StaleBroker(f"{name} of epoch {epoch} has a successor of epoch {known.epoch}")
        if known is not None and known.epoch < epoch:
            self._forget(name)
            known = None
        if known is None:
            known = self._brokers[name] = _Known(name, epoch, self._next(), now_s)
        return known

    def _forget(self, name: str) -> None:
        for device in self._brokers.pop(name).held:
            del self._routes[device]

    def _set(self, device: tuple[str, int], known: _Known, epoch: int) -> None:
        self._drop(device)
        self._routes[device] = Route(known.name, epoch)
        known.held[device] = None

    def _drop(self, device: tuple[str, int]) -> None:
        route = self._routes.pop(device, None)
        if route is not None:
            del self._brokers[route.broker].held[device]

    def _next(self) -> int:
        self._last += 1
        return self._last
