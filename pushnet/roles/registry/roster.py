"""The nodes of the grid under their leases, and what can be found through them.

A node takes up its place with `join` under a new epoch, which replaces what an earlier process of its name
had entered; with the lease goes the entry. Nothing here waits or writes: the servant saves what `join`
answers before it sends it, and forgets on disk what `sweep` and `leave` took out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from pushnet.grid.leases import Leases
from pushnet.roles.registry.directory import Directory, Owner
from pushnet.roles.registry.records import NodeRecord, fault

NODES_MAX: Final = 4096
"""Some ten times the largest grid thought of; bounds memory and the answer of `nodes`."""
GAUGES_MAX: Final = 64
GAUGE_CHARACTERS_MAX: Final = 64
LOAD: Final = "load"
"""The gauge that decides least-loaded choice."""


class Refused(Exception):
    """The entry cannot be taken in: the text says why."""


@attrs.frozen
class Standing:
    """One node as it stands now."""

    record: NodeRecord
    epoch: int
    lease_left_s: float
    up_s: float
    load: Mapping[str, float]


class Roster:
    """Who is in. Times are monotonic seconds."""

    def __init__(self, directory: Directory, lease_s: float, last_epoch: int = 0) -> None:
        self.directory = directory
        self.leases = Leases(lease_s, last_epoch)
        self._records: dict[str, NodeRecord] = {}
        self._loads: dict[str, Mapping[str, float]] = {}

    def join(self, node: NodeRecord, now: float) -> int:
        """Take the node in. Returns its epoch; raises `Refused`."""
        reason = fault(node) or self.directory.clash(owner(node.name), node.adapters, node.objects)
        if reason:
            raise Refused(reason)
        if node.name not in self._records and len(self._records) >= NODES_MAX:
            raise Refused(f"the grid has {NODES_MAX} nodes, which is the most it can have")
        epoch = self.leases.grant(node.name, now)
        self._enter(node)
        return epoch

    def restore(self, node: NodeRecord, epoch: int, now: float) -> None:
        """Take a node back in after a restart of the registry."""
        self.leases.restore(node.name, epoch, now)
        self._enter(node)

    def _enter(self, node: NodeRecord) -> None:
        self._records[node.name] = node
        self._loads.pop(node.name, None)
        self.directory.put(owner(node.name), node.adapters, node.objects)

    def renew(self, name: str, epoch: int, load: Mapping[str, float], now: float) -> None:
        """Keep the place. Raises `LeaseLost`; readings that are no number, or too many, are dropped."""
        self.leases.renew(name, epoch, now)
        told = [(gauge, value) for gauge, value in load.items() if _is_reading(gauge, value)]
        self._loads[name] = dict(told[:GAUGES_MAX])

    def leave(self, name: str, epoch: int) -> bool:
        """Give the place up; False when `epoch` does not hold it."""
        left = self.leases.release(name, epoch)
        if left:
            self._remove([name])
        return left

    def sweep(self, now: float) -> list[str]:
        """Take out the nodes whose lease has run out; returns their names."""
        gone = self.leases.overdue(now)
        self._remove(gone)
        return gone

    def _remove(self, names: Iterable[str]) -> None:
        for name in names:
            del self._records[name]
            self._loads.pop(name, None)
            self.directory.drop(owner(name))

    def standings(self, now: float) -> list[Standing]:
        """Every node, by name."""
        return [
            Standing(
                self._records[name],
                self.leases.epoch(name),
                self.leases.left_s(name, now),
                self.leases.up_s(name, now),
                self._loads.get(name, {}),
            )
            for name in self.leases.names()
        ]

    def load_of(self, name: str) -> float | None:
        """The last told `load` of a node; None when it has told none."""
        return self._loads.get(name, {}).get(LOAD)

    def __len__(self) -> int:
        return len(self._records)


def _is_reading(gauge: str, value: float) -> bool:
    return len(gauge) <= GAUGE_CHARACTERS_MAX and math.isfinite(value)


def owner(name: str) -> Owner:
    """How a node is called in the directory."""
    return ("node", name)
