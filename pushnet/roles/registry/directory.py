"""The index of what can be found: adapters, replica groups, well-known objects, types.

Everything is entered and taken out by owner, one owner at a time. Several owners may name the same object
(each replica does), provided they say the same of it; an adapter id has one owner. Adapter ids and groups
share one name space, because a lookup does not say which it means. `clash` is asked before `put`.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Sequence
from typing import TypeAlias

import attrs

from pushnet.roles.registry.records import AdapterRecord, ObjectRecord
from pushnet.wire.identity import Identity

Owner: TypeAlias = tuple[str, str]
"""What kind of owner, and its name: `("node", "broker-1")`, `("adapter", "Stock")`."""


@attrs.define
class _Entry:
    adapters: Sequence[AdapterRecord]
    objects: Sequence[ObjectRecord]


class Directory:
    """Names to endpoints. Lists are sorted, so that equal contents answer equally."""

    def __init__(self) -> None:
        self._entries: dict[Owner, _Entry] = {}
        self._adapters: dict[str, tuple[Owner, str]] = {}
        self._groups: dict[str, list[str]] = {}
        self._objects: dict[Identity, dict[Owner, ObjectRecord]] = {}
        self._types: dict[str, dict[Identity, None]] = {}
        self.moved: Callable[[str], object] = _nobody
        """Told the name of each adapter and group that is entered or taken out."""
        self.moved_object: Callable[[Identity], object] = _nobody
        """Told the identity of each object likewise."""

    def clash(self, owner: Owner, adapters: Sequence[AdapterRecord], objects: Sequence[ObjectRecord]) -> str:
        """Why `owner` cannot enter these beside what others have entered; empty when it can."""
        own: dict[str, str] = {}
        own_groups = {adapter.group for adapter in adapters}
        for adapter in adapters:
            held = self._adapters.get(adapter.id)
            if held is not None and held[0] != owner:
                return f"adapter {adapter.id} belongs to {held[0][1]}, which is alive"
            if own.setdefault(adapter.id, adapter.endpoints) != adapter.endpoints:
                return f"adapter {adapter.id} is given twice with different endpoints"
            if adapter.id in own_groups or adapter.id in self._groups or adapter.group in self._adapters:
                return f"adapter {adapter.id} in group {adapter.group!r}: a group and an adapter share a name"
        for known in objects:
            for other, record in self._objects.get(known.identity, {}).items():
                if other != owner and record != known:
                    return (
                        f"{other[1]}, which is alive, says of object {known.proxy} that it is {record.proxy}"
                    )
        return ""

    def put(self, owner: Owner, adapters: Sequence[AdapterRecord], objects: Sequence[ObjectRecord]) -> None:
        """Enter what `owner` offers, in place of what it offered before."""
        self.drop(owner)
        self._entries[owner] = _Entry(adapters, objects)
        for adapter in adapters:
            self._adapters[adapter.id] = (owner, adapter.endpoints)
            if adapter.group:
                group = self._groups.setdefault(adapter.group, [])
                if adapter.id not in group:
                    insort(group, adapter.id)
        self._tell(adapters, objects)
        for known in objects:
            self._objects.setdefault(known.identity, {})[owner] = known
            self._types.setdefault(known.type_id, {})[known.identity] = None

    def drop(self, owner: Owner) -> None:
        """Take out everything of `owner`; nothing happens when there is nothing."""
        entry = self._entries.pop(owner, None)
        if entry is None:
            return
        for adapter in entry.adapters:
            self._adapters.pop(adapter.id, None)
            self._ungroup(adapter)
        self._tell(entry.adapters, entry.objects)
        for known in entry.objects:
            self._forget(owner, known)

    def _tell(self, adapters: Sequence[AdapterRecord], objects: Sequence[ObjectRecord]) -> None:
        for adapter in adapters:
            self.moved(adapter.id)
            if adapter.group:
                self.moved(adapter.group)
        for known in objects:
            self.moved_object(known.identity)

    def _ungroup(self, adapter: AdapterRecord) -> None:
        group = self._groups.get(adapter.group, [])
        if adapter.id in group:
            group.remove(adapter.id)
            if not group:
                del self._groups[adapter.group]

    def _forget(self, owner: Owner, known: ObjectRecord) -> None:
        records = self._objects.get(known.identity, {})
        records.pop(owner, None)
        if not records and self._objects.pop(known.identity, None) is not None:
            identities = self._types[known.type_id]
            identities.pop(known.identity, None)
            if not identities:
                del self._types[known.type_id]

    def endpoints(self, adapter_id: str) -> str:
        """The endpoints of an adapter; empty when it is unknown."""
        held = self._adapters.get(adapter_id)
        return held[1] if held else ""

    def owner(self, adapter_id: str) -> Owner | None:
        held = self._adapters.get(adapter_id)
        return held[0] if held else None

    def members(self, group: str) -> list[str]:
        """The adapter ids of a replica group, sorted; empty when there is no such group."""
        return list(self._groups.get(group, ()))

    def groups_of(self, adapter_id: str) -> list[str]:
        """The groups an adapter is in."""
        owner = self.owner(adapter_id)
        entry = self._entries.get(owner) if owner else None
        return [a.group for a in entry.adapters if a.id == adapter_id and a.group] if entry else []

    def adapter_ids(self) -> list[str]:
        return sorted(self._adapters)

    def identities(self) -> list[Identity]:
        """Every well-known object, sorted."""
        return sorted(self._objects, key=lambda identity: (identity.category, identity.name))

    def type_id(self, identity: Identity) -> str:
        """The type of a well-known object; empty when it is unknown."""
        records = self._objects.get(identity)
        return next(iter(records.values())).type_id if records else ""

    def groups(self) -> list[str]:
        return sorted(self._groups)

    def proxy(self, identity: Identity) -> str:
        """The proxy of a well-known object; empty when it is unknown."""
        records = self._objects.get(identity)
        return next(iter(records.values())).proxy if records else ""

    def owners(self, identity: Identity) -> list[Owner]:
        """Who says that this object exists, sorted."""
        return sorted(self._objects.get(identity, ()))

    def of_type(self, type_id: str) -> list[Identity]:
        """The well-known objects of a type, sorted."""
        return sorted(self._types.get(type_id, ()), key=lambda identity: (identity.category, identity.name))

    def counts(self) -> tuple[int, int, int]:
        """How many adapters, groups and objects there are."""
        return len(self._adapters), len(self._groups), len(self._objects)


def _nobody(name: object) -> None:
    """Nobody wants to know."""
