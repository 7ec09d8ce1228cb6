"""The roster and the strangers together with what of them must survive a restart.

The rule is: decide in memory, save, then answer. Memory changes and writes are given in the same order, so
the disk ends up as the memory was. What could not be saved is not acknowledged: the caller hears an error
and joins again, under a higher epoch. While the disk is full, who is in stays in and is found; nobody is
taken in, and who goes is forgotten on disk only after the next start, when a fresh lease runs out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from pushnet.grid.settings import Settings
from pushnet.roles.registry.directory import Directory
from pushnet.roles.registry.lookups import Lookups
from pushnet.roles.registry.metrics import RegistryMetrics
from pushnet.roles.registry.records import AdapterRecord, NodeRecord
from pushnet.roles.registry.roster import Refused, Roster, Standing
from pushnet.roles.registry.store import RegistryStore
from pushnet.roles.registry.strangers import InUse, NotInGroup, Stranger, Strangers
from pushnet.stores.sqlite import StoreBusyException, StoreFailedException
from pushnet.world import World


class NotSaved(Exception):
    """The registry cannot write now; the text says why. Nothing was acknowledged."""


Alive = Callable[[Stranger], Awaitable[bool]]


class Ledger:
    """Who is in the grid, kept in memory and on disk. Open it before use."""

    def __init__(
        self, world: World, settings: Settings, balance: Mapping[str, str], metrics: RegistryMetrics
    ) -> None:
        lease_s = settings.cluster.lease_s
        self._world = world
        self._metrics = metrics
        self._store = RegistryStore(world)
        self._directory = Directory()
        self._roster = Roster(self._directory, lease_s)
        self._strangers = Strangers(self._directory, lease_s)
        self.lease_s = lease_s
        self.lookups = Lookups(self._directory, self._roster, balance, world.rng("registry.balance"))
        self._log = Logger(namespace="pushnet.registry")

    async def open(self) -> None:
        """Take up what was known before, each entry with one fresh lease to renew in."""
        remembered = await self._store.open()
        now = self._world.monotonic()
        self._roster.leases.last_epoch = remembered.last_epoch
        for record, epoch in remembered.nodes:
            self._roster.restore(record, epoch, now)
        for adapter in remembered.strangers:
            try:
                self._strangers.enter(adapter, now)
            except (Refused, InUse, NotInGroup) as error:
                self._log.warn("adapter {id} is not taken up: {error}", id=adapter.id, error=error)
        self._log.info(
            "took up {nodes} nodes and {strangers} adapters of stock servers, last epoch {epoch}",
            nodes=len(self._roster),
            strangers=len(self._strangers),
            epoch=remembered.last_epoch,
        )

    async def close(self) -> None:
        await self._store.close()

    def on_failure(self, tell: Callable[[str], object]) -> None:
        """Have `tell` called with the reason when nothing can be written any more in this process."""
        self._store.on_failure(tell)

    @property
    def trouble(self) -> str:
        """Why nobody can be taken in; empty while all is well."""
        return self._store.failure

    async def join(self, node: NodeRecord) -> int:
        """Take a node in; its epoch is on disk when this returns. Raises `Refused` or `NotSaved`."""
        self._check_writable()
        self.sweep()
        try:
            epoch = self._roster.join(node, self._world.monotonic())
        except Refused as refused:
            self._metrics.refused.inc()
            self._log.warn("{name} may not join: {reason}", name=node.name, reason=str(refused))
            raise
        await self._saved(self._store.keep_node(node, epoch))
        self._metrics.joined.inc()
        self._log.info("{name} joined under epoch {epoch}", name=node.name, epoch=epoch)
        return epoch

    def renew(self, name: str, epoch: int, load: Mapping[str, float]) -> None:
        """Keep a place. Raises `LeaseLost`."""
        self._roster.renew(name, epoch, load, self._world.monotonic())
        self._metrics.renewed.inc()

    async def leave(self, name: str, epoch: int) -> None:
        """Give a place up; an older epoch changes nothing."""
        if self._roster.leave(name, epoch):
            await self._forgotten(name, self._store.forget_node(name))
            self._log.info("{name} left", name=name)

    async def enter_stranger(self, adapter: AdapterRecord, alive: Alive) -> None:
        """Take in an adapter of a stock server. A holder of its id that `alive` finds dead makes room.

        Raises:
            InUse, NotInGroup, Refused: as `Strangers.enter`.
            NotSaved: see there.
        """
        self._check_writable()
        known = self._strangers.get(adapter.id)
        dead = 0
        if known is not None and known.adapter.endpoints != adapter.endpoints and not await alive(known):
            dead = known.epoch
        self._strangers.enter(adapter, self._world.monotonic(), instead_of=dead)
        await self._saved(self._store.keep_stranger(adapter))
        self._log.info("adapter {id} registered at {where}", id=adapter.id, where=adapter.endpoints)

    async def remove_stranger(self, adapter_id: str) -> bool:
        """Take out the adapter of a stock server; False when there is none of that id."""
        if not self._strangers.leave(adapter_id):
            return False
        await self._forgotten(adapter_id, self._store.forget_stranger(adapter_id))
        self._log.info("adapter {id} unregistered", id=adapter_id)
        return True

    def strangers(self) -> list[Stranger]:
        return self._strangers.all()

    def answered(self, stranger: Stranger) -> None:
        """A stock server gave a sign of life."""
        self._strangers.answered(stranger, self._world.monotonic())

    def sweep(self) -> None:
        """Take out what ran out. To be called several times a lease, and before an answer depends on it."""
        now = self._world.monotonic()
        for name in self._roster.sweep(now):
            self._metrics.lapsed.inc()
            self._log.warn("the lease of {name} ran out", name=name)
            self._forget(name, self._store.forget_node(name))
        for adapter_id in self._strangers.sweep(now):
            self._metrics.lapsed.inc()
            self._log.warn("adapter {id} gave no sign of life for two leases", id=adapter_id)
            self._forget(adapter_id, self._store.forget_stranger(adapter_id))

    def _check_writable(self) -> None:
        if self.trouble:
            raise NotSaved(self.trouble)

    async def _saved(self, work: Deferred[None]) -> None:
        try:
            await work
        except (StoreBusyException, StoreFailedException) as error:
            raise NotSaved(str(error)) from error

    def _forget(self, name: str, work: Deferred[None]) -> None:
        self._world.background("registry.forget", Deferred.fromCoroutine(self._forgotten(name, work)))

    async def _forgotten(self, name: str, work: Deferred[None]) -> None:
        """What cannot be deleted now is deleted when its lease runs out after the next start."""
        try:
            await work
        except (StoreBusyException, StoreFailedException) as error:
            self._log.warn("{name} stays on disk: {error}", name=name, error=str(error))

    def standings(self) -> list[Standing]:
        """Every node whose lease runs, by name."""
        self.sweep()
        return self._roster.standings(self._world.monotonic())

    def counts(self) -> dict[str, float]:
        """Sizes, for metrics and status."""
        adapters, groups, objects = self._directory.counts()
        return {
            "nodes": float(len(self._roster)),
            "strangers": float(len(self._strangers)),
            "adapters": float(adapters),
            "groups": float(groups),
            "objects": float(objects),
        }
