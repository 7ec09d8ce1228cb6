"""Bugs planted in registries and in who relies on them, to see that the scenario finds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from pushnet.roles.membership import Membership
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.service import RegistryService
from pushnet.rpc.communicator import Communicator
from pushnet.stores.registry.etcd import EtcdState
from pushnet.stores.registry.state import Change, RegistryState
from pushnet.world import World


class WallClockMembership(Membership):
    """Measures its lease on the wall clock."""

    @property
    def holds_lease(self) -> bool:
        return self._world.wall() < self._wall_ends

    _wall_ends = 0.0

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name == "_lease_ends":
            left_s = value - self._world.monotonic() if value else 0.0
            super().__setattr__("_wall_ends", self._world.wall() + left_s)


class EagerMembership(Membership):
    """Takes a renewal for granted when it has been sent."""

    async def _renew(self, gauges: dict[str, float]) -> None:
        self._lease_ends = self._world.monotonic() + self._lease.ttlMs / 1000
        await super()._renew(gauges)


class LateMembership(Membership):
    """Counts its lease from the answer, not from the question."""

    async def _renew(self, gauges: dict[str, float]) -> None:
        await super()._renew(gauges)
        self._lease_ends = self._world.monotonic() + self._lease.ttlMs / 1000 + 1.5


class StubbornMembership(Membership):
    """Believes in its lease for as long as nobody tells it otherwise."""

    @property
    def holds_lease(self) -> bool:
        return self._lease.epoch > 0 and not self._stopped


class _MutantService(RegistryService):
    """A registry with another part in a place."""

    ledger: type[Ledger] = Ledger
    state: type[EtcdState] = EtcdState

    def make_ledger(self) -> Ledger:
        parts = self.parts
        return self.ledger(parts.world, parts.settings, parts.node.name, self.make_state(), self._metrics)

    def make_state(self) -> RegistryState:
        cluster, name = self.parts.settings.cluster, self.parts.node.name
        return self.state(self.parts.world, cluster.etcd, cluster.name, name, cluster.lease_s)


class CarelessLedger(Ledger):
    """Renews whoever holds the name, whatever epoch the caller speaks of."""

    async def renew(self, name: str, epoch: int, load: Mapping[str, float]) -> None:
        owners = self.books.directory.owner("place")
        member = self.books.nodes.get(owners[1]) if owners and name.startswith("owner") else None
        known = member or self.books.nodes.get(name)
        if known is not None:
            await super().renew(known.record.name, known.epoch, load)


class TrustingLedger(Ledger):
    """Takes in a node without looking who has its adapters."""

    def _decide_join(self, node: Any) -> list[Change]:
        directory, self.books.directory = self.books.directory, _Empty()  # type: ignore[assignment]
        try:
            return super()._decide_join(node)
        finally:
            self.books.directory = directory


class NamesakesLedger(Ledger):
    """Lets a node take the name of any other."""

    def name_fault(self, node: Any) -> str:
        return ""


class _Empty:
    def clash(self, *_: object) -> str:
        return ""


class GenerousLedger(Ledger):
    """Tells nodes of a longer lease than it keeps for them."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.lease_s *= 2

    def _decide_join(self, node: Any) -> list[Change]:
        (put,) = super()._decide_join(node)
        return [attrs.evolve(put, ttl_s=self.lease_s / 2)]


class UncomparedState(EtcdState):
    """Writes without comparing: what it was told last is good enough."""

    async def _transact(
        self, changes: Sequence[Change], leases: Mapping[str, str], seen: int
    ) -> Mapping[str, Any]:
        return await super()._transact(changes, leases, 2**62)


class DeafState(EtcdState):
    """Does not begin its watch anew when it has ended."""

    def _again(self, why: str) -> None:
        if self._watch is not None:
            self._watch.stop()
            self._watch = None


class SilentState(EtcdState):
    """Never looks whether a silent watch still lives."""

    def tick(self) -> None:
        """Nothing."""


class MergingState(EtcdState):
    """After a break it adds what is there, and keeps what is not there any more."""

    async def _load(self) -> None:
        watcher, known = self._watcher, dict(self._entries)
        assert watcher is not None

        class Adding:
            def reset(self, entries: Any) -> None:
                for entry in entries:
                    watcher.put(entry)

            def __getattr__(self, name: str) -> Any:
                return getattr(watcher, name)

        self._watcher = Adding()
        try:
            await super()._load()
        finally:
            self._watcher = watcher
        self._entries = {**known, **self._entries}


class GrantingState(EtcdState):
    """Says that every lease was renewed."""

    async def _renew(self, leases: Sequence[str]) -> Mapping[str, bool]:
        try:
            return dict.fromkeys(await super()._renew(leases), True)
        except Exception:
            return dict.fromkeys(leases, True)


def with_ledger(ledger: type[Ledger]) -> Any:
    """A maker of registries that decide by `ledger`."""

    class Mutant(_MutantService):
        pass

    Mutant.ledger = ledger
    return Mutant


def with_state(state: type[EtcdState]) -> Any:
    """A maker of registries that keep `state`."""

    class Mutant(_MutantService):
        pass

    Mutant.state = state
    return Mutant


class ForgetlessCommunicator(Communicator):
    """Never drops what the locator has told it."""

    def __init__(self, world: World, properties: Any = None) -> None:
        super().__init__(world, properties)
        self._locators.forget = lambda *args, **kwargs: False  # type: ignore[method-assign]
