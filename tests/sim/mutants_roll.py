"""Bugs planted in registries, agents, servers and callers of rolls, to see that the scenario finds them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater

from pushnet.gen.pushnet.server import Handover, ServerPlan
from pushnet.grid.gates import Objection
from pushnet.grid.roll import NodeFact, Order, Roll, State
from pushnet.grid.settings import Settings
from pushnet.grid.waves import Wave
from pushnet.roles.node.fleet import Fleet
from pushnet.roles.node.following import Following
from pushnet.roles.node.memory import Memory
from pushnet.roles.node.run import Life, Run
from pushnet.roles.node.server import Server
from pushnet.roles.registry.cluster_book import ClusterBook
from pushnet.roles.registry.leading import Leading, NotLeading
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.papers import VERSION
from pushnet.roles.registry.rolling import Rolling
from pushnet.rpc.adapter import ObjectAdapter
from pushnet.sim.roll_watch import WatchedRegistry
from pushnet.sim.rolls import SimAgent
from pushnet.stores.registry.state import Change, Put

# Who leads.


class WallClockLeading(Leading):
    """Measures its lease on the wall clock."""

    _wall_ends = 0.0

    @property
    def leads(self) -> bool:
        return self._stands() and self._world.wall() < self._wall_ends

    def _lasts_from(self, asked_at: float) -> None:
        super()._lasts_from(asked_at)
        self._wall_ends = self._world.wall() + self._ends - self._world.monotonic()


class StubbornLeading(Leading):
    """Believes that it leads for as long as nobody tells it otherwise."""

    @property
    def leads(self) -> bool:
        return self._stands()


class UncheckedLeading(Leading):
    """Acts whether it leads or not."""

    @property
    def leads(self) -> bool:
        return self._epoch > 0

    async def submit(
        self, decide: Callable[[], Sequence[Change]], alone: Collection[str], shared: Collection[str] = ()
    ) -> int:
        return await self._ledger.submit(decide, alone, shared)


class LateLeading(Leading):
    """Looks whether it leads when it decides, not when that is written a moment later."""

    async def submit(
        self, decide: Callable[[], Sequence[Change]], alone: Collection[str], shared: Collection[str] = ()
    ) -> int:
        if not self._stands():
            raise NotLeading
        decided = decide()
        await deferLater(self._world.clock, 0.3)
        return await self._ledger.submit(lambda: decided, alone, shared)


# How rolls go on.


class UnstoredRolling(Rolling):
    """Gives versions out before the roll says so in the state."""

    async def step(self, kind: str) -> None:
        record = self.record(kind)
        if record is not None and not record.over and self._may_judge(record):
            _, orders = self._decided(record.roll(self._times.get((kind, record.number))))
            puts = [Put(VERSION + order.node, order.version) for order in self._effective(orders)]
            if puts:
                await self._leading.submit(lambda: puts, [])
        await super().step(kind)


class BlindRolling(Rolling):
    """Does not ask the gates."""

    def _found(self, roll: Roll, facts: Sequence[NodeFact]) -> tuple[list[Objection], bool]:
        return [], False


class HeedlessRolling(Rolling):
    """Begins the next wave though the gates have something against this one."""

    def _found(self, roll: Roll, facts: Sequence[NodeFact]) -> tuple[list[Objection], bool]:
        return super()._found(roll, facts)[0], False


class _DecidingRolling(Rolling):
    """Decides on another roll than the one that stands."""

    def _decided(self, roll: Roll) -> tuple[Roll, list[Order]]:
        after, orders = super()._decided(self.seen(roll))
        return attrs.evolve(after, out_max=roll.out_max, soak_s=roll.soak_s), orders

    def seen(self, roll: Roll) -> Roll:
        raise NotImplementedError


class GreedyRolling(_DecidingRolling):
    """Takes out as many as there are."""

    def seen(self, roll: Roll) -> Roll:
        return attrs.evolve(roll, out_max=99)


class HastyRolling(_DecidingRolling):
    """Does not watch a wave before the next."""

    def seen(self, roll: Roll) -> Roll:
        return attrs.evolve(roll, soak_s=0.0)


class SloppyRolling(_DecidingRolling):
    """Forgets the last server when it goes back."""

    def seen(self, roll: Roll) -> Roll:
        if roll.state is not State.undoing or not roll.touched:
            return roll
        return attrs.evolve(roll, touched=dict(list(roll.touched.items())[:-1]))


class HopefulRolling(_DecidingRolling):
    """Does not look how the servers are that it has given the version to."""

    def _decided(self, roll: Roll) -> tuple[Roll, list[Order]]:
        facts, outer = self._facts, self

        class Rosy:
            def of(self, names: Collection[str]) -> list[NodeFact]:
                found = facts.of(names)
                return [attrs.evolve(each, serving=True, trouble="", version=each.wanted) for each in found]

            def __getattr__(self, name: str) -> Any:
                return getattr(facts, name)

        outer._facts = Rosy()  # type: ignore[assignment]
        try:
            return Rolling._decided(self, roll)
        finally:
            outer._facts = facts


class RashBook(ClusterBook):
    """Has other settings reach everybody at once."""

    def waves_towards(self, settings: Settings) -> dict[str, Wave]:
        return {}


class CarelessLedger(Ledger):
    """Lets go of a node whatever epoch the caller speaks of."""

    async def leave(self, name: str, epoch: int) -> None:
        known = self.books.nodes.get(name)
        await super().leave(name, known.epoch if known is not None else epoch)


class _MutantRegistry(WatchedRegistry):
    ledger: type[Ledger] = Ledger
    leading: type[Leading] | None = None
    rolling: type[Rolling] | None = None
    book: type[ClusterBook] | None = None

    def make_ledger(self) -> Ledger:
        made = super().make_ledger()
        made.__class__ = self.ledger
        return made

    def _open_cluster(self, adapter: ObjectAdapter, ledger: Ledger, *more: Any) -> Any:
        made = super()._open_cluster(adapter, ledger, *more)
        assert self._deploying is not None and self._book is not None
        if self.book is not None:
            self._book.__class__ = self.book
        if self.leading is not None:
            self._deploying.leading.__class__ = self.leading
        if self.rolling is not None:
            self._deploying._rolling.__class__ = self.rolling
        return made


def registry(**parts: Any) -> type[WatchedRegistry]:
    """Registries with other parts in places: `ledger`, `leading`, `rolling`, `book`."""
    return type("Mutant", (_MutantRegistry,), parts)


# What agents do.


class EagerServer(Server):
    """Ends the predecessor as soon as the successor has been started."""

    def _towards_the_plan(self) -> None:
        super()._towards_the_plan()
        live = [run for run in self.runs if run.live]
        for run in live[:-1]:
            self._drain(run)


class ImpatientServer(Server):
    """Starts every successor first, also where both have the same data."""

    def take(self, plan: ServerPlan | None) -> None:
        super().take(attrs.evolve(plan, handover=Handover.StartFirst) if plan is not None else None)


class ImpoliteServer(Server):
    """Kills what is to end."""

    def _drain(self, run: Run) -> None:
        run.drain(0.0)


class LeavingServer(Server):
    """Leaves the predecessor as it is."""

    def _drain(self, run: Run) -> None:
        if len(self.runs) == 1 or run.life is Life.starting:
            super()._drain(run)


class _MutantFleet(Fleet):
    server: type[Server] = Server

    def _server(self, id: str) -> Server:
        if id not in self.servers:
            self.servers[id] = self.server(self._world, id, self, self._changed)
        return self.servers[id]


class ForgetfulFleet(Fleet):
    """Does not remember which processes it has started."""

    def _load(self) -> Memory:
        return attrs.evolve(super()._load(), runs=())


class AmnesicFleet(Fleet):
    """Has no plan until a registry tells one."""

    def _load(self) -> Memory:
        return attrs.evolve(super()._load(), plans=(), generation=0)


class RestlessFleet(Fleet):
    """Starts everything anew with each plan that it is told."""

    def follow(self, generation: int, settings: str, plans: Sequence[ServerPlan]) -> None:
        super().follow(generation, settings, plans)
        for server in list(self.servers.values()):
            if server.serves_plan == server.plan:
                server.again()


class ForgetfulFollowing(Following):
    """Asks as if it had no plan after a restart, and takes what it is told."""

    def start(self) -> None:
        self._known = lambda: 0
        if self._planning is None:
            super().start()


class CredulousAgent(SimAgent):
    """Follows whatever registry it asks first, before it has its place."""

    def connect(self) -> None:
        super().connect()
        assert self._following is not None
        self._following.__class__ = ForgetfulFollowing
        self._following.start()


def agent(fleet: type[Fleet]) -> type[SimAgent]:
    """Agents with another fleet."""

    class Mutant(SimAgent):
        def __init__(self, parts: Any) -> None:
            super().__init__(parts)
            self.fleet.__class__ = fleet

    return Mutant


def servers(server: type[Server]) -> type[SimAgent]:
    """Agents that look after their servers in another way."""
    return agent(type("Mutant", (_MutantFleet,), {"server": server}))


# How servers end.


def deaf_drain(adapter: ObjectAdapter) -> Deferred[None]:
    """Reads nothing any more once it has begun to close."""
    for connection in adapter.connections:
        connection.dataReceived = _ignored  # type: ignore[method-assign]
    return adapter.deactivate()


def curt_drain(adapter: ObjectAdapter) -> Deferred[None]:
    """Says CloseConnection, and hangs up without reading to the end."""
    for connection in adapter.connections:
        say_close: Callable[[], None] = connection._say_close

        def curtly(say_close: Callable[[], None] = say_close, connection: Any = connection) -> None:
            say_close()
            connection.dataReceived = _ignored

        connection._say_close = curtly  # type: ignore[method-assign]
    return adapter.deactivate()


def _ignored(data: bytes) -> None:
    """Nobody reads it."""
