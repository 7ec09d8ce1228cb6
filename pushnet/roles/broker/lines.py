"""Which device is on which line, by app; and which devices are on their way in.

A message may come for a device whose login the shard has noted but whose answer has not arrived here yet.
Such a device has an `Arrival`, which remembers how far its stream was said to go.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyroaring import BitMap

from pushnet.device.frames import Reason
from pushnet.roles.broker.line import Line

REPLACED_RETRY_S = 30
"""How long a device stays away when another connection of the same device is newer."""


class Arrival:
    """A login under way."""

    __slots__ = ("evicted", "head")

    def __init__(self) -> None:
        self.head = 0
        """The end of the device's own stream, as far as messages told."""
        self.evicted = 0
        """The epoch of a newer login elsewhere."""


class AppLines:
    """The devices of one app that are here."""

    __slots__ = ("app", "by_ordinal", "live")

    def __init__(self, app: str) -> None:
        self.app = app
        self.by_ordinal: dict[int, Line] = {}
        self.live = BitMap()
        """Those that have all of the app's group log: the ones a new row goes to."""


class Lines:
    """All logged-in lines of a Broker."""

    def __init__(self) -> None:
        self._apps: dict[str, AppLines] = {}
        self._arrivals: dict[tuple[str, int], list[Arrival]] = {}
        self.count = 0

    def app(self, app: str) -> AppLines | None:
        """The app's lines; None when no device of it is here."""
        return self._apps.get(app)

    def find(self, app: str, ordinal: int) -> Line | None:
        lines = self._apps.get(app)
        return lines.by_ordinal.get(ordinal) if lines is not None else None

    def __iter__(self) -> Iterator[Line]:
        for lines in list(self._apps.values()):
            yield from list(lines.by_ordinal.values())

    def apps(self) -> list[str]:
        return list(self._apps)

    def wants(self, app: str) -> bool:
        """Whether a device of the app is here or on its way in."""
        return app in self._apps or any(key[0] == app for key in self._arrivals)

    def enter(self, line: Line) -> AppLines | None:
        """A logged-in line takes its device's place. None when a newer login has it: the line is closed."""
        lines = self._apps.setdefault(line.app, AppLines(line.app))
        old = lines.by_ordinal.get(line.ordinal)
        if old is not None and old.epoch > line.epoch:
            line.close(Reason.REPLACED, REPLACED_RETRY_S)
            return None
        if old is not None:
            old.close(Reason.REPLACED, REPLACED_RETRY_S)
            lines = self._apps.setdefault(line.app, lines)
        lines.by_ordinal[line.ordinal] = line
        self.count += 1
        return lines

    def leave(self, line: Line) -> None:
        """The line has closed. A newer one of the same device stays."""
        lines = self._apps.get(line.app)
        if lines is None or lines.by_ordinal.get(line.ordinal) is not line:
            return
        del lines.by_ordinal[line.ordinal]
        lines.live.discard(line.ordinal)
        self.count -= 1
        if not lines.by_ordinal:
            del self._apps[line.app]

    def arriving(self, app: str, ordinal: int) -> Arrival:
        """A login begins; `arrived` ends it."""
        arrival = Arrival()
        self._arrivals.setdefault((app, ordinal), []).append(arrival)
        return arrival

    def arrived(self, app: str, ordinal: int, arrival: Arrival) -> None:
        arrivals = self._arrivals[app, ordinal]
        arrivals.remove(arrival)
        if not arrivals:
            del self._arrivals[app, ordinal]

    def tell_arrivals(self, app: str, ordinal: int, head: int) -> bool:
        """The device's stream goes to `head`. Whether a login is under way that will see to it."""
        arrivals = self._arrivals.get((app, ordinal), [])
        for arrival in arrivals:
            arrival.head = max(arrival.head, head)
        return bool(arrivals)

    def evict(self, app: str, ordinal: int, epoch: int) -> None:
        """The device has logged in elsewhere with `epoch`: older lines of it are closed."""
        for arrival in self._arrivals.get((app, ordinal), []):
            arrival.evicted = max(arrival.evicted, epoch)
        line = self.find(app, ordinal)
        if line is not None and line.epoch < epoch:
            line.close(Reason.REPLACED, REPLACED_RETRY_S)
