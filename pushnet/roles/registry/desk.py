"""What the registry's servants share: the ledger, the answers, and the care not to answer from a stale book.

A registry that was stopped and goes on does not know what it missed. Its first lookups wait until it has
heard from its state, for a third of a lease at most: when the state cannot be reached, what was last known is
better than nothing, and is answered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from twisted.internet.defer import Deferred, succeed
from twisted.python.failure import Failure

from pushnet.roles.registry.answers import Answers
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.own import OwnObjects
from pushnet.roles.registry.proxies import Proxies
from pushnet.rpc.stubs import Current
from pushnet.wire.identity import Identity
from pushnet.world import World

T = TypeVar("T")
Wake = Callable[[str, Current | None], "Deferred[None] | None"]
"""Fires when that adapter is there, or will not be; None: nobody is woken for it."""


class Desk:
    """Made once for a registry."""

    def __init__(
        self, world: World, ledger: Ledger, proxies: Proxies, own: OwnObjects, answers: Answers
    ) -> None:
        self.world = world
        self.ledger = ledger
        self.proxies = proxies
        self.own = own
        self.answers = answers
        self.looked_at = world.monotonic()
        """When the books were known to be true."""
        self.is_kept: Callable[[str], bool] = _never
        """Whether an adapter stays although a process of its server takes it away."""
        self.wake: Wake = _nobody
        """Asked for each adapter that is looked up and is not there."""
        self.await_object: Callable[[Identity], Deferred[None] | None] = _nothing
        """Asked for each well-known object that is looked up and is not there: fires when it may be again."""
        self._stale_after_s = ledger.lease_s
        self._hearing: Deferred[None] | None = None

    @property
    def stale(self) -> bool:
        """Whether nothing was heard or done for longer than a lease: this process stood still."""
        return self.world.monotonic() - self.looked_at > self._stale_after_s

    def look(self) -> None:
        """It is time to look around. Unless this process stood still, its books are true."""
        if self.stale:
            self._hear()
        else:
            self.looked_at = self.world.monotonic()

    def later(self, answer: Callable[[], T]) -> Deferred[T]:
        """Answer when the books are true again."""
        done: Deferred[T] = Deferred()
        self._hear().addCallback(lambda _: _settle(done, answer))
        return done

    def _hear(self) -> Deferred[None]:
        if self._hearing is None:
            self._hearing = Deferred()
            hearing = self.ledger.catch_up()
            hearing.addTimeout(self._stale_after_s / 3, self.world.clock)
            hearing.addErrback(_expect_silence)
            hearing.addCallback(self._heard)
            self.world.background("registry.hear", hearing)
        waiting: Deferred[None] = Deferred()
        if self._hearing is None:
            return succeed(None)
        self._hearing.addCallback(lambda _: waiting.callback(None))
        return waiting

    def _heard(self, result: None) -> None:
        self.looked_at = self.world.monotonic()
        hearing, self._hearing = self._hearing, None
        if hearing is not None:
            hearing.callback(None)


def _settle(done: Deferred[T], answer: Callable[[], T]) -> None:
    try:
        done.callback(answer())
    except Exception:
        done.errback(Failure())  # type: ignore[no-untyped-call]


def _expect_silence(failure: Failure) -> None:
    """The state cannot be reached: then what was last known is answered."""


def _never(adapter: str) -> bool:
    """What a server takes away is away."""
    return False


def _nothing(identity: Identity) -> None:
    """Nothing comes again."""


def _nobody(adapter: str, current: Current | None) -> None:
    """Nobody comes on demand."""
