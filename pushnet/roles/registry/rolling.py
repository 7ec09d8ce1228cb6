"""Carries rolls out: the registry that leads asks `pushnet.grid.roll` again and again what is to be done.

A step is one commit: what has become of the roll (`roll/<kind>`) and the versions it gives to servers
(`version/<server>`) are written together, compared with what they were decided on, or not at all. So a step
is on disk before an agent can hear of it, no two registries can take different ones, and who leads next goes
on from there. Any registry may begin, pause, turn round (see `deployer`): it writes the same entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs
import msgspec
from twisted.internet.defer import Deferred
from twisted.logger import Logger

from pushnet.grid.gates import Limits, Objection, Patience, Reading, objections
from pushnet.grid.roll import NodeFact, Order, Roll, State, step, waits_for, without
from pushnet.roles.registry.leading import Leading, NotLeading
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.papers import ROLL, VERSION
from pushnet.roles.registry.rolling_facts import Facts
from pushnet.roles.registry.rolling_record import RollRecord, news, read_record
from pushnet.roles.registry.writing import NotSaved
from pushnet.stores.registry.state import Change, Put
from pushnet.world import World

HEAR_LIMIT_S: Final = 10.0
"""A new leader waits for each agent's word, but not longer: who is silent then is out."""


class Rolling:
    """Every roll of the cluster."""

    def __init__(
        self, world: World, ledger: Ledger, leading: Leading, facts: Facts, limits: Limits | None = None
    ) -> None:
        self._world = world
        self._ledger = ledger
        self._leading = leading
        self._facts = facts
        self._limits = limits or Limits()
        self._times: dict[tuple[str, int], Roll] = {}
        """Rolls as this leader has them, with its clock's times; by kind and number."""
        self._patience: dict[str, Patience] = {}
        self._others: dict[str, list[Reading]] = {}
        """How servers without the new version did when last there were any; by kind."""
        self._leads_since: float | None = None
        self._busy: dict[str, None] = {}
        self._log = Logger(namespace="pushnet.registry")

    def record(self, kind: str) -> RollRecord | None:
        """The last roll of a kind; None: there was none."""
        value = self._ledger.books.papers.value(ROLL + kind)
        try:
            return read_record(value) if value else None
        except msgspec.MsgspecError as error:
            self._log.error("the roll of {kind} is not understood: {error}", kind=kind, error=str(error))
            return None

    def is_under_way(self, kind: str) -> bool:
        """Whether servers of the kind are being given a version."""
        record = self.record(kind)
        return record is not None and not record.over and record.state is not State.paused

    def tick(self) -> None:
        """Do what is to be done in every roll that is not over; several times a second."""
        if not self._leading.leads:
            self._forget()
            return
        if self._leads_since is None:
            self._leads_since = self._world.monotonic()
        for kind in self._ledger.books.papers.under(ROLL):
            record = self.record(kind)
            if record is not None and not record.over and kind not in self._busy:
                self._busy[kind] = None
                work = Deferred.fromCoroutine(self.step(kind)).addBoth(self._stepped, kind)
                self._world.background("registry.rolling", work)

    async def step(self, kind: str) -> None:
        """One look at one roll, and what follows from it."""
        decided: list[tuple[RollRecord, Roll]] = []

        def decide() -> Sequence[Change]:
            decided.clear()
            record = self.record(kind)
            if record is None or record.over or not self._may_judge(record):
                return []
            before = record.roll(self._times.get((kind, record.number)))
            after, orders = self._decided(before)
            waits = waits_for(after, self._facts.of(after.queue))
            told = self._effective(orders)
            made = record.after(after, waits, news(before, after, told), self._world.wall())
            made = attrs.evolve(made, epoch=self._leading.epoch)
            decided.append((made, after))
            changes: list[Change] = [Put(VERSION + order.node, order.version) for order in told]
            return [*changes, Put(ROLL + kind, made.to_json())] if made != record else changes

        try:
            await self._leading.submit(decide, [ROLL + kind])
        except (NotLeading, NotSaved) as unable:
            self._log.info("the roll of {kind} waits: {why}", kind=kind, why=str(unable))
            return
        for record, roll in decided:
            self._keep(record, roll)

    def _decided(self, roll: Roll) -> tuple[Roll, list[Order]]:
        facts = self._facts.of(roll.queue)
        known = [fact.name for fact in facts]
        gone = [name for name in roll.queue if name not in known]
        roll = without(roll, gone) if gone else roll
        found, doubted = self._found(roll, facts)
        return step(roll, facts, found, self._world.monotonic(), doubted=doubted)

    def _found(self, roll: Roll, facts: Sequence[NodeFact]) -> tuple[list[Objection], bool]:
        """What the gates say against servers that serve with the new version; whether some may pass."""
        if roll.state not in (State.rolling, State.paused):
            return [], False
        new = [fact.name for fact in facts if fact.serving and fact.name in roll.arrived]
        old = [fact.name for fact in facts if fact.serving and fact.name not in roll.touched]
        if old:
            self._others[roll.kind] = self._facts.readings(old)
        found = objections(self._facts.readings(new), self._others.get(roll.kind, ()), self._limits)
        patience = self._patience.setdefault(roll.kind, Patience(self._limits))
        lasting = patience.lasting(found, self._world.monotonic())
        return [*self._facts.checked(new), *lasting], len(lasting) < len(found)

    def _effective(self, orders: Sequence[Order]) -> list[Order]:
        """Those that are not written yet."""
        papers = self._ledger.books.papers
        return [order for order in orders if papers.value(VERSION + order.node) != order.version]

    def _may_judge(self, record: RollRecord) -> bool:
        """Whether enough is known: a registry that has just begun to lead has heard nobody yet."""
        since = self._leads_since if self._leads_since is not None else self._world.monotonic()
        waited_s = self._world.monotonic() - since
        return waited_s >= HEAR_LIMIT_S or self._facts.all_heard(record.queue)

    def _keep(self, record: RollRecord, roll: Roll) -> None:
        kind = record.kind
        self._times[kind, record.number] = roll
        if record.over:
            self._times.pop((kind, record.number))
            self._patience.pop(kind, None)
            self._others.pop(kind, None)
            self._facts.forget(record.queue)
            told = {"kind": kind, "version": record.version, "state": record.state.value}
            self._log.info("the roll of {kind} to {version} is {state}", **told)

    def _stepped(self, result: object, kind: str) -> object:
        self._busy.pop(kind)
        return result

    def _forget(self) -> None:
        """Another leads: its clock counts."""
        self._leads_since = None
        self._times.clear()
        self._patience.clear()
        self._others.clear()
