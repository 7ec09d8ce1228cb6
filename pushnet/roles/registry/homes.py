"""Where stock servers are at home, and how busy they are: their agents tell it, who watch over them.

A stock server tells nothing of itself. One that an agent runs is in its agent's region and zone, and has the
load of its machine, as IceGrid takes it. Where the agent stands before it (a front), its connections, how
much waits for it and how long it takes for a request are known, too; so it is found out when it is slow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.balance import Replica
from pushnet.roles.registry.cluster_book import ClusterBook
from pushnet.roles.registry.cluster_reports import Reports
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.readings import SERVED, TOOK_MS, WAITING, Reading

REQUESTS: Final = "requests"
"""Answers since the front began."""
CPU: Final = "cpu_share"


class Homes:
    """Made once for a registry."""

    def __init__(self, ledger: Ledger, book: ClusterBook, reports: Reports) -> None:
        self._books = ledger.books
        self._lookups = ledger.lookups
        self._book = book
        self._counted: dict[str, tuple[float, float]] = {}
        ledger.lookups.home = self.replica
        reports.listeners.append(self.heard)

    def replica(self, adapter_id: str) -> Replica | None:
        """The adapter of a stock server as its agent tells of it; None: no agent that is there runs it."""
        server, agent = self._book.home(adapter_id)
        member = self._books.nodes.get(agent)
        if member is None:
            return None
        readings = self._books.readings
        machine, own = readings.of(agent), readings.of(server)
        made = Replica(adapter_id, member.record.region, member.record.zone)
        if machine is not None:
            made = attrs.evolve(made, load=machine.load, loads=machine.loads, report=machine.report)
        if own is None:
            return made
        connections = own.gauges.get("connections", 0.0)
        return attrs.evolve(made, load=_load(own, made.load), connections=connections, report=own.report)

    def heard(self, servers: Sequence[ServerState], now: float) -> None:
        """An agent has told how its servers are."""
        adapters = self._book.adapters
        for state in servers:
            if state.id in adapters and state.id not in self._books.nodes:
                self._take(state, adapters[state.id], now)

    def _take(self, state: ServerState, adapters: Sequence[str], now: float) -> None:
        readings = self._books.readings
        if state.phase is not ServerPhase.Serving:
            readings.forget(state.id)
            self._counted.pop(state.id, None)
            return
        reading = readings.told(state.id, self._gauges(state, now), now)
        for adapter_id in adapters:
            for group in self._books.directory.groups_of(adapter_id):
                self._lookups.heard(group, adapter_id, reading)

    def _gauges(self, state: ServerState, now: float) -> dict[str, float]:
        """With what waits, by Little's law, where it is known how long a request takes."""
        gauges = dict(state.resources)
        if REQUESTS not in gauges:
            return gauges
        count, at = self._counted.get(state.id, (gauges[REQUESTS], now))
        self._counted[state.id] = (gauges[REQUESTS], now)
        if now > at and gauges[REQUESTS] >= count:
            gauges[SERVED] = (gauges[REQUESTS] - count) / (now - at)
            if TOOK_MS in gauges:
                gauges[WAITING] = gauges[SERVED] * gauges[TOOK_MS] / 1000
        return gauges


def _load(own: Reading, machine: float) -> float:
    """What waits for it; else its share of a processor; else what its machine has to do."""
    return own.gauges.get(WAITING, own.gauges.get(CPU, machine))
