"""Changes to the state, decided on what is known at the moment they are written, many in one commit.

A change is a `Task`: it says what it touches and, when its turn comes, decides on the books as they stand
then. Tasks that touch the same wait for each other, so each decides on what the one before has done; all
others go into one commit. When another registry has written meanwhile, the whole batch decides again.

    waiting --(nothing under way)--> batch: each decides, one commit --> told, done
       ^------------ somebody else has written: decide again ---'
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final

import attrs
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from pushnet.stores.registry.state import Change, RegistryState, StateConflict, StateUnavailable
from pushnet.world import World

CHANGES_MAX: Final = 100
"""In one commit; etcd takes 128 operations in a transaction."""
WAITING_MAX: Final = 10_000
"""Tasks that wait; more means the state does not keep up, and callers hear it at once."""
ATTEMPTS_MAX: Final = 20
"""Of a batch that others come before."""
RETRY_S: Final = 0.01


class NotSaved(Exception):
    """The registry cannot write now; the text says why. Nothing was acknowledged."""


@attrs.frozen
class Task:
    """One change that waits for its turn.

    Args:
        alone: names that no other task of the same commit may touch.
        shared: names that others may touch too, if they do so in common.
        decide: makes the changes, or raises what the caller is to hear. None to make means: all is as wished.
        done: fires with the revision.
    """

    alone: Collection[str]
    shared: Collection[str]
    decide: Callable[[], Sequence[Change]]
    done: Deferred[int]


class Writing:
    """Gives tasks to the state, batch by batch."""

    def __init__(self, world: World, state: RegistryState) -> None:
        self._world = world
        self._state = state
        self._waiting: list[Task] = []
        self._busy = False
        self._attempts = 0
        self._revision = 0

    def submit(
        self, decide: Callable[[], Sequence[Change]], alone: Collection[str], shared: Collection[str] = ()
    ) -> Deferred[int]:
        """Fires with the revision when it is on disk; fails as `decide` does, or with `NotSaved`."""
        task = Task(frozenset(alone), frozenset(shared), decide, Deferred())
        if len(self._waiting) >= WAITING_MAX:
            task.done.errback(NotSaved(f"{WAITING_MAX} changes wait already"))
            return task.done
        self._waiting.append(task)
        if not self._busy:
            self._next()
        return task.done

    def _next(self) -> None:
        """Make the next commit of what waits and can go together."""
        while self._waiting and not self._busy:
            accepted, changes = self._decided(self._batch())
            if changes:
                self._commit(accepted, changes)
            else:
                for task in accepted:
                    task.done.callback(self._revision)

    def _batch(self) -> list[Task]:
        """The tasks at the front that do not touch the same; order is kept among those that do."""
        alone: dict[str, None] = {}
        shared: dict[str, None] = {}
        batch: list[Task] = []
        left: list[Task] = []
        for at, task in enumerate(self._waiting):
            if len(batch) >= CHANGES_MAX:
                left += self._waiting[at:]
                break
            clear = not any(name in alone or name in shared for name in task.alone)
            clear = clear and not any(name in alone for name in task.shared)
            (batch if clear else left).append(task)
            alone.update(dict.fromkeys(sorted(task.alone)))
            shared.update(dict.fromkeys(sorted(task.shared)))
        self._waiting = left
        return batch

    def _decided(self, batch: list[Task]) -> tuple[list[Task], list[Change]]:
        accepted: list[Task] = []
        changes: list[Change] = []
        for at, task in enumerate(batch):
            try:
                made = task.decide()
            except Exception:
                task.done.errback(Failure())  # type: ignore[no-untyped-call]
                continue
            if changes and len(changes) + len(made) > CHANGES_MAX:
                self._waiting[:0] = batch[at:]
                break
            accepted.append(task)
            changes += made
        return accepted, changes

    def _commit(self, accepted: list[Task], changes: list[Change]) -> None:
        self._busy = True
        work = self._state.commit(changes)
        work.addCallbacks(self._written, self._not_written, (accepted,), {}, (accepted,), {})
        self._world.background("registry.writing", work)

    def _written(self, revision: int, accepted: list[Task]) -> None:
        self._busy = False
        self._attempts = 0
        self._revision = revision
        for task in accepted:
            task.done.callback(revision)
        self._next()

    def _not_written(self, failure: Failure, accepted: list[Task]) -> None:
        if failure.check(StateConflict) and self._attempts < ATTEMPTS_MAX:  # type: ignore[no-untyped-call]
            self._attempts += 1
            self._waiting[:0] = accepted
            pause_s = RETRY_S * self._attempts * self._world.rng("registry.writing").random()
            self._world.call_later(pause_s, self._again)
            return
        failure.trap(StateConflict, StateUnavailable)  # type: ignore[no-untyped-call]
        self._busy = False
        self._attempts = 0
        for task in accepted:
            task.done.errback(NotSaved(failure.getErrorMessage()))
        self._next()

    def _again(self) -> None:
        """Others have written: look at what they wrote, then decide again."""
        current = self._state.current()
        current.addBoth(lambda _: self._released())
        self._world.background("registry.writing", current)

    def _released(self) -> None:
        self._busy = False
        self._next()
