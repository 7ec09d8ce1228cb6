"""One registry of several does what must be done once: it leads, under a lease.

    following --nobody leads, or a former process of this registry does--> leading under an epoch
        ^                                                                    |
        `--- the lease ran out, or somebody else's entry stands -------------'

The epoch is the revision of the leader's entry. What a leader decides it writes by `submit`: the store
compares the epoch in the same transaction, so a leader that was paused writes nothing after its lease,
whatever its clock says, and whether or not another leads by then.
`leads` is its own, cautious view: the lease counts from before a renewal was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.papers import LEADING
from pushnet.roles.registry.writing import NotSaved
from pushnet.stores.registry.state import Change, Delete, Put, Stands
from pushnet.world import World

RENEWALS_PER_LEASE: Final = 3


class NotLeading(Exception):
    """Another registry leads by now: what was decided here is not written."""


class Leading:
    """Whether this registry leads in one thing.

    Args:
        name: of this registry's node.
        what: it leads in, part of the entry's key.
    """

    def __init__(self, world: World, ledger: Ledger, name: str, what: str) -> None:
        self._world = world
        self._ledger = ledger
        self._name = name
        self._key = LEADING + what
        self._epoch = 0
        self._ends = 0.0
        self._renew_at = 0.0
        self._busy = False
        self._resigned = False
        self._log = Logger(namespace="pushnet.registry")

    @property
    def leads(self) -> bool:
        """Whether the lease certainly runs at this moment."""
        return self._stands() and self._world.monotonic() < self._ends

    @property
    def epoch(self) -> int:
        """Of the present or last time that this registry led; 0 before the first."""
        return self._epoch

    @property
    def leader(self) -> str:
        """Who leads, as far as is known here; empty when nobody does."""
        return self._ledger.books.papers.value(self._key)

    def tick(self) -> None:
        """Take the lead when nobody has it, keep it while it is ours. Several times a lease."""
        if not self._busy and self._is_due():
            self._busy = True
            work = Deferred.fromCoroutine(self.look()).addBoth(self._looked)
            self._world.background("registry.leading", work)

    async def look(self) -> None:
        """As `tick`; whether it leads is known when this returns."""
        try:
            if self._stands():
                await self._renew()
            elif self._may_take():
                await self._take()
        except NotSaved as unable:
            self._log.info("who leads cannot be written: {error}", error=str(unable))

    async def submit(
        self, decide: Callable[[], Sequence[Change]], alone: Collection[str], shared: Collection[str] = ()
    ) -> int:
        """As the ledger's, but only while this registry leads. Raises `NotLeading` too."""

        def decide_as_leader() -> Sequence[Change]:
            if not self._stands():
                raise NotLeading(f"{self.leader or 'nobody'} leads, not {self._name}")
            changes = decide()
            return [*changes, Stands(self._key, self._epoch)] if changes else []

        return await self._ledger.submit(decide_as_leader, alone, [*shared, self._key])

    async def resign(self) -> None:
        """Let another lead at once; for the end of this process."""
        self._resigned = True
        self._ends = 0.0
        try:
            await self._ledger.submit(self._give_up, [self._key])
        except NotSaved as unable:
            self._log.info("the lead is given up by its lease only: {error}", error=str(unable))

    def _give_up(self) -> Sequence[Change]:
        return [Delete(self._key, self._epoch)] if self._stands() else []

    def _stands(self) -> bool:
        """Whether the entry is the one that this process wrote."""
        entry = self._ledger.books.papers.entry(self._key)
        return entry is not None and self._epoch != 0 and entry.revision == self._epoch

    def _may_take(self) -> bool:
        """A former process of the same name is gone; a later one has taken over from us."""
        return self.leader == "" or (self.leader == self._name and not self._epoch)

    def _is_due(self) -> bool:
        if self._resigned:
            return False
        return not self._stands() or self._world.monotonic() >= self._renew_at

    async def _take(self) -> None:
        lease_s = self._ledger.lease_s
        asked_at = self._world.monotonic()
        taking: list[bool] = []

        def decide() -> Sequence[Change]:
            taking[:] = [self._may_take()]
            return [Put(self._key, self._name, lease_s)] if taking[0] else []

        revision = await self._ledger.submit(decide, [self._key])
        if taking[0]:
            self._epoch = revision
            self._lasts_from(asked_at)
            self._log.info("{key} is ours, epoch {epoch}", key=self._key, epoch=revision)

    async def _renew(self) -> None:
        entry = self._ledger.books.papers.entry(self._key)
        assert entry is not None, "it stands"
        asked_at = self._world.monotonic()
        if await self._ledger.renewed(entry.lease):
            self._lasts_from(asked_at)

    def _lasts_from(self, asked_at: float) -> None:
        self._ends = asked_at + self._ledger.lease_s
        self._renew_at = asked_at + self._ledger.lease_s / RENEWALS_PER_LEASE

    def _looked(self, result: object) -> object:
        self._busy = False
        return result
