"""What a lookup is answered with, as Ice's proxy strings.

A lookup of an adapter id answers its endpoints, one of a replica group those of some replicas, chosen and
ordered as `pushnet.grid.balance` tells. A well-known object is answered with the proxy it was entered with,
usually `identity@group`, which the caller looks up in a second step and caches separately: the object is
found once, the group again whenever a replica fails.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pushnet.grid.balance import UNKNOWN_LOAD, Choice, Draw, choice
from pushnet.roles.registry.directory import Directory
from pushnet.roles.registry.roster import Roster
from pushnet.wire.identity import Identity

BALANCE_DEFAULT: Final = "random"
DUMMY: Final = "dummy"
"""The identity in answers of which only the endpoints count."""


class Lookups:
    """Names to proxy strings; empty strings and lists mean: not known."""

    def __init__(self, directory: Directory, roster: Roster, balance: Mapping[str, str], rng: Draw) -> None:
        """`balance`: group to kind of choice. Raises `ValueError` when one is unknown."""
        self._directory = directory
        self._roster = roster
        self._configured = {group: choice(kind, rng) for group, kind in balance.items()}
        self._otherwise = choice(BALANCE_DEFAULT, rng)
        self._rng = rng

    def adapter(self, name: str) -> str:
        """Endpoints of the adapter or of the chosen replicas of the group, as one proxy."""
        endpoints = self._directory.endpoints(name) or self._group(name)
        return f"{DUMMY}:{endpoints}" if endpoints else ""

    def _group(self, group: str) -> str:
        members = self._directory.members(group)
        if not members:
            return ""
        ordered = self._choice(group).order(members, self._loads(members))
        return ":".join(self._directory.endpoints(adapter_id) for adapter_id in ordered)

    def _choice(self, group: str) -> Choice:
        return self._configured.get(group, self._otherwise)

    def _loads(self, adapter_ids: Sequence[str]) -> dict[str, float]:
        loads: dict[str, float] = {}
        for adapter_id in adapter_ids:
            owner = self._directory.owner(adapter_id)
            load = self._roster.load_of(owner[1]) if owner and owner[0] == "node" else None
            if load is not None:
                loads[adapter_id] = load
        return loads

    def object(self, identity: Identity) -> str:
        return self._directory.proxy(identity)

    def objects_of_type(self, type_id: str) -> list[str]:
        return [self._directory.proxy(identity) for identity in self._directory.of_type(type_id)]

    def any_of_type(self, type_id: str) -> str:
        """One of the objects of that type, by chance."""
        known = self.objects_of_type(type_id)
        return self._rng.sample(known, 1)[0] if known else ""

    def least_loaded_of_type(self, type_id: str) -> str:
        """The object of that type on the node with the least load."""
        identities = self._directory.of_type(type_id)
        if not identities:
            return ""
        return self._directory.proxy(min(identities, key=self._least_load))

    def _least_load(self, identity: Identity) -> float:
        loads = (self._roster.load_of(name) for _, name in self._directory.owners(identity))
        return min(UNKNOWN_LOAD if load is None else load for load in loads)

    def replicas(self, group: str) -> list[tuple[str, str, str]]:
        """Adapter id, node (empty for a stock server) and proxy of each live replica, by adapter id."""
        found: list[tuple[str, str, str]] = []
        for adapter_id in self._directory.members(group):
            owner = self._directory.owner(adapter_id)
            node = owner[1] if owner and owner[0] == "node" else ""
            found.append((adapter_id, node, f"{DUMMY}:{self._directory.endpoints(adapter_id)}"))
        return found
