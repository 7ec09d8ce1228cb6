"""Runs one coroutine under the reactor, with the real world, and turns its result into an exit status.

The first SIGINT or SIGTERM fires `Session.stopping`; later ones change nothing, since stopping has begun and
every step of it has its limit.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import FrameType
from typing import Any

import attrs
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.logger import (
    FilteringLogObserver,
    LogLevel,
    LogLevelFilterPredicate,
    globalLogBeginner,
    textFileLogObserver,
)
from twisted.python.failure import Failure

from pushnet.app.realworld import RealWorld, steady_timers
from pushnet.rpc.logger import ICE_LOG
from pushnet.world import World


class CommandError(Exception):
    """The command cannot do what was asked; the text says why, to whoever typed it."""


@attrs.frozen
class Session:
    """What a command is run with."""

    world: World
    reactor: Any
    stopping: Deferred[None]
    """Fires once, when somebody wants us to end."""


def run(main: Callable[[Session], Awaitable[int]], data: str | Path = ".") -> int:
    """Run `main` to its end; returns its exit status, or 1 when it raised `CommandError`."""
    from twisted.internet import reactor

    steady_timers(reactor)
    levels = LogLevelFilterPredicate(LogLevel.warn)
    levels.setLogLevelForNamespace(ICE_LOG, LogLevel.debug)  # Ice tells only what its properties ask for
    told = FilteringLogObserver(textFileLogObserver(sys.stderr), [levels])
    globalLogBeginner.beginLoggingTo([told], redirectStandardIO=False)
    world: Any = RealWorld(reactor, data)
    session = Session(world, reactor, Deferred())
    statuses: list[int] = []

    def begin() -> None:
        _listen_to_signals(session)
        done = ensureDeferred(_call(main, session))
        done.addErrback(_told)
        done.addCallback(statuses.append)
        done.addCallback(lambda _: session.reactor.stop())

    session.reactor.callWhenRunning(begin)
    session.reactor.run()
    return statuses[0] if statuses else 1


async def _call(main: Callable[[Session], Awaitable[int]], session: Session) -> int:
    status = await main(session)
    sys.stdout.flush()  # here it is known what to do when nobody reads
    return status


def _told(failure: Failure) -> int:
    """What went wrong: one line for the caller's mistakes, a trace for ours, nothing when nobody reads on."""
    if isinstance(failure.value, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left in buffers goes there
        return 1
    if isinstance(failure.value, CommandError):
        print(f"pushnet: {failure.getErrorMessage()}", file=sys.stderr, flush=True)
    else:
        failure.printTraceback(sys.stderr)  # type: ignore[no-untyped-call]
    return 1


def _listen_to_signals(session: Session) -> None:
    def stop() -> None:
        if not session.stopping.called:
            session.stopping.callback(None)

    def on_signal(number: int, frame: FrameType | None) -> None:
        session.reactor.callFromThread(stop)

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
