"""One app's group log as a Broker follows it: its end, and the rows just before it.

Rows arrive from the Pushers in any order, twice, or not at all. `head` is the end of what is here without a
hole: a row that follows it moves it, a later one waits and shows that something is missing. What is missing
is read from the app's home shard; that the log goes further at all is also told by every beat, so a row that
nobody delivered is found within a second.
"""

from __future__ import annotations

from collections import deque

from pyroaring import BitMap

from pushnet.gen.pushnet.push import Message

ROWS_MAX = 256
"""Rows kept for devices that pull or come back."""
ROWS_BYTES_MAX = 8 * 1024 * 1024
"""Bodies and audiences of the rows kept: a bitmap of a million random devices is 2 MB."""
WAITING_MAX = 256
"""Rows kept behind a hole; the shard has them all anyway."""


class Row:
    """One group push."""

    __slots__ = ("audience", "message", "seq", "size")

    def __init__(self, seq: int, message: Message, audience: bytes) -> None:
        """Raises `ValueError` when `audience` is no roaring bitmap."""
        self.seq = seq
        self.message = message
        self.audience = BitMap.deserialize(audience)
        self.size = len(message.body) + len(audience)


class GroupLog:
    """Follows one log. Rows given to `take` come back from it in order, each once."""

    def __init__(self, app: str, head: int) -> None:
        self.app = app
        self.head = head
        self.told = head
        """How far the log is said to go."""
        self._rows: deque[Row] = deque()
        self._bytes = 0
        self._waiting: dict[int, Row] = {}

    @property
    def behind(self) -> bool:
        """Whether rows are missing here."""
        return self.told > self.head

    def take(self, row: Row) -> list[Row]:
        """A row has arrived. Returns the rows that follow `head` without a hole now, in order."""
        self.told = max(self.told, row.seq)
        if row.seq > self.head and len(self._waiting) < WAITING_MAX:
            self._waiting[row.seq] = row
        return self._ready()

    def skip_to(self, seq: int) -> list[Row]:
        """The log has nothing up to `seq` any more. Returns what follows now."""
        if seq > self.head:
            self.head = seq
            self.told = max(self.told, seq)
            self._rows.clear()
            self._bytes = 0
            self._waiting = {at: row for at, row in self._waiting.items() if at > seq}
        return self._ready()

    def after(self, since: int) -> list[Row] | None:
        """The rows after `since` that are here; None when some of them are not."""
        if since >= self.head:
            return []
        first = self.head - len(self._rows) + 1
        if since + 1 < first:
            return None
        return [row for row in self._rows if row.seq > since]

    def _ready(self) -> list[Row]:
        ready: list[Row] = []
        while (row := self._waiting.pop(self.head + 1, None)) is not None:
            self.head = row.seq
            self._keep(row)
            ready.append(row)
        return ready

    def _keep(self, row: Row) -> None:
        self._rows.append(row)
        self._bytes += row.size
        while len(self._rows) > ROWS_MAX or self._bytes > ROWS_BYTES_MAX:
            self._bytes -= self._rows.popleft().size
