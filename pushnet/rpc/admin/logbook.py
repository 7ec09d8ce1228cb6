"""`LogBook`: the last messages a communicator has logged, and who is told of new ones.

Messages come from the communicator's `Logger` and from the runtime itself. Trace messages are kept apart, so
that they do not push out the others.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection

import attrs

from pushnet.wire.enums import SliceEnum

KEEP_MAX = 100
"""Ice's default of both `Ice.Admin.Logger.KeepLogs` and `.KeepTraces`."""


class LogMessageType(SliceEnum):
    """How grave a message is."""

    PrintMessage = 0
    TraceMessage = 1
    WarningMessage = 2
    ErrorMessage = 3


@attrs.frozen
class LogMessage:
    """One message; `timestamp` in microseconds since 1970."""

    type: LogMessageType
    timestamp: int
    traceCategory: str
    message: str


@attrs.frozen
class Filter:
    """Which messages somebody wants; empty means all."""

    types: Collection[int] = ()
    categories: Collection[str] = ()

    def takes(self, message: LogMessage) -> bool:
        if self.types and message.type not in self.types:
            return False
        traced = message.type is LogMessageType.TraceMessage
        return not (traced and self.categories and message.traceCategory not in self.categories)


class LogBook:
    """Keeps messages and passes them on."""

    def __init__(
        self, wall: Callable[[], float], logs_max: int = KEEP_MAX, traces_max: int = KEEP_MAX
    ) -> None:
        self.on_message: Callable[[LogMessage], object] | None = None
        """Told of each new message."""
        self._wall = wall
        self._count = 0
        self._logs: deque[tuple[int, LogMessage]] = deque(maxlen=max(0, logs_max))
        self._traces: deque[tuple[int, LogMessage]] = deque(maxlen=max(0, traces_max))

    def write(self, type: LogMessageType, message: str, category: str = "") -> None:
        entry = LogMessage(type, int(self._wall() * 1_000_000), category, message)
        self._count += 1
        kept = self._traces if type is LogMessageType.TraceMessage else self._logs
        kept.append((self._count, entry))
        if self.on_message is not None:
            self.on_message(entry)

    def last(self, wanted: Filter, count_max: int) -> list[LogMessage]:
        """The last messages that are wanted, the oldest first; all when `count_max` is negative."""
        numbered = sorted((*self._logs, *self._traces), key=lambda each: each[0])
        found = [message for _, message in numbered if wanted.takes(message)]
        if count_max < 0:
            return found
        return found[len(found) - min(count_max, len(found)) :]
