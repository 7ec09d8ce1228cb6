"""Carries out a `Download`: asks the sources, writes through the worker, ticks once a second."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.interfaces import IDelayedCall
from twisted.python.failure import Failure

from pushnet.grid.patch.download import Ask, Command, Discard, Download, Finished, GaveUp, Keep, Settle
from pushnet.roles.releases.source import Source, SourceLacks, SourcesFailed
from pushnet.stores.releases.objects import Objects
from pushnet.world import Worker, World

TICK_S = 1.0
BUDGET_TICK_S = 0.05
"""While a byte budget holds us back."""


class Fetch:
    """One download under way. `done` fires when everything is here; cancel it to stop."""

    def __init__(
        self,
        world: World,
        worker: Worker,
        objects: Objects,
        download: Download,
        sources: Mapping[str, Source],
        *,
        tick_s: float = TICK_S,
        told: Callable[[Download], object] = lambda download: None,
    ) -> None:
        self._world = world
        self._worker = worker
        self._objects = objects
        self._download = download
        self._sources = sources
        self._tick_s = tick_s
        self._told = told
        self._timer: IDelayedCall | None = None
        self._asking: dict[int, Deferred[None]] = {}
        self._count = 0
        self._waiting: deque[Command] = deque()
        self._carrying_out = False
        self._over = False
        self.done: Deferred[None] = Deferred(lambda _: self._end(None))

    def start(self) -> Deferred[None]:
        self._carry_out(self._download.begin(self._world.monotonic()))
        if not self._over:
            self._timer = self._world.call_later(self._tick_s, self._tick)
        return self.done

    def _tick(self) -> None:
        self._timer = self._world.call_later(self._tick_s, self._tick)
        self._carry_out(self._download.tick(self._world.monotonic()))

    def _carry_out(self, commands: list[Command]) -> None:
        """In order, also when one is answered at once and leads to more."""
        self._waiting.extend(commands)
        if self._carrying_out:
            return
        self._carrying_out = True
        try:
            while self._waiting and not self._over:
                self._do(self._waiting.popleft())
        finally:
            self._carrying_out = False
        self._told(self._download)

    def _do(self, command: Command) -> None:
        match command:
            case Ask():
                self._ask(command)
            case Keep(digest, offset, data):
                self._write(self._objects.gather, digest, offset, data).addCallback(
                    self._kept, digest, len(data)
                )
            case Settle(digest):
                self._write(self._objects.settle, digest).addCallback(self._settled, digest)
            case Discard(digest):
                self._write(self._objects.discard, digest)
            case Finished():
                self._end(None)
            case GaveUp(reason):
                self._end(Failure(SourcesFailed(reason)))  # type: ignore[no-untyped-call]

    def _ask(self, ask: Ask) -> None:
        self._count += 1
        number = self._count
        asking = ensureDeferred(self._question(ask))
        self._asking[number] = asking

        def over(result: object) -> object:
            self._asking.pop(number, None)
            return result

        asking.addBoth(over)
        self._world.background(f"asking {ask.source} for {ask.digest}", asking)

    async def _question(self, ask: Ask) -> None:
        """Ask one question, and tell the download what came of it."""
        now = self._world.monotonic
        try:
            data = await self._sources[ask.source].read(ask.digest, ask.offset, ask.size)
            commands = self._download.arrived(ask.source, ask.digest, ask.offset, data, now())
        except SourceLacks:
            commands = self._download.lacking(ask.source, ask.digest, ask.offset, now())
        except Exception as error:
            if self._over:
                return
            commands = self._download.failed(ask.source, ask.digest, ask.offset, str(error), now())
        if not self._over:
            self._carry_out(commands)

    def _write(self, function: Callable[..., object], *args: object) -> Deferred[object]:
        done: Deferred[object] = self._worker.submit(function, *args)
        done.addErrback(self._disk_failed)
        return done

    def _kept(self, result: object, digest: str, size: int) -> None:
        if not self._over:
            self._carry_out(self._download.kept(digest, size, self._world.monotonic()))

    def _settled(self, right: object, digest: str) -> None:
        if not self._over:
            self._carry_out(self._download.settled(digest, bool(right), self._world.monotonic()))

    def _disk_failed(self, failure: Failure) -> None:
        """Our own disk: no source is to blame."""
        self._end(failure)

    def _end(self, failure: Failure | None) -> None:
        if self._over:
            return
        self._over = True
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        for asking in list(self._asking.values()):
            asking.cancel()
        self._told(self._download)
        if not self.done.called:
            if failure is None:
                self.done.callback(None)
            else:
                self.done.errback(failure)
