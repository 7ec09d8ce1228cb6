"""How the clients whose calls return Deferreds work: one call at a time, a window of calls, or a flood."""

from __future__ import annotations

import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from measuring import CHUNK, WARM_S, Arguments, Job, Watch, arguments, started, tell
from twisted.internet import reactor
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.python.failure import Failure

now = time.perf_counter


class Flood(NamedTuple):
    """A workload of calls that are not answered."""

    send: Callable[[int], Any]
    left: Callable[[Any], Awaitable[Any]]
    """Given what the last call returned, waits until there is room for more."""
    noted: Callable[[], Awaitable[int]]
    """How many the servant has got."""


class Paced:
    """For one-way calls that tell nobody when they have left: at most two chunks are under way."""

    def __init__(self, noted: Callable[[], Awaitable[int]]) -> None:
        self._noted = noted
        self._mark: Deferred[int] | None = None

    async def __call__(self, last: Any) -> None:
        mark, self._mark = self._mark, ensureDeferred(self._noted())
        if mark is not None:
            await mark


async def sequential(job: Job, seconds: float, times: list[float]) -> int:
    (call,), right = job.calls, job.right
    done, end = 0, now() + seconds
    sent = now()
    while sent < end:
        if not right(await call()):
            raise AssertionError("a wrong answer")
        answered = now()
        times.append(answered - sent)
        sent = answered
        done += 1
    return done


class Window:
    """`window` calls are always under way, by turns from `job.calls`: each answer sends the next."""

    def __init__(self, job: Job, window: int, seconds: float, times: list[float]) -> None:
        self.end = now() + seconds
        self.running = window
        self.times = times
        self.right = job.right
        self.finished: Deferred[int] = Deferred()
        for number in range(window):
            Slot(self, job.calls[number % len(job.calls)]).send()

    def failed(self, failure: Failure) -> None:
        if not self.finished.called:
            self.finished.errback(failure)


class Slot:
    __slots__ = ("call", "sent", "window")

    def __init__(self, window: Window, call: Callable[[], Deferred[Any]]) -> None:
        self.window = window
        self.call = call
        self.sent = 0.0

    def send(self) -> None:
        self.sent = now()
        self.call().addCallbacks(self.answered, self.window.failed)

    def answered(self, answer: Any) -> None:
        window, answered = self.window, now()
        if not window.right(answer):
            window.failed(Failure(AssertionError("a wrong answer")))
        window.times.append(answered - self.sent)
        if answered < window.end:
            self.sent = answered
            self.call().addCallbacks(self.answered, window.failed)
        else:
            window.running -= 1
            if not window.running and not window.finished.called:
                window.finished.callback(len(window.times))


async def flood(work: Flood, seconds: float) -> int:
    """Send for `seconds`, then wait until the servant has got it all; how many that were."""
    send, sent, before = work.send, 0, await work.noted()
    end = now() + seconds
    while now() < end:
        for number in range(CHUNK):
            last = send(number)
        sent += CHUNK
        await work.left(last)
    while await work.noted() < before + sent:
        continue
    if await work.noted() != before + sent:
        raise AssertionError("more has arrived than was sent")
    return sent


async def measure(given: Arguments, work: Job | Flood) -> None:
    async def go(seconds: float, times: list[float]) -> int:
        if isinstance(work, Flood):
            return await flood(work, seconds)
        if given.window == 1:
            return await sequential(work, seconds, times)
        return await Window(work, given.window, seconds, times).finished

    if isinstance(work, Job):
        for call in work.calls:
            if not work.same(await call()):
                raise AssertionError("a wrong answer")
    await go(min(WARM_S, given.seconds), [])
    started()
    times: list[float] = []
    watch = Watch()
    done = await go(given.seconds, times)
    tell(done, *watch.read(), times)


def main(prepare: Callable[[Arguments], Awaitable[Job | Flood]]) -> None:
    """Run the client that `prepare` connects."""
    status: list[int] = []

    async def run() -> None:
        given = arguments()
        await measure(given, await prepare(given))

    def failed(failure: Failure) -> None:
        failure.printTraceback(sys.stderr)
        status.append(1)

    def start() -> None:
        ensureDeferred(run()).addErrback(failed).addBoth(lambda _: reactor.stop())

    reactor.callWhenRunning(start)
    reactor.run()
    sys.exit(bool(status))


def serve(start: Callable[[], Awaitable[None]]) -> None:
    """Run the server that `start` starts, until it is killed."""

    def failed(failure: Failure) -> None:
        failure.printTraceback(sys.stderr)
        reactor.stop()

    reactor.callWhenRunning(lambda: ensureDeferred(start()).addErrback(failed))
    reactor.run()
