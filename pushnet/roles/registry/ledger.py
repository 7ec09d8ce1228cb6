"""The registry's decisions: who is taken in, kept, let go. Decided on the books, written to the state.

The rule is: decide, save, then answer. What could not be saved is not acknowledged: the caller hears an
error and joins again, under a higher epoch. While nothing can be written, who is in stays in and is found;
nobody is taken in. An epoch is the revision of the commit that took the node in, so a later holder of a name
always has the higher one, and what an earlier holder says after that is refused.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Final

import attrs
import msgspec
from twisted.internet.defer import Deferred
from twisted.logger import Logger

from pushnet.grid.balance import Policy
from pushnet.grid.installations import Holder, name_fault
from pushnet.grid.settings import Settings
from pushnet.roles.registry.books import (
    ADAPTER,
    NODE,
    OBJECT,
    POLICY,
    PROCESS,
    Books,
    Event,
    Member,
    Process,
    Stranger,
    What,
    fixed_owner,
    node_owner,
    object_name,
    stranger_owner,
)
from pushnet.roles.registry.event_log import Limits
from pushnet.roles.registry.events import Events
from pushnet.roles.registry.lookups import Lookups
from pushnet.roles.registry.metrics import RegistryMetrics
from pushnet.roles.registry.records import (
    AdapterRecord,
    NodeRecord,
    ObjectRecord,
    ProcessRecord,
    adapter_fault,
    described,
    fault,
    object_fault,
)
from pushnet.roles.registry.writing import CHANGES_MAX, NotSaved, Writing
from pushnet.stores.registry.state import Change, Delete, Put, RegistryState, StateUnavailable
from pushnet.wire.identity import Identity
from pushnet.world import World

NODES_MAX: Final = 4096
"""Some ten times the largest grid thought of; bounds memory and the answer of `nodes`."""
STRANGERS_MAX: Final = 65_536
OBJECTS_MAX: Final = 65_536
"""Well-known objects that administrators added."""
POLICIES_MAX: Final = 4096
LEASES_UNANSWERED_MAX: Final = 2
"""So many leases a stock server may leave pings unanswered."""


class Refused(Exception):
    """The entry cannot be taken in: the text says why."""


class NotInGroup(Refused):
    """The adapter cannot be in that replica group: the text says why."""


class InUse(Refused):
    """The id belongs to an adapter that may be alive."""


class LeaseLost(Exception):
    """The caller does not hold the lease it speaks of; the text says who does, or that it ran out."""


@attrs.frozen
class Standing:
    """One node as it stands now."""

    member: Member
    lease_left_s: float
    up_s: float
    load: Mapping[str, float]


Alive = Callable[[AdapterRecord], Awaitable[bool]]


class Ledger:
    """Who is in the grid. Open it before use."""

    def __init__(
        self,
        world: World,
        settings: Settings,
        name: str,
        state: RegistryState,
        metrics: RegistryMetrics,
        limits: Limits | None = None,
    ) -> None:
        """`name`: of this registry's node, under which it tells the others what it has heard.

        `limits`: how much of the log of events is kept.
        """
        self._world = world
        self.name = name
        self._settings = settings
        self._metrics = metrics
        self._state = state
        self.lease_s = settings.cluster.lease_s
        self.books = Books(world.monotonic)
        policies = {group.id: group.policy for group in settings.group}
        self.lookups = Lookups(self.books, policies, world.rng("registry.balance"), world.monotonic)
        self._writing = Writing(world, state)
        self.events = Events(world, name, self.books, self.submit, limits)
        self._heard: dict[str, Mapping[str, float]] = {}
        self.agent_of: Callable[[str], str] = lambda name: ""
        """Which agent is to run a node, by the settings that hold; empty: none."""
        self._log = Logger(namespace="pushnet.registry")
        self.books.followers.append(self._note)

    async def open(self) -> None:
        """Take up what was known before."""
        await self.events.open()
        await self._state.open(self.books)
        self.events.opened()
        self._log.info(
            "took up {nodes} nodes and {strangers} adapters of stock servers, revision {revision}",
            nodes=len(self.books.nodes),
            strangers=len(self.books.strangers),
            revision=self.books.revision,
        )

    async def close(self) -> None:
        await self.events.finish()
        await self._state.close()
        await self.events.close()

    def on_failure(self, tell: Callable[[str], object]) -> None:
        """Have `tell` called with the reason when nothing can be written any more in this process."""
        self._state.on_failure(tell)

    @property
    def trouble(self) -> str:
        """Why nobody can be taken in; empty while all is well."""
        return self._state.trouble

    def tick(self) -> None:
        """Take out what ran out, and tell the other registries what was heard. Several times a lease."""
        self._state.tick()
        if self._heard:
            heard, self._heard = self._heard, {}
            self._state.tell(self.name, msgspec.json.encode(heard).decode())

    # Nodes.

    async def join(self, node: NodeRecord, *, take_over: bool = False) -> int:
        """Take a node in; its epoch is on disk when this returns. Raises `Refused` or `NotSaved`.

        `take_over`: also when another installation holds its name, and whoever started it means that.
        """
        node = attrs.evolve(node, joined_s=self._world.wall())
        adapters = [f"name {adapter.id}" for adapter in node.adapters]
        objects = [f"object {object_name(known.identity)}" for known in node.objects]
        groups = [f"name {adapter.group}" for adapter in node.adapters if adapter.group]
        taken: list[str] = []

        def decide() -> list[Change]:
            taken[:] = filter(None, [self.name_fault(node)])
            if taken and not take_over:
                raise Refused(taken[0])
            return self._decide_join(node)

        try:
            epoch = await self.submit(decide, [f"node {node.name}", *adapters, *objects], groups)
        except Refused as refused:
            self._metrics.refused.inc()
            self._log.warn("{name} may not join: {reason}", name=node.name, reason=str(refused))
            self.events.record("node.refused", node.name, self._refusal(node) if taken else str(refused))
            raise
        if taken:
            self.events.record("node.taken-over", node.name, f"from {node.address or 'here'}, by --take-over")
        self._metrics.joined.inc()
        self._log.info("{name} joined under epoch {epoch}", name=node.name, epoch=epoch)
        return epoch

    def name_fault(self, node: NodeRecord) -> str:
        """Why a process of that installation may not have the name now; nothing when it may."""
        member = self.books.nodes.get(node.name)
        if member is None or (node.name == self.name and not self._settings.cluster.etcd):
            return ""  # a registry that has its state on its own disk is the one whose entry is in it
        agent = self.books.nodes.get(self.agent_of(node.name))
        left_s = max(0.0, self._state.left_s(member.lease))
        lease = f"whose lease runs {left_s:.1f} s more and is renewed while it lives"
        holder = Holder(member.record.installation, f"{described(member.record)}, {lease}")
        return name_fault(node.name, node.installation, holder, agent.record.installation if agent else "")

    def _refusal(self, node: NodeRecord) -> str:
        """For the log of events, in the same words for each try of a process."""
        member = self.books.nodes.get(node.name)
        about = described(member.record) if member is not None else "another"
        return f"process {node.pid} at {node.address or 'here'} wanted the name, which {about} has"

    def _decide_join(self, node: NodeRecord) -> list[Change]:
        directory = self.books.directory
        reason = fault(node) or directory.clash(node_owner(node.name), node.adapters, node.objects)
        if reason:
            raise Refused(reason)
        if node.name not in self.books.nodes and len(self.books.nodes) >= NODES_MAX:
            raise Refused(f"the grid has {NODES_MAX} nodes, which is the most it can have")
        return [Put(NODE + node.name, node.to_json(), self.lease_s)]

    async def renew(self, name: str, epoch: int, load: Mapping[str, float]) -> None:
        """Keep a place, after a round trip to the state. Raises `LeaseLost` or `NotSaved`."""
        member = self.books.nodes.get(name)
        if (member is None or member.epoch < epoch) and epoch > self.books.revision:
            await self._current()
            member = self.books.nodes.get(name)
        if member is None:
            raise LeaseLost(f"no lease of {name} is known; it ran out or was given up")
        if member.epoch != epoch:
            raise LeaseLost(f"{name} is held under epoch {member.epoch}, not {epoch}")
        try:
            held = await self._state.renew([member.lease])
        except StateUnavailable as unable:
            raise NotSaved(str(unable)) from unable
        if not held.get(member.lease):
            raise LeaseLost(f"the lease of {name} ran out")
        self._metrics.renewed.inc()
        self._heard[name] = load
        self.lookups.told(name, self.books.readings.told(name, load, self._world.monotonic()))

    async def leave(self, name: str, epoch: int) -> None:
        """Give a place up; an older epoch changes nothing."""
        if await self._dropped(name, epoch):
            self._log.info("{name} left", name=name)

    async def found_dead(self, name: str, epoch: int) -> None:
        """Nobody listens any more where the node was: it need not be waited for."""
        if await self._dropped(name, epoch):
            self._metrics.found_dead.inc()
            self._log.warn("{name} is dead: nobody listens where it was", name=name)
            self.events.record("node.dead", name, "nobody listens any more where it was")

    async def _dropped(self, name: str, epoch: int) -> bool:
        def decide() -> list[Change]:
            member = self.books.nodes.get(name)
            return [Delete(NODE + name, epoch)] if member is not None and member.epoch == epoch else []

        before = self.books.nodes.get(name)
        await self.submit(decide, [f"node {name}"])
        return before is not None and before.epoch == epoch and name not in self.books.nodes

    def standings(self) -> list[Standing]:
        """Every node whose lease runs, by name."""
        now = self._world.monotonic()
        readings = self.books.readings
        return [
            Standing(member, self._state.left_s(member.lease), now - member.since, readings.gauges(name))
            for name, member in sorted(self.books.nodes.items())
        ]

    # Stock servers.

    async def enter_stranger(self, adapter: AdapterRecord, alive: Alive) -> None:
        """Take in an adapter of a stock server. A holder of its id that `alive` finds dead makes room.

        Raises:
            InUse: the id is taken by somebody who lives.
            NotInGroup: the group is another adapter's id, or the adapter is in another group.
            Refused: something is malformed, unknown where it must be known, or there are too many.
            NotSaved: see there.
        """
        known = self.books.strangers.get(adapter.id)
        dead = 0
        if (
            known is not None
            and known.adapter.endpoints != adapter.endpoints
            and not await alive(known.adapter)
        ):
            dead = known.epoch
        await self.submit(
            lambda: self._decide_stranger(adapter, dead),
            [f"name {adapter.id}"],
            [f"name {adapter.group}"] if adapter.group else (),
        )
        self._log.debug("adapter {id} registered at {where}", id=adapter.id, where=adapter.endpoints)

    def _decide_stranger(self, adapter: AdapterRecord, instead_of: int) -> list[Change]:
        reason = adapter_fault(adapter)
        if reason:
            raise Refused(reason)
        directory, strangers = self.books.directory, self.books.strangers
        owner = directory.owner(adapter.id)
        known = strangers.get(adapter.id)
        if owner is not None and owner != stranger_owner(adapter.id):
            raise InUse(f"adapter {adapter.id} belongs to node {owner[1]}")
        if known is not None and known.adapter.endpoints != adapter.endpoints and known.epoch != instead_of:
            raise InUse(f"adapter {adapter.id} is registered with {known.adapter.endpoints}")
        clash = directory.clash(stranger_owner(adapter.id), [adapter], ())
        if clash:
            raise NotInGroup(clash)
        if known is None and len(strangers) >= STRANGERS_MAX:
            raise Refused(f"there are {STRANGERS_MAX} adapters of stock servers, which is the most")
        value = msgspec.json.encode(adapter).decode()
        return [self._leased(ADAPTER + adapter.id, value, adapter.endpoints)]

    def _leased(self, key: str, value: str, endpoints: str) -> Put:
        """What is at one place is under one lease, as far as it is known."""
        ttl_s = self.lease_s * LEASES_UNANSWERED_MAX
        return Put(key, value, ttl_s, self.books.lease_at(endpoints))

    async def remove_stranger(self, adapter_id: str) -> bool:
        """Take out the adapter of a stock server; False when there is none of that id."""

        def decide() -> list[Change]:
            known = self.books.strangers.get(adapter_id)
            return [Delete(ADAPTER + adapter_id, known.epoch)] if known else []

        known = adapter_id in self.books.strangers
        await self.submit(decide, [f"name {adapter_id}"])
        return known

    async def enter_process(self, process: ProcessRecord) -> None:
        """Remember how a server can be asked to end. Raises `Refused` or `NotSaved`."""
        if adapter_fault(AdapterRecord(process.id, "", process.endpoints)):
            raise Refused(f"server {process.id!r}: it has no usable id, or its process no endpoints")
        value = msgspec.json.encode(process).decode()
        await self.submit(
            lambda: [self._leased(PROCESS + process.id, value, process.endpoints)], [f"process {process.id}"]
        )

    async def remove_process(self, server_id: str) -> None:
        def decide() -> list[Change]:
            known = self.books.processes.get(server_id)
            return [Delete(PROCESS + server_id, known.revision)] if known else []

        await self.submit(decide, [f"process {server_id}"])

    async def answered(self, entries: Sequence[Stranger | Process]) -> None:
        """Stock servers gave a sign of life."""
        leases = dict.fromkeys(entry.lease for entry in entries if entry.lease)
        try:
            await self._state.renew(list(leases))
        except StateUnavailable as unable:
            self._log.warn("a sign of life is not noted: {error}", error=str(unable))

    async def found_gone(self, endpoints: str) -> None:
        """Nobody listens any more at these endpoints of stock servers: take out what was there."""
        strangers = self.books.strangers_at(endpoints)
        for first in range(0, len(strangers), CHANGES_MAX):
            dead = {known.adapter.id: known.epoch for known in strangers[first : first + CHANGES_MAX]}
            gone = [Delete(ADAPTER + adapter_id, epoch) for adapter_id, epoch in dead.items()]
            await self.submit(lambda gone=gone: gone, [f"name {adapter_id}" for adapter_id in dead])  # type: ignore[misc]
            for adapter_id in dead:
                self._metrics.found_dead.inc()
                self.events.record("adapter.dead", adapter_id, "nobody listens any more where it was")
            told = f"{next(iter(dead))} and {len(dead) - 1} more" if len(dead) > 1 else next(iter(dead))
            self._log.warn("dead: adapter {told}; nobody listens at {where}", told=told, where=endpoints)
        for process in self.books.processes_at(endpoints):
            ended = Delete(PROCESS + process.record.id, process.revision)
            await self.submit(lambda ended=ended: [ended], [f"process {process.record.id}"])  # type: ignore[misc]

    # Objects and policies.

    async def put_object(self, known: ObjectRecord, *, new: bool) -> bool:
        """Add a well-known object (`new`), or change one; False when it is there, or is not.

        Raises `Refused` or `NotSaved`.
        """
        name = object_name(known.identity)
        fitting: list[bool] = []

        def decide() -> list[Change]:
            taken = bool(self.books.directory.proxy(known.identity))
            fitting[:] = [taken is not new]
            if not fitting[0]:
                return []
            reason = object_fault(known) or self.books.directory.clash(fixed_owner(name), (), [known])
            if reason or len(self.books.objects) >= OBJECTS_MAX:
                raise Refused(reason or f"there are {OBJECTS_MAX} objects, which is the most")
            return [Put(OBJECT + name, msgspec.json.encode(known).decode())]

        await self.submit(decide, [f"object {name}"])
        return fitting[-1]

    async def remove_object(self, identity: Identity) -> bool:
        """Take out an object that was added; False when there is none."""
        name = object_name(identity)

        def decide() -> list[Change]:
            fixed = self.books.objects.get(identity)
            return [Delete(OBJECT + name, fixed.revision)] if fixed else []

        known = identity in self.books.objects
        await self.submit(decide, [f"object {name}"])
        return known

    async def set_policy(self, group: str, policy: Policy) -> None:
        """Balance a group otherwise from now on. Raises `Refused` or `NotSaved`."""

        def decide() -> list[Change]:
            if group not in self.books.policies and len(self.books.policies) >= POLICIES_MAX:
                raise Refused(f"there are {POLICIES_MAX} policies, which is the most")
            return [Put(POLICY + group, msgspec.json.encode(attrs.asdict(policy)).decode())]

        await self.submit(decide, [f"policy {group}"])
        self._log.info("group {group} is balanced by {kind}", group=group, kind=policy.kind)

    def welcomes(self, name: str) -> bool:
        """Whether a server or adapter of that name may register itself."""
        settings = self._settings
        return (
            settings.registries_are_dynamic
            or any(node.name == name for node in settings.node)
            or any(name == server.name or name in server.adapters for server in settings.server)
        )

    async def submit(
        self, decide: Callable[[], Sequence[Change]], alone: Collection[str], shared: Collection[str] = ()
    ) -> int:
        """Write what `decide` makes of the books when its turn comes; the revision is on disk on return.

        Raises what `decide` raises, or `NotSaved`. See `Task` for the names.
        """
        if self.trouble:
            raise NotSaved(self.trouble)
        return await self._writing.submit(decide, alone, shared)

    def tell(self, who: str, text: str) -> None:
        """Tell the other registries something that need not last. `who` has a `/`: see `Books.listeners`."""
        self._state.tell(who, text)

    def adopt(self, settings: Settings) -> None:
        """Go by settings that were applied: whom they name, how groups are balanced."""
        self._settings = settings
        self.lookups.configure({group.id: group.policy for group in settings.group})

    async def renewed(self, lease: str) -> bool:
        """Whether a lease runs anew, after a round trip to the state. Raises `NotSaved`."""
        try:
            return bool((await self._state.renew([lease])).get(lease))
        except StateUnavailable as unable:
            raise NotSaved(str(unable)) from unable

    def catch_up(self) -> Deferred[None]:
        """Fires when the books hold all that was written before; may fail with `StateUnavailable`."""
        return self._state.current()

    async def _current(self) -> None:
        try:
            await self._state.current()
        except StateUnavailable as unable:
            raise NotSaved(str(unable)) from unable

    def _note(self, event: Event) -> None:
        if not event.lapsed:
            return
        self._metrics.lapsed.inc()
        if event.what is What.node_down:
            self._log.warn("the lease of {name} ran out", name=event.name)
        elif event.what is What.adapter_removed:
            self._log.warn("adapter {id} gave no sign of life for two leases", id=event.name)

    def counts(self) -> dict[str, float]:
        """Sizes, for metrics and status."""
        adapters, groups, objects = self.books.directory.counts()
        return {
            "nodes": float(len(self.books.nodes)),
            "strangers": float(len(self.books.strangers)),
            "adapters": float(adapters),
            "groups": float(groups),
            "objects": float(objects),
        }
