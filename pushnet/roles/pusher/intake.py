"""Takes pushes from the queue, works on a bounded number at once, and settles each: done, later or parked.

Every push taken ends in exactly one of: acknowledged (delivered, no target, expired), given back with a
delay, parked with a reason. Should telling the queue fail, the lease runs out and the push comes again.
Stopping means: take no more, finish what is taken, tell the queue.

A backend that is away for a moment (a node being replaced) is waited for here: the push steps aside, so that
others go on meanwhile, and is tried again after short, growing pauses. Only when that has not helped is it
given back, and one of its attempts used up.
"""

from __future__ import annotations

import struct
from collections.abc import Awaitable, Callable

from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.task import deferLater
from twisted.logger import Logger

from pushnet.gen.pushnet import queue as slices
from pushnet.gen.pushnet.push import Push, read_Push
from pushnet.roles.pusher.acknowledger import Acknowledger
from pushnet.roles.pusher.backoff import retry_delay_ms
from pushnet.roles.pusher.counts import Counts
from pushnet.roles.pusher.delivery import DELIVERED, ImpossiblePush
from pushnet.rpc.exceptions import LocalException
from pushnet.rpc.stubs import UserException
from pushnet.wire.errors import MarshalException
from pushnet.world import World

TOPIC = "push"
GROUP = "pusher"
WAIT_MS = 1000
"""How long the queue holds a take that finds nothing; also the longest that a stop waits for it."""
LEASE_MS = 30_000
TRY_LIMIT_S = 20.0
TRIES_LIMIT_S = 8.0
"""Nothing is tried again later than this; with the limit of one try, shorter than the lease."""
ASIDE_FIRST_S = 0.1
ASIDE_LAST_S = 1.0
ASIDE_MAX = 256
"""Pushes aside at once; further ones wait in their place, and slow the intake down."""
assert (TRY_LIMIT_S + TRIES_LIMIT_S) * 1000 < LEASE_MS
PAUSE_S = 0.5
REASON_CHARACTERS_MAX = 300

Carry = Callable[[Push, int], Awaitable[str]]
PASSING = (LocalException, UserException, TimeoutError)
"""What a backend may raise that is away, busy or behind; anything else is an error of ours."""


class Intake:
    """Works through the queue's topic `push` as one consumer of the group `pusher`."""

    def __init__(
        self, world: World, queue: slices.Queue, carry: Carry, parallel: int, counts: Counts, log: Logger
    ) -> None:
        self._world = world
        self._queue = queue
        self._carry = carry
        self._parallel = parallel
        self._counts = counts
        self._log = log
        self._acknowledger = Acknowledger(world, queue, TOPIC, GROUP, log)
        self._rng = world.rng("pusher.backoff")
        self._running = 0
        self._stopping = False
        self._ended: Deferred[None] | None = None
        self._freed: Deferred[None] | None = None
        self._breath: Deferred[None] | None = None
        self._pauses: dict[Deferred[None], None] = {}
        self._aside = 0

    @property
    def running(self) -> int:
        """Pushes in work."""
        return self._running

    def start(self) -> None:
        self._ended = Deferred()
        self._world.background("the intake of pushes", Deferred.fromCoroutine(self._take_all()))

    async def stop(self) -> None:
        """Take no more; returns when everything taken is settled."""
        self._stopping = True
        if self._breath is not None:
            self._breath.cancel()
        if self._ended is not None:
            await self._ended
        for pause in list(self._pauses):
            pause.cancel()
        while self._running or self._aside:
            await self._one_freed()
        await self._acknowledger.flush()

    async def _take_all(self) -> None:
        while not self._stopping:
            if self._running >= self._parallel:
                await self._one_freed()
                continue
            try:
                free = self._parallel - self._running
                taken = await self._queue.take(TOPIC, GROUP, free, WAIT_MS, LEASE_MS)
            except (LocalException, UserException) as error:
                self._log.warn("cannot take pushes: {error}", error=_told(error))
                self._breath = self._pause(PAUSE_S * self._rng.uniform(0.5, 1.0))
                await self._breath
                continue
            for delivery in taken:
                self._running += 1
                self._world.background("a push", Deferred.fromCoroutine(self._work(delivery)))
        assert self._ended is not None
        self._ended.callback(None)

    async def _rest(self, seconds: float) -> None:
        """Wait, or until the stop."""
        pause = self._pause(seconds)
        self._pauses[pause] = None
        await pause
        del self._pauses[pause]

    def _pause(self, seconds: float) -> Deferred[None]:
        """Fires after so many seconds, or when cancelled."""
        pause: Deferred[None] = deferLater(self._world.clock, seconds)
        return pause.addErrback(lambda failure: None)

    async def _one_freed(self) -> None:
        """Until one of the pushes in work is settled."""
        if self._freed is None:
            self._freed = Deferred()
        waiting: Deferred[None] = Deferred()
        self._freed.addCallback(lambda result: waiting.callback(None))
        await waiting

    async def _work(self, delivery: slices.Delivery) -> None:
        began = self._world.monotonic()
        try:
            await self._settle(delivery)
        finally:
            self._leave()
            self._counts.seconds.observe(self._world.monotonic() - began)

    async def _settle(self, delivery: slices.Delivery) -> None:
        """Carry one push out, and tell the queue what became of it."""
        try:
            push = decode(delivery.body)
            outcome = await self._tried(push, delivery.attempt)
        except ImpossiblePush as error:
            await self._park(delivery, str(error))
        except Exception as error:
            if not isinstance(error, PASSING):
                self._log.failure("push {id} failed", id=delivery.id)
            await self._retry(delivery, _told(error))
        else:
            self._counts.pushes.labels(outcome).inc()
            if outcome == DELIVERED:
                self._counts.age_seconds.observe(max(0.0, self._world.wall() - push.acceptedMs / 1000))
            self._acknowledger.done(delivery.id)

    async def _tried(self, push: Push, attempt: int) -> str:
        """The outcome, after as many tries as the time allows. Raises what the last one raised."""
        until = self._world.monotonic() + TRIES_LIMIT_S
        pause_s = ASIDE_FIRST_S
        while True:
            carrying = Deferred.fromCoroutine(_awaited(self._carry(push, attempt)))
            try:
                return await carrying.addTimeout(TRY_LIMIT_S, self._world.clock)
            except PASSING:
                if self._stopping or self._world.monotonic() + pause_s > until:
                    raise
            await self._step_aside(pause_s * self._rng.uniform(0.5, 1.0))
            attempt += 1
            pause_s = min(2 * pause_s, ASIDE_LAST_S)

    async def _step_aside(self, seconds: float) -> None:
        """Wait without taking up a place, if there is room aside."""
        if self._aside >= ASIDE_MAX:
            await self._rest(seconds)
            return
        self._aside += 1
        self._leave()
        await self._rest(seconds)
        self._running += 1
        self._aside -= 1

    def _leave(self) -> None:
        """Give a place up, and tell who waits for one."""
        self._running -= 1
        freed, self._freed = self._freed, None
        if freed is not None:
            freed.callback(None)

    async def _retry(self, delivery: slices.Delivery, reason: str) -> None:
        self._counts.pushes.labels("retried").inc()
        self._log.warn(
            "push {id} will be tried again after attempt {attempt}: {reason}",
            id=delivery.id,
            attempt=delivery.attempt,
            reason=reason,
        )
        delay_ms = retry_delay_ms(delivery.attempt, self._rng)
        if self._stopping:
            delay_ms += WAIT_MS  # or our own last take would get it back
        await self._tell(self._queue.retry(TOPIC, GROUP, delivery.id, delay_ms, reason))

    async def _park(self, delivery: slices.Delivery, reason: str) -> None:
        self._counts.pushes.labels("parked").inc()
        self._log.error("push {id} is parked: {reason}", id=delivery.id, reason=reason)
        await self._tell(self._queue.park(TOPIC, GROUP, delivery.id, reason[:REASON_CHARACTERS_MAX]))

    async def _tell(self, call: Awaitable[None]) -> None:
        try:
            await call
        except (LocalException, UserException) as error:
            self._log.warn("the queue was not told, the lease will run out: {error}", error=_told(error))


def decode(body: bytes) -> Push:
    """A push as the gateway wrote it. Raises `ImpossiblePush`."""
    try:
        push, end = read_Push(body, 0)
    except (MarshalException, struct.error, IndexError, ValueError) as error:
        raise ImpossiblePush(f"cannot be decoded: {_told(error)}") from error
    if end != len(body):
        raise ImpossiblePush(f"cannot be decoded: {len(body) - end} bytes too many")
    return push


async def _awaited(work: Awaitable[str]) -> str:
    return await work


def _told(error: BaseException) -> str:
    """An error in one line."""
    said = str(error)
    text = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return text[:REASON_CHARACTERS_MAX]
