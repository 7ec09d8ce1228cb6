"""What a lookup is answered with, as Ice's proxy strings.

A lookup of an adapter id answers its endpoints, one of a replica group those of some replicas, chosen and
ordered as the group's policy tells (`pushnet.grid.balance`). A group in a ring is looked up as `group#key`.
A well-known object is answered with the proxy it was entered with, usually `identity@group`, which the
caller looks up in a second step and caches separately: the object is found once, the group again whenever a
replica fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import attrs

from pushnet.grid.balance import ANYBODY, SAMPLES, Asker, Draw, Policy, Replica
from pushnet.grid.groups import Group
from pushnet.roles.registry.books import Books, Event, What
from pushnet.roles.registry.readings import Reading
from pushnet.roles.registry.records import AdapterRecord, NodeRecord
from pushnet.wire.identity import Identity
from pushnet.wire.proxy_text import parse_proxy

DEFAULT: Final = Policy()
DUMMY: Final = "dummy"
"""The identity in answers of which only the endpoints count."""
KEY_MARK: Final = "#"
"""Between a group and the key of a sharded lookup."""
OWN_GROUPS: Final = ("Broker", "Gateway", "TagAlias")
"""Of our roles, which may be balanced before one of them has joined."""


@attrs.frozen
class Found:
    """An answer, and how often answers may be made before they are given again: 0: it is not to be kept."""

    proxy: str
    turn: int


class Lookups:
    """Names to proxy strings; empty strings and lists mean: not known. Times are monotonic seconds."""

    def __init__(
        self, books: Books, policies: Mapping[str, Policy], rng: Draw, now: Callable[[], float]
    ) -> None:
        """`policies`: of groups that the configuration names; those in the books go before."""
        self._books = books
        self._directory = books.directory
        self._configured = policies
        self._groups: dict[str, Group] = {}
        self._rng = rng
        self._now = now
        self.moved: Callable[[str], object] = _nobody
        """Told the name of each adapter and group whose answers are no longer what they were."""
        self.moved_object: Callable[[Identity], object] = _nobody
        """Told the identity of each object likewise."""
        self.home: Callable[[str], Replica | None] = _nowhere
        """What is known of a replica that is no node's."""
        self._directory.moved = lambda name: self.moved(name)
        self._directory.moved_object = lambda identity: self.moved_object(identity)
        books.followers.append(self._follow)

    def adapter(self, name: str, asker: Asker = ANYBODY) -> Found | None:
        """Endpoints of the adapter or of the chosen replicas of the group, as one proxy; None: not known."""
        endpoints = self._directory.endpoints(name)
        if endpoints:
            return Found(f"{DUMMY}:{endpoints}", 1)
        members = self._directory.members(name)
        if not members and KEY_MARK in name:
            name, _, key = name.partition(KEY_MARK)
            members = self._directory.members(name)
            asker = attrs.evolve(asker, key=key)
        if not members:
            return None
        group = self.group(name)
        replicas = [self._replica(adapter_id) for adapter_id in members]
        now = self._now()
        chosen = group.answer(replicas, asker, now)
        joined = ":".join(self._directory.endpoints(replica.name) for replica in chosen)
        return Found(f"{DUMMY}:{joined}", group.repeats_after(replicas, now))

    def group(self, name: str) -> Group:
        """The group at work; made when first asked for."""
        group = self._groups.get(name)
        if group is None:
            group = self._groups[name] = Group(self.policy(name), self._rng)
        return group

    def policy(self, name: str) -> Policy:
        """How the group is balanced now."""
        kept = self._books.policies.get(name)
        return kept[0] if kept else self._configured.get(name, DEFAULT)

    def configure(self, policies: Mapping[str, Policy]) -> None:
        """Other policies of groups that the configuration names, from now on."""
        changed = sorted({*self._configured, *policies})
        self._configured = policies
        for name in changed:
            self._rebalance(name)

    def _rebalance(self, name: str) -> None:
        if name in self._groups:
            self._groups[name].change(self.policy(name))
        self.moved(name)

    def policies(self) -> dict[str, Policy]:
        """Of the groups that are not left to the default, by name."""
        names = sorted({*self._configured, *self._books.policies})
        return {name: self.policy(name) for name in names}

    def groups(self) -> list[str]:
        """Every group that there is: of our own roles, balanced by somebody, or with a member now."""
        return sorted({*OWN_GROUPS, *self.policies(), *self._directory.groups()})

    def told(self, name: str, reading: Reading) -> None:
        """A node has told its readings: note who is slow, and what is no longer as it was."""
        member = self._books.nodes.get(name)
        for adapter in member.record.adapters if member else ():
            if adapter.group:
                self.heard(adapter.group, adapter.id, reading)

    def failed(self, adapter_id: str) -> None:
        """A replica did not answer when it was probed."""
        self._judged(adapter_id, lambda group, now: group.outliers.failed(adapter_id, now))
        self._judged(adapter_id, lambda group, now: group.outliers.fell_silent(adapter_id, now))

    def answered(self, adapter_id: str) -> None:
        """A replica answered when it was probed."""
        self._judged(adapter_id, lambda group, now: group.outliers.succeeded(adapter_id, now))

    def _judged(self, adapter_id: str, judge: Callable[[Group, float], object]) -> None:
        for name in self._directory.groups_of(adapter_id):
            group = self.group(name)
            before = group.outliers.fitness(adapter_id, self._now())
            judge(group, self._now())
            if group.outliers.fitness(adapter_id, self._now()) is not before:
                self.moved(name)

    def heard(self, name: str, adapter_id: str, reading: Reading) -> None:
        """A replica of the group has told its readings, or somebody has told them of it."""
        group, now = self.group(name), self._now()
        before = group.outliers.fitness(adapter_id, now)
        if reading.latency_s is not None:
            group.outliers.measured(adapter_id, reading.latency_s, now, certain=reading.is_busy)
        if group.by_load or group.outliers.fitness(adapter_id, now) is not before:
            self.moved(name)

    def _replica(self, adapter_id: str) -> Replica:
        owner = self._directory.owner(adapter_id)
        member = self._books.nodes.get(owner[1]) if owner and owner[0] == "node" else None
        if member is None:
            return self.home(adapter_id) or Replica(adapter_id)
        record, reading = member.record, self._books.readings.of(member.record.name)
        if reading is None:
            return Replica(adapter_id, record.region, record.zone)
        return Replica(
            adapter_id,
            record.region,
            record.zone,
            reading.load,
            reading.loads,
            reading.gauges.get("connections", 0.0),
            reading.report,
        )

    def _follow(self, event: Event) -> None:
        if event.what is What.policy:
            self._rebalance(event.name)
        elif event.what in (What.node_up, What.node_down, What.adapter_removed, What.adapter_updated):
            self._forget_fitness(event)

    def _forget_fitness(self, event: Event) -> None:
        """Another process stands behind the adapters, or none."""
        record = event.record
        adapters = record.adapters if isinstance(record, NodeRecord) else (record,)
        for adapter in adapters:
            if not isinstance(adapter, AdapterRecord):
                continue
            group = self._groups.get(adapter.group)
            if group is not None:
                group.outliers.forget(adapter.id)

    def object(self, identity: Identity) -> str:
        return self._directory.proxy(identity)

    def objects_of_type(self, type_id: str) -> list[str]:
        return [self._directory.proxy(identity) for identity in self._directory.of_type(type_id)]

    def any_of_type(self, type_id: str) -> str:
        """One of the objects of that type, by chance."""
        known = self.objects_of_type(type_id)
        return self._rng.sample(known, 1)[0] if known else ""

    def least_loaded_of_type(self, type_id: str, minutes: int) -> str:
        """The object of that type on the node with the least load over so many minutes."""
        identities = self._directory.of_type(type_id)
        if not identities:
            return ""
        sample = SAMPLES.index(minutes)
        return self._directory.proxy(min(identities, key=lambda identity: self._least_load(identity, sample)))

    def _least_load(self, identity: Identity, sample: int) -> float:
        """Of the nodes that have the object, or of the replicas that its proxy leads to."""
        owners = self._directory.owners(identity)
        names = [name for kind, name in owners if kind == "node"]
        if names:
            return min(self._books.readings.averages(name)[sample] for name in names)
        proxy = parse_proxy(self._directory.proxy(identity))
        place = proxy.adapter_id if proxy is not None else ""
        replicas = self._directory.members(place) or [place]
        return min(self._replica(name).loads[sample] for name in replicas)

    def replicas(self, group: str) -> list[tuple[str, str, str]]:
        """Adapter id, node (empty for a stock server) and proxy of each live replica, by adapter id."""
        found: list[tuple[str, str, str]] = []
        for adapter_id in self._directory.members(group):
            owner = self._directory.owner(adapter_id)
            node = owner[1] if owner and owner[0] == "node" else ""
            found.append((adapter_id, node, f"{DUMMY}:{self._directory.endpoints(adapter_id)}"))
        return found


def _nobody(name: object) -> None:
    """Nobody keeps answers."""


def _nowhere(adapter_id: str) -> None:
    """Nothing is known of it."""
