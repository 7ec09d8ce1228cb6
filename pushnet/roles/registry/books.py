"""Everything the registry knows, as its state told it: nodes, stock servers' adapters, objects, policies.

The books are a mirror: they change only when the state tells a change, so they hold what is on disk and what
every registry of the grid knows or is about to. Who wants to follow is told of each change by an `Event`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum, auto
from typing import Final

import attrs
import msgspec
from twisted.logger import Logger

from pushnet.grid.balance import Policy
from pushnet.roles.registry.directory import Directory, Owner
from pushnet.roles.registry.papers import KINDS, Papers
from pushnet.roles.registry.readings import Readings
from pushnet.roles.registry.records import AdapterRecord, NodeRecord, ObjectRecord, ProcessRecord
from pushnet.stores.registry.state import Entry
from pushnet.wire.identity import Identity, identityToString

NODE: Final = "node/"
ADAPTER: Final = "adapter/"
OBJECT: Final = "object/"
PROCESS: Final = "process/"
POLICY: Final = "policy/"


class What(Enum):
    """What has changed."""

    node_up = auto()
    node_down = auto()
    adapter_added = auto()
    adapter_updated = auto()
    adapter_removed = auto()
    object_added = auto()
    object_updated = auto()
    object_removed = auto()
    process_entered = auto()
    process_removed = auto()
    policy = auto()


@attrs.frozen
class Event:
    """One change: of a node, an adapter, an object, a process, by name (of an object its identity)."""

    what: What
    name: str
    record: NodeRecord | AdapterRecord | ObjectRecord | ProcessRecord | None = None
    lapsed: bool = False


@attrs.frozen
class Member:
    """A node that is in."""

    record: NodeRecord
    epoch: int
    lease: str
    since: float


@attrs.frozen
class Stranger:
    """An adapter of a stock server; `epoch` tells this registration of the id from later ones."""

    adapter: AdapterRecord
    epoch: int
    lease: str


@attrs.frozen
class Fixed:
    """A well-known object that an administrator added."""

    record: ObjectRecord
    revision: int


@attrs.frozen
class Process:
    """A server that can be asked to end."""

    record: ProcessRecord
    revision: int
    lease: str


class Books:
    """The mirror of a registry's state. Implements its `Watcher`."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.directory = Directory()
        self.readings = Readings()
        self.nodes: dict[str, Member] = {}
        self.strangers: dict[str, Stranger] = {}
        self.objects: dict[Identity, Fixed] = {}
        self.processes: dict[str, Process] = {}
        self.policies: dict[str, tuple[Policy, int]] = {}
        self.papers = Papers()
        self._places: dict[str, dict[str, None]] = {}
        self.revision = 0
        """The highest told."""
        self.listeners: list[Callable[[str, str], object]] = []
        """Told the notes of other registries that are not about readings: by whom, and the text."""
        self.followers: list[Callable[[Event], object]] = []
        self._now = now
        self._log = Logger(namespace="pushnet.registry")

    def reset(self, entries: Sequence[Entry]) -> None:
        """What was told before and is not among `entries` is gone, what is the same stays as it is."""
        told = {entry.key: entry.revision for entry in entries}
        for entry in [entry for entry in self._entries() if told.get(entry.key) != entry.revision]:
            if entry.key not in told:
                self.gone(entry, lapsed=True)
        known = {entry.key: entry.revision for entry in self._entries()}
        for entry in sorted(entries, key=lambda entry: entry.revision):
            if known.get(entry.key) != entry.revision:
                self.put(entry)

    def put(self, entry: Entry) -> None:
        self.revision = max(self.revision, entry.revision)
        kind, _, name = entry.key.partition("/")
        if kind + "/" in KINDS:
            self.papers.put(entry)
            return
        try:
            {
                NODE: self._node,
                ADAPTER: self._stranger,
                OBJECT: self._object,
                PROCESS: self._process,
                POLICY: self._policy,
            }[kind + "/"](name, entry)
        except (KeyError, msgspec.MsgspecError, ValueError) as error:
            self._log.error(
                "entry {key} is not understood, left out: {error}", key=entry.key, error=str(error)
            )

    def gone(self, entry: Entry, lapsed: bool) -> None:
        kind, _, name = entry.key.partition("/")
        if kind + "/" in KINDS:
            self.papers.gone(entry.key)
        elif kind + "/" == NODE and name in self.nodes:
            member = self.nodes.pop(name)
            self.directory.drop(node_owner(name))
            self.readings.forget(name)
            self._tell(Event(What.node_down, name, member.record, lapsed))
        elif kind + "/" == ADAPTER and name in self.strangers:
            stranger = self.strangers.pop(name)
            self._unplace(stranger.adapter)
            self.directory.drop(stranger_owner(name))
            self._tell(Event(What.adapter_removed, name, stranger.adapter, lapsed))
        elif kind + "/" == OBJECT:
            self._object_gone(name)
        elif kind + "/" == PROCESS and name in self.processes:
            process = self.processes.pop(name)
            self._tell(Event(What.process_removed, name, process.record, lapsed))
        elif kind + "/" == POLICY and self.policies.pop(name, None) is not None:
            self._tell(Event(What.policy, name))

    def note(self, who: str, text: str) -> None:
        """The readings of nodes that renew at another registry; and what else a registry tells the others."""
        if "/" in who:
            for listener in list(self.listeners):
                listener(who, text)
            return
        try:
            told = msgspec.json.decode(text, type=dict[str, dict[str, float]])
        except msgspec.MsgspecError:
            return
        for name, gauges in told.items():
            if name in self.nodes:
                self.readings.told(name, gauges, self._now())

    def strangers_at(self, endpoints: str) -> list[Stranger]:
        """The adapters of stock servers at one place."""
        return [self.strangers[name] for name in self._places.get(endpoints, ()) if name in self.strangers]

    def processes_at(self, endpoints: str) -> list[Process]:
        return [process for process in self.processes.values() if process.record.endpoints == endpoints]

    def places(self) -> list[str]:
        """The endpoints of every stock server, each once."""
        processes = dict.fromkeys(process.record.endpoints for process in self.processes.values())
        return list(dict.fromkeys([*self._places, *processes]))

    def lease_at(self, endpoints: str) -> str:
        """The lease that something at this place is under; empty when there is none."""
        for name in self._places.get(endpoints, ()):
            return self.strangers[name].lease
        return next((process.lease for process in self.processes_at(endpoints)), "")

    def _node(self, name: str, entry: Entry) -> None:
        record = NodeRecord.from_json(entry.value)
        self.nodes[name] = Member(record, entry.revision, entry.lease, self._now())
        self.readings.forget(name)
        self.directory.put(node_owner(name), record.adapters, record.objects)
        self._tell(Event(What.node_up, name, record))

    def _stranger(self, name: str, entry: Entry) -> None:
        adapter = msgspec.json.decode(entry.value, type=AdapterRecord)
        known = self.strangers.get(name)
        what = What.adapter_updated if known else What.adapter_added
        if known:
            self._unplace(known.adapter)
        self._places.setdefault(adapter.endpoints, {})[name] = None
        self.strangers[name] = Stranger(adapter, entry.revision, entry.lease)
        self.directory.put(stranger_owner(name), [adapter], ())
        self._tell(Event(what, name, adapter))

    def _unplace(self, adapter: AdapterRecord) -> None:
        here = self._places[adapter.endpoints]
        here.pop(adapter.id, None)
        if not here:
            del self._places[adapter.endpoints]

    def _object(self, name: str, entry: Entry) -> None:
        record = msgspec.json.decode(entry.value, type=ObjectRecord)
        what = What.object_updated if record.identity in self.objects else What.object_added
        self.objects[record.identity] = Fixed(record, entry.revision)
        self.directory.put(fixed_owner(name), (), [record])
        self._tell(Event(what, name, record))

    def _object_gone(self, name: str) -> None:
        for identity, fixed in list(self.objects.items()):
            if object_name(identity) == name:
                del self.objects[identity]
                self.directory.drop(fixed_owner(name))
                self._tell(Event(What.object_removed, name, fixed.record))

    def _process(self, name: str, entry: Entry) -> None:
        record = msgspec.json.decode(entry.value, type=ProcessRecord)
        self.processes[name] = Process(record, entry.revision, entry.lease)
        self._tell(Event(What.process_entered, name, record))

    def _policy(self, name: str, entry: Entry) -> None:
        self.policies[name] = (msgspec.json.decode(entry.value, type=Policy), entry.revision)
        self._tell(Event(What.policy, name))

    def _tell(self, event: Event) -> None:
        for follower in list(self.followers):
            follower(event)

    def _entries(self) -> Iterable[Entry]:
        """What is in the books, as far as it takes to see what has changed."""
        yield from [Entry(NODE + name, "", m.epoch, m.lease) for name, m in self.nodes.items()]
        yield from [Entry(ADAPTER + name, "", s.epoch, s.lease) for name, s in self.strangers.items()]
        yield from [Entry(OBJECT + object_name(i), "", f.revision) for i, f in self.objects.items()]
        yield from [Entry(PROCESS + name, "", p.revision, p.lease) for name, p in self.processes.items()]
        yield from [Entry(POLICY + name, "", revision) for name, (_, revision) in self.policies.items()]
        yield from self.papers.entries()


def object_name(identity: Identity) -> str:
    """How an object is called in the state."""
    return identityToString(identity)


def node_owner(name: str) -> Owner:
    """How a node is called in the directory."""
    return ("node", name)


def stranger_owner(adapter_id: str) -> Owner:
    return ("adapter", adapter_id)


def fixed_owner(name: str) -> Owner:
    return ("object", name)
