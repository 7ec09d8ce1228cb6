"""A serial worker of the real world: one thread, whose results come back to the reactor in batches.

A result that is ready while others are on their way joins them: the reactor is woken once for all, which
is what makes many small writes of a group commit cheap.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

T = TypeVar("T")
_Job = tuple[Callable[..., Any], tuple[Any, ...], "Deferred[Any]"]


class WorkerClosedException(Exception):
    """Work was submitted to a worker after its end."""


class ThreadWorker:
    """Runs functions one after the other in a thread of its own. Implements `Worker`."""

    def __init__(self, reactor: Any, name: str) -> None:
        self._reactor = reactor
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._finished: list[tuple[Deferred[Any], Any]] = []
        self._lock = threading.Lock()
        self._closed: Deferred[None] | None = None
        self._waiting_for_end: list[Deferred[None]] = []
        self._ended = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, function: Callable[..., T], *args: Any) -> Deferred[T]:
        if self._closed is not None:
            raise WorkerClosedException(f"worker {self._thread.name} is closed")
        done: Deferred[T] = Deferred(_ignore_cancel)
        self._jobs.put((function, args, done))
        return done

    def close(self) -> Deferred[None]:
        if self._closed is None:
            self._closed = Deferred()
            self._jobs.put(None)
        answer: Deferred[None] = Deferred(_ignore_cancel)
        if self._ended:
            answer.callback(None)
        else:
            self._waiting_for_end.append(answer)
        return answer

    def _run(self) -> None:
        """In the thread."""
        while (job := self._jobs.get()) is not None:
            function, args, done = job
            result: Any
            try:
                result = function(*args)
            except BaseException as error:
                result = Failure(error)  # type: ignore[no-untyped-call]
            self._return(done, result)
            del job, function, args, done, result
        self._reactor.callFromThread(self._end)

    def _return(self, done: Deferred[Any], result: Any) -> None:
        """In the thread: hand a result over, and wake the reactor unless it has been woken already."""
        with self._lock:
            wake = not self._finished
            self._finished.append((done, result))
        if wake:
            self._reactor.callFromThread(self._deliver)

    def _deliver(self) -> None:
        with self._lock:
            finished, self._finished = self._finished, []
        for done, result in finished:
            if not done.called:
                done.callback(result)

    def _end(self) -> None:
        self._thread.join()
        self._ended = True
        waiting, self._waiting_for_end = self._waiting_for_end, []
        for answer in waiting:
            if not answer.called:
                answer.callback(None)


def _ignore_cancel(done: Deferred[Any]) -> None:
    """What runs in the thread runs to its end; whoever cancels only stops waiting."""
