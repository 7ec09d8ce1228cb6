"""`pushnet patch refresh --every`: the timestamp of a store is signed anew for as long as this runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from twisted.internet.defer import Deferred

from pushnet.app import patching
from pushnet.app.patching import WRONG, Keyring
from pushnet.app.running import CommandError, Session
from pushnet.roles.releases.publisher import Lifetimes

AGAIN_S = 60.0
"""After a time that failed: another command was at work in the store, or the disk."""


async def refresh_again_and_again(
    session: Session,
    store: Path,
    keyring: Keyring,
    lifetimes: Lifetimes,
    every_s: float,
    told: Callable[[int], object],
    complain: Callable[[str], object],
) -> int:
    """Until somebody says stop. What fails the first time ends it: then nothing is right yet."""
    first = True
    while not session.stopping.called:
        pause_s = every_s
        try:
            with patching.at_work(store):
                told(await session.world.run_blocking(patching.refresh, session.world, keyring, lifetimes))
        except WRONG as error:
            if first:
                raise CommandError(str(error)) from error
            complain(str(error))
            pause_s = min(AGAIN_S, every_s)
        first = False
        await _pause(session, pause_s)
    return 0


async def _pause(session: Session, pause_s: float) -> None:
    """Shorter when somebody says stop."""
    over: Deferred[None] = Deferred()
    due = session.world.call_later(pause_s, over.callback, None)

    def stop(result: None) -> None:
        if due.active():
            due.cancel()
            over.callback(None)

    session.stopping.addCallback(stop)
    await over
