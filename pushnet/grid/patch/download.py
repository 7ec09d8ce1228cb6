"""Fetches objects from several sources at once: events in, commands out; no I/O.

Each source has up to `WINDOW` questions in flight and takes the next object when it has asked for all of the
last one, so a fast source does more. An object comes from one source, front to back; when that source fails,
rests or stalls, another goes on where it stopped. What was gathered in an earlier run is not asked again.
The byte budget (`bytes_per_s`) is spent when asking. Nothing counts before `Settle` has checked it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs

from pushnet.grid.patch.limits import CHUNK_BYTES_MAX
from pushnet.grid.patch.sources import Source

WINDOW = 4
"""Questions in flight to one source: 1 MiB, which fills 100 MB/s at 10 ms."""
ASK_LIMIT_S = 30.0
"""A source has this long for one answer. So nobody can hold us at less than 8 kB/s for a full one."""
STALL_S = 3.0
"""An object that has not moved this long goes to a source that has nothing to do."""
UNWRITTEN_MAX = 8 << 20
"""Bytes on their way to the disk before no more are asked for."""
BURST_S = 0.25
"""How much of the byte budget may be spent ahead."""


@attrs.frozen
class Ask:
    source: str
    digest: str
    offset: int
    size: int


@attrs.frozen
class Keep:
    """Add these bytes to the object; tell `kept`."""

    digest: str
    offset: int
    data: bytes


@attrs.frozen
class Settle:
    """The object has been gathered: check it; tell `settled`."""

    digest: str


@attrs.frozen
class Discard:
    """Throw away what was gathered of it."""

    digest: str


@attrs.frozen
class Finished:
    """Everything is here."""


@attrs.frozen
class GaveUp:
    """It cannot be had; `reason` tells of each source why."""

    reason: str


Command = Ask | Keep | Settle | Discard | Finished | GaveUp


@attrs.define
class _Object:
    digest: str
    size: int
    asked: int = 0
    taken: int = 0
    """Contiguous bytes that were handed to the disk."""
    written: int = 0
    source: str = ""
    givers: dict[str, None] = attrs.field(factory=dict)
    """Who gave bytes of it; an earlier run counts as one without a name."""
    early: dict[int, bytes] = attrs.field(factory=dict)
    moved_at: float = 0.0
    alone: bool = False
    """It was wrong once: only one source may give all of it."""


class Download:
    """One fetch of many objects.

    Args:
        wants: digest to size of what is wanted.
        gathered: digest to how many bytes an earlier run has left.
        lacks: source to digests it does not have.
        bytes_per_s: the byte budget; 0: none.
        give_up_at: monotonic seconds after which it fails.
    """

    def __init__(
        self,
        wants: Mapping[str, int],
        sources: Sequence[Source],
        *,
        gathered: Mapping[str, int] | None = None,
        bytes_per_s: int = 0,
        chunk_bytes: int = CHUNK_BYTES_MAX,
        give_up_at: float = float("inf"),
    ) -> None:
        self._sources = {source.name: source for source in sources}
        self._objects = {digest: _Object(digest, size) for digest, size in wants.items()}
        self._gathered = dict(gathered or {})
        self._bytes_per_s = bytes_per_s
        self._chunk_bytes = min(chunk_bytes, CHUNK_BYTES_MAX)
        self._give_up_at = give_up_at
        self._spendable_at = 0.0
        self._unwritten = 0
        self._settling: dict[str, None] = {}
        self._over = False
        self.total = sum(wants.values())
        self.settled_bytes = 0

    @property
    def arrived_bytes(self) -> int:
        """What is here, checked or not, of `total`."""
        return self.settled_bytes + sum(each.taken for each in self._objects.values())

    @property
    def objects_left(self) -> int:
        return len(self._objects)

    def begin(self, now: float) -> list[Command]:
        """Start. What was gathered before is gone on with."""
        commands: list[Command] = []
        for each in self._objects.values():
            before = self._gathered.get(each.digest, 0)
            if before > each.size:
                commands.append(Discard(each.digest))
            elif before:
                each.asked = each.taken = each.written = before
                each.givers[""] = None
            commands += self._settle_when_whole(each)
        return commands + self._go_on(now)

    def arrived(self, source: str, digest: str, offset: int, data: bytes, now: float) -> list[Command]:
        """An answer came."""
        giver = self._sources[source]
        ask = giver.asks.pop((digest, offset), None)
        each = self._objects.get(digest)
        if ask is None or each is None or each.source != source:
            return self._go_on(now)
        if len(data) != ask[1]:
            giver.ban(f"it sent {len(data)} bytes where {ask[1]} were asked for")
            self._release_all_of(source)
            return self._go_on(now)
        giver.received += len(data)
        giver.strikes = 0
        each.moved_at = now
        each.early[offset] = data
        each.givers[source] = None
        return self._in_order(each) + self._go_on(now)

    def failed(self, source: str, digest: str, offset: int, reason: str, now: float) -> list[Command]:
        """A question was not answered, or with an error."""
        giver = self._sources[source]
        if (digest, offset) in giver.asks:
            giver.strike(reason, now)
            self._release_all_of(source)
        return self._go_on(now)

    def lacking(self, source: str, digest: str, offset: int, now: float) -> list[Command]:
        """The source does not have that object."""
        giver = self._sources[source]
        if giver.asks.pop((digest, offset), None) is not None:
            giver.lacks[digest] = None
            self._release(digest)
        return self._go_on(now)

    def kept(self, digest: str, size: int, now: float) -> list[Command]:
        """That many bytes of the object are on the disk."""
        self._unwritten -= size
        each = self._objects.get(digest)
        if each is None:
            return self._go_on(now)
        each.written += size
        return self._settle_when_whole(each) + self._go_on(now)

    def settled(self, digest: str, right: bool, now: float) -> list[Command]:
        """The object was checked. A wrong one has been thrown away."""
        each = self._objects[digest]
        del self._settling[digest]
        if right:
            self.settled_bytes += each.size
            del self._objects[digest]
            return self._go_on(now)
        why = f"it sent bytes that are not the object {digest[:12]}"
        names = [name for name in each.givers if name]
        for name in names:
            if len(each.givers) == 1:
                self._sources[name].ban(why)
            else:
                self._sources[name].suspect(why)
        for name in names:
            if self._sources[name].banned:
                self._release_all_of(name)
        self._objects[digest] = _Object(digest, each.size, alone=True)
        return self._go_on(now)

    def tick(self, now: float) -> list[Command]:
        """Time has passed. To be told about once a second."""
        for source in self._sources.values():
            late = [asked for asked, _ in source.asks.values() if now - asked >= ASK_LIMIT_S]
            if late:
                source.strike(f"it did not answer within {ASK_LIMIT_S:g} s", now)
                self._release_all_of(source.name)
        return self._unstall(now) + self._go_on(now)

    def _go_on(self, now: float) -> list[Command]:
        """Ask for more, or see that it is over."""
        if self._over:
            return []
        if not self._objects:
            self._over = True
            return [Finished()]
        if now >= self._give_up_at:
            return self._give_up("it took longer than it was given")
        hopeless = self._hopeless()
        if hopeless:
            return self._give_up(hopeless)
        commands: list[Command] = []
        progress = True
        while progress:
            asks = [ask for source in self._sources.values() for ask in self._next_ask(source, now)]
            progress = bool(asks)
            commands += asks
        return commands

    def _next_ask(self, source: Source, now: float) -> Iterable[Ask]:
        """One more question to a source, where there is room for it."""
        if not source.usable(now) or len(source.asks) >= WINDOW or self._unwritten >= UNWRITTEN_MAX:
            return
        if self._bytes_per_s and self._spendable_at > now + BURST_S:
            return
        each = self._next_object(source, now)
        if each is None:
            return
        size = min(self._chunk_bytes, each.size - each.asked)
        source.asks[(each.digest, each.asked)] = (now, size)
        ask = Ask(source.name, each.digest, each.asked, size)
        each.asked += size
        if self._bytes_per_s:
            self._spendable_at = max(self._spendable_at, now) + size / self._bytes_per_s
        yield ask

    def _next_object(self, source: Source, now: float) -> _Object | None:
        for each in self._objects.values():
            if each.source == source.name and each.asked < each.size:
                return each
        for each in self._objects.values():
            if not each.source and each.asked < each.size and each.digest not in source.lacks:
                each.source, each.moved_at = source.name, now
                return each
        return None

    def _in_order(self, each: _Object) -> list[Command]:
        commands: list[Command] = []
        while each.taken in each.early:
            data = each.early.pop(each.taken)
            commands.append(Keep(each.digest, each.taken, data))
            each.taken += len(data)
            self._unwritten += len(data)
        return commands

    def _settle_when_whole(self, each: _Object) -> list[Command]:
        if each.written < each.size or each.digest in self._settling:
            return []
        self._settling[each.digest] = None
        return [Settle(each.digest)]

    def _release(self, digest: str) -> None:
        """Another source may go on with this object."""
        each = self._objects[digest]
        if each.source:
            giver = self._sources[each.source]
            giver.asks = {key: ask for key, ask in giver.asks.items() if key[0] != digest}
        each.source = ""
        each.early.clear()
        each.asked = each.taken

    def _release_all_of(self, source: str) -> None:
        for each in self._objects.values():
            if each.source == source and each.taken < each.size:
                self._release(each.digest)

    def _unstall(self, now: float) -> list[Command]:
        """Objects that have not moved for long go to sources with nothing to do."""
        for idle in self._sources.values():
            if idle.asks or not idle.usable(now):
                continue
            for each in self._objects.values():
                stalled = each.source not in ("", idle.name) and now - each.moved_at >= STALL_S
                if stalled and not each.alone and each.taken < each.size and each.digest not in idle.lacks:
                    self._sources[each.source].complaint = "it is slow"
                    self._release(each.digest)
                    each.source, each.moved_at = idle.name, now
                    break
        return []

    def _hopeless(self) -> str:
        """Why it cannot end well, if it cannot."""
        able = [source for source in self._sources.values() if not source.banned]
        if not able:
            return "no source is left"
        for each in self._objects.values():
            if each.taken < each.size and all(each.digest in source.lacks for source in able):
                return f"no source has the object {each.digest[:12]}"
        return ""

    def _give_up(self, why: str) -> list[Command]:
        self._over = True
        told = "; ".join(
            f"{source.name}: {source.complaint or _lacking(source)}" for source in self._sources.values()
        )
        return [GaveUp(f"{why} ({told})" if told else why)]


def _lacking(source: Source) -> str:
    """What to say of a source that did nothing wrong."""
    first = next(iter(source.lacks), "")
    return f"it does not have {first[:12]}" if first else "nothing is held against it"
