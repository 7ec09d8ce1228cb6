"""The embedded queue: topics and groups in one SQLite file, consumers that wait in memory.

Every operation is one write of the `Database`, so all that come at once share one fsync. Consumers of one
group stand in a `_Line`; whatever may make messages available (a publish, a retry, a lease that runs out)
has the line served: one transaction that takes for everyone in it, from the front, until nothing is left.
A line is served by one transaction at a time; what happens meanwhile has it served once more.

The store's clock is the wall clock at its opening, carried on by the monotonic one: leases last over a
restart, and a jump of the wall clock moves nothing while the process lives.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from twisted.internet.defer import Deferred, fail
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from pushnet.stores import queue_rows as rows
from pushnet.stores.queue import (
    DELAY_MAX_S,
    LEASE_MAX_S,
    LEASE_MIN_S,
    PARKED_MAX,
    REASON_CHARACTERS_MAX,
    TAKE_MAX,
    WAIT_MAX_S,
    WAITERS_MAX,
    Limits,
    ParkedMessage,
    Published,
    QueueRefused,
    Stats,
    Taken,
    check_line,
    check_publish,
)
from pushnet.stores.sqlite import Database, StoreBusyException, StoreFailedException
from pushnet.world import World

T = TypeVar("T")
_Filled = tuple[list[list[Taken]], int | None]

TRIM_EVERY_S = 60.0
TRIM_ROWS = 1_000
"""Deleted in one go: a long transaction would keep publishers waiting."""


class _Waiter:
    """A consumer in line."""

    __slots__ = ("done", "expired", "lease_ms", "most", "timer")

    def __init__(self, most: int, lease_ms: int, canceller: Callable[[Deferred[Any]], None]) -> None:
        self.most = most
        self.lease_ms = lease_ms
        self.done: Deferred[list[Taken]] = Deferred(canceller)
        self.expired = False
        self.timer: IDelayedCall | None = None

    def finish(self, outcome: list[Taken] | Failure) -> None:
        if self.timer is not None and self.timer.active():
            self.timer.cancel()
        if not self.done.called:
            self.done.callback(outcome)


class _Line:
    """The consumers of one group that wait, oldest first."""

    def __init__(self, topic: str, group: str) -> None:
        self.topic = topic
        self.group = group
        self.waiters: list[_Waiter] = []
        self.under_way: list[_Waiter] = []
        self.again = False
        self.timer: IDelayedCall | None = None

    def sleep(self) -> None:
        if self.timer is not None and self.timer.active():
            self.timer.cancel()


class EmbeddedQueue:
    """Implements `QueueStore` on one file of the node."""

    def __init__(self, world: World, limits: Limits, name: str = "queue.db") -> None:
        self._world = world
        self._limits = limits
        self._database = Database(world, name, rows.SCHEMA)
        self._lines: dict[tuple[str, str], _Line] = {}
        self._opened_ms = 0.0
        self._trimming: IDelayedCall | None = None
        self._closing = False
        self._lines_busy = 0
        """Transactions under way that take for a line or give back to it."""
        self._quiet: list[Deferred[None]] = []
        self._log = Logger(namespace="pushnet.stores")

    async def open(self) -> None:
        self._opened_ms = (self._world.wall() - self._world.monotonic()) * 1000
        await self._database.open()
        await self._database.write(partial(rows.recover, now_ms=self._now_ms()))
        self._trim_later(TRIM_EVERY_S)

    async def close(self) -> None:
        self._closing = True
        if self._trimming is not None and self._trimming.active():
            self._trimming.cancel()
        for line in list(self._lines.values()):
            line.sleep()
            for waiter in line.waiters:
                waiter.expired = True
            self._leave_expired(line)
        while self._lines_busy:
            quiet: Deferred[None] = Deferred()
            self._quiet.append(quiet)
            await quiet
        await self._database.close()

    def on_failure(self, tell: Callable[[str], object]) -> None:
        """Have `tell` called with the reason when nothing can be written any more in this process."""
        self._database.on_failure = tell

    @property
    def waiting_writes(self) -> int:
        """Writes that wait for the disk."""
        return self._database.waiting

    @property
    def failure(self) -> str:
        """Why nothing can be written any more; empty while all is well."""
        return self._database.failure

    def publish(self, topic: str, body: bytes, key: str = "", answer: bytes = b"") -> Deferred[Published]:
        try:
            check_publish(self._limits, topic, body, key, answer)
        except QueueRefused as refusal:
            return fail(refusal)

        def write(connection: sqlite3.Connection) -> Published:
            number = rows.topic_row(connection, topic)
            return rows.publish(connection, number, body, key, answer, now_ms, self._limits.waiting_max)

        now_ms = self._now_ms()
        return self._database.write(write).addCallback(self._published, topic)

    def take(self, topic: str, group: str, most: int, wait_s: float, lease_s: float) -> Deferred[list[Taken]]:
        try:
            check_line(topic, group)
        except QueueRefused as refusal:
            return fail(refusal)
        if self._closing:
            return fail(StoreFailedException("the queue is closed"))
        line = self._lines.setdefault((topic, group), _Line(topic, group))
        if len(line.waiters) >= WAITERS_MAX:
            return fail(StoreBusyException(f"{WAITERS_MAX} consumers wait in {topic}/{group} already"))
        lease_s = min(max(lease_s, LEASE_MIN_S), LEASE_MAX_S)
        waiter = _Waiter(
            min(max(most, 1), TAKE_MAX), int(lease_s * 1000), lambda _: self._gave_up(line, waiter)
        )
        if wait_s > 0:
            waiter.timer = self._world.call_later(min(wait_s, WAIT_MAX_S), self._expire, line, waiter)
        else:
            waiter.expired = True
        line.waiters.append(waiter)
        self._serve(line)
        return waiter.done

    def acknowledge(self, topic: str, group: str, ids: Sequence[int]) -> Deferred[None]:
        def write(connection: sqlite3.Connection) -> None:
            if line := rows.find_line(connection, topic, group):
                rows.acknowledge(connection, *line, wanted)

        wanted = list(ids)
        return self._write(topic, group, write)

    def retry(self, topic: str, group: str, id: int, delay_s: float, reason: str) -> Deferred[None]:
        def write(connection: sqlite3.Connection) -> None:
            if line := rows.find_line(connection, topic, group):
                rows.retry(connection, line[1], id, due_ms, reason, self._limits.attempts_max)

        reason = reason[:REASON_CHARACTERS_MAX]
        due_ms = self._now_ms() + int(min(max(delay_s, 0.0), DELAY_MAX_S) * 1000)
        return self._write(topic, group, write).addCallback(self._woken, topic, group)

    def release(self, topic: str, group: str, attempts: Mapping[int, int]) -> Deferred[None]:
        def write(connection: sqlite3.Connection) -> None:
            if line := rows.find_line(connection, topic, group):
                rows.release(connection, line[1], wanted, now_ms)

        wanted = dict(attempts)
        now_ms = self._now_ms()
        return self._write(topic, group, write).addCallback(self._woken, topic, group)

    def park(self, topic: str, group: str, id: int, reason: str) -> Deferred[None]:
        def write(connection: sqlite3.Connection) -> None:
            if line := rows.find_line(connection, topic, group):
                rows.park(connection, line[1], id, reason)

        reason = reason[:REASON_CHARACTERS_MAX]
        return self._write(topic, group, write)

    def parked(self, topic: str, group: str, most: int) -> Deferred[list[ParkedMessage]]:
        def read(connection: sqlite3.Connection) -> list[ParkedMessage]:
            line = rows.find_line(connection, topic, group)
            return rows.parked(connection, line[1], most) if line else []

        most = min(max(most, 0), TAKE_MAX)
        return self._read(topic, group, read)

    def replay(self, topic: str, group: str, ids: Sequence[int]) -> Deferred[int]:
        def write(connection: sqlite3.Connection) -> int:
            line = rows.find_line(connection, topic, group)
            return rows.replay(connection, line[1], wanted, now_ms) if line else 0

        wanted, now_ms = list(ids), self._now_ms()
        return self._write(topic, group, write).addCallback(self._woken, topic, group)

    def stats(self, topic: str, group: str) -> Deferred[Stats]:
        now_ms = self._now_ms()
        return self._read(topic, group, lambda connection: rows.stats(connection, topic, group, now_ms))

    # How lines are served.

    def _serve(self, line: _Line) -> None:
        """Take for everyone in line, now or after the transaction that is under way."""
        if line.under_way:
            line.again = True
        elif line.waiters:
            line.sleep()
            line.again = False
            line.under_way = list(line.waiters)
            asked = [(waiter.most, waiter.lease_ms) for waiter in line.waiters]
            work = partial(_fill, line.topic, line.group, asked, self._now_ms(), self._limits.attempts_max)
            filling = self._database.write(work)
            filling.addCallbacks(self._filled, self._not_filled, callbackArgs=(line,), errbackArgs=(line,))
            self._for_line(f"serving {line.topic}/{line.group}", filling)
        else:
            line.sleep()
            self._lines.pop((line.topic, line.group), None)

    def _filled(self, outcome: _Filled, line: _Line) -> None:
        """Change the line first, then fire: whoever is fired may take again at once."""
        filled, due_ms = outcome
        served, line.under_way = line.under_way, []
        unclaimed: list[Taken] = []
        leaving: list[tuple[_Waiter, list[Taken]]] = []
        for waiter, taken in zip(served, filled, strict=True):
            if waiter not in line.waiters:
                unclaimed += taken
            elif taken or waiter.expired:
                line.waiters.remove(waiter)
                leaving.append((waiter, taken))
        if line.again or not line.waiters:
            self._serve(line)
        elif due_ms is not None:
            delay_s = max(0, due_ms - self._now_ms()) / 1000
            line.timer = self._world.call_later(delay_s, self._serve, line)
        if unclaimed:
            self._give_back(line, unclaimed)
        for waiter, taken in leaving:
            waiter.finish(taken)

    def _not_filled(self, failure: Failure, line: _Line) -> None:
        failed, line.under_way = line.under_way, []
        line.waiters = [waiter for waiter in line.waiters if waiter not in failed]
        self._serve(line)
        for waiter in failed:
            waiter.finish(failure)

    def _give_back(self, line: _Line, taken: list[Taken]) -> None:
        """Their consumer has gone."""
        now_ms = self._now_ms()

        def write(connection: sqlite3.Connection) -> None:
            rows.give_back(connection, rows.line_row(connection, line.topic, line.group)[1], taken, now_ms)

        given = self._database.write(write).addCallback(self._woken, line.topic, line.group)
        given.addErrback(self._not_given_back)
        self._for_line(f"giving back to {line.topic}/{line.group}", given)

    def _for_line(self, what: str, work: Deferred[Any]) -> None:
        """Own work of a line: closing waits for it."""
        self._lines_busy += 1
        work.addBoth(self._line_work_ended)
        self._world.background(what, work)

    def _line_work_ended(self, outcome: T) -> T:
        self._lines_busy -= 1
        if not self._lines_busy:
            quiet, self._quiet = self._quiet, []
            for waiting in quiet:
                waiting.callback(None)
        return outcome

    def _not_given_back(self, failure: Failure) -> Failure | None:
        """They come back when their leases have run out."""
        return None if isinstance(failure.value, StoreBusyException | StoreFailedException) else failure

    def _gave_up(self, line: _Line, waiter: _Waiter) -> None:
        if waiter in line.waiters:
            line.waiters.remove(waiter)
        if waiter.timer is not None and waiter.timer.active():
            waiter.timer.cancel()
        if not line.under_way and not line.waiters:
            self._serve(line)

    def _expire(self, line: _Line, waiter: _Waiter) -> None:
        waiter.expired = True
        self._leave_expired(line)

    def _leave_expired(self, line: _Line) -> None:
        """Let those go whose time is up, unless a transaction is taking for them right now."""
        leaving = [waiter for waiter in line.waiters if waiter.expired and waiter not in line.under_way]
        line.waiters = [waiter for waiter in line.waiters if waiter not in leaving]
        if not line.under_way and not line.waiters:
            self._serve(line)
        for waiter in leaving:
            waiter.finish([])

    def _published(self, published: Published, topic: str) -> Published:
        if not published.duplicate:
            for line in [line for line in self._lines.values() if line.topic == topic]:
                self._serve(line)
        return published

    def _woken(self, outcome: T, topic: str, group: str) -> T:
        line = self._lines.get((topic, group))
        if line is not None:
            self._serve(line)
        return outcome

    # Writing, reading, trimming.

    def _write(self, topic: str, group: str, work: Callable[[sqlite3.Connection], T]) -> Deferred[T]:
        try:
            check_line(topic, group)
        except QueueRefused as refusal:
            return fail(refusal)
        return self._database.write(work)

    def _read(self, topic: str, group: str, work: Callable[[sqlite3.Connection], T]) -> Deferred[T]:
        try:
            check_line(topic, group)
        except QueueRefused as refusal:
            return fail(refusal)
        return self._database.read(work)

    def _now_ms(self) -> int:
        return int(self._opened_ms + self._world.monotonic() * 1000)

    def _trim_later(self, delay_s: float) -> None:
        self._trimming = self._world.call_later(delay_s, self._trim)

    def _trim(self) -> None:
        work = partial(rows.trim, now_ms=self._now_ms(), parked_max=PARKED_MAX, most=TRIM_ROWS)
        trimming = self._database.write(work).addCallbacks(self._trimmed, self._not_trimmed)
        self._world.background("trimming the queue", trimming)

    def _trimmed(self, outcome: tuple[int, list[int]]) -> None:
        keys, dropped = outcome
        if dropped:
            self._log.error("parked messages made room for newer ones: {ids}", ids=dropped)
        more = keys == TRIM_ROWS or len(dropped) >= TRIM_ROWS
        self._trim_later(0.0 if more else TRIM_EVERY_S)

    def _not_trimmed(self, failure: Failure) -> Failure | None:
        """The disk is full, and trimming waits; or the store has ended."""
        if isinstance(failure.value, StoreBusyException):
            self._trim_later(TRIM_EVERY_S)
            return None
        return None if isinstance(failure.value, StoreFailedException) else failure


def _fill(
    topic: str,
    group: str,
    asked: list[tuple[int, int]],
    now_ms: int,
    attempts_max: int,
    connection: sqlite3.Connection,
) -> _Filled:
    """Take for each of those in line; also when the next message will come back."""
    topic_row, line_row = rows.line_row(connection, topic, group)
    filled: list[list[Taken]] = []
    for most, lease_ms in asked:
        left = not filled or bool(filled[-1])
        filled.append(
            rows.take(connection, topic_row, line_row, most, lease_ms, now_ms, attempts_max) if left else []
        )
    return filled, rows.next_due(connection, line_row)
