"""Who watches the grid: told how it stands, then each change, in order, one call at a time.

Observers are of five kinds, as IceGrid has them. One that does not answer, or is so slow that
`BEHIND_MAX` changes wait for it, is dropped: it has to ask for the whole picture again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from pushnet.gen.ice.icegrid_admin import ServerState
from pushnet.gen.ice.icegrid_observers import (
    AdapterDynamicInfo,
    AdapterObserverPrx,
    ApplicationObserverPrx,
    NodeDynamicInfo,
    NodeObserverPrx,
    ObjectObserverPrx,
    RegistryObserverPrx,
    ServerDynamicInfo,
)
from pushnet.gen.pushnet.server import ServerState as Told
from pushnet.roles.registry.admin import REGISTRY, AdminI, node_info, registry_info
from pushnet.roles.registry.admin_servers import dynamic
from pushnet.roles.registry.books import Books, Event, Member, What
from pushnet.roles.registry.records import NodeRecord, ObjectRecord
from pushnet.rpc.exceptions import LocalException
from pushnet.wire.identity import Identity
from pushnet.world import World

BEHIND_MAX: Final = 1000
CALL_LIMIT_MS: Final = 10_000

Call = Callable[[], Deferred[None]]


class Watching:
    """One observer: calls it, one after the other."""

    def __init__(self, world: World, who: str, gone: Callable[[Watching], object]) -> None:
        self._world = world
        self._who = who
        self._gone = gone
        self._waiting: list[Call] = []
        self._calling = False
        self._over = False
        self._log = Logger(namespace="pushnet.registry")

    def tell(self, call: Call) -> None:
        """Make this call after those before."""
        if self._over:
            return
        if len(self._waiting) >= BEHIND_MAX:
            self.end(f"{BEHIND_MAX} changes wait for it")
            return
        self._waiting.append(call)
        if not self._calling:
            self._next()

    def end(self, why: str = "") -> None:
        """Tell it nothing more."""
        if not self._over:
            self._over = True
            self._waiting.clear()
            if why:
                self._log.warn("observer {who} is dropped: {why}", who=self._who, why=why)
            self._gone(self)

    def _next(self) -> None:
        if not self._waiting or self._over:
            self._calling = False
            return
        self._calling = True
        work = self._waiting.pop(0)()
        work.addCallbacks(lambda _: self._next(), self._failed)
        self._world.background("registry.observer", work)

    def _failed(self, failure: Failure) -> None:
        failure.trap(LocalException)  # type: ignore[no-untyped-call]
        self.end(failure.getErrorMessage())


class Observers:
    """Everybody who watches one registry."""

    def __init__(self, world: World, books: Books, admin: AdminI) -> None:
        self._world = world
        self._books = books
        self._admin = admin
        self._nodes: dict[Watching, NodeObserverPrx] = {}
        self._registries: dict[Watching, RegistryObserverPrx] = {}
        self._adapters: dict[Watching, AdapterObserverPrx] = {}
        self._objects: dict[Watching, ObjectObserverPrx] = {}
        self._applications: dict[Watching, ApplicationObserverPrx] = {}
        books.followers.append(self._follow)

    def watches(self, identity: Identity) -> bool:
        """Whether an object of that identity is told anything already."""
        return any(prx.ice_getIdentity() == identity for kind in self._kinds() for prx in kind.values())

    def _kinds(self) -> Sequence[dict[Watching, Any]]:
        return (self._nodes, self._registries, self._adapters, self._objects, self._applications)

    def add_node(self, observer: NodeObserverPrx) -> Watching:
        prx = observer.ice_invocationTimeout(CALL_LIMIT_MS)
        run = self._admin.servers.states()
        members = [member for name, member in sorted(self._books.nodes.items()) if name not in run]
        nodes = [self._dynamic(member) for member in members]
        return self._begin(self._nodes, prx, lambda: prx.nodeInit(nodes))

    def add_registry(self, observer: RegistryObserverPrx) -> Watching:
        prx = observer.ice_invocationTimeout(CALL_LIMIT_MS)
        infos = [registry_info(m) for _, m in sorted(self._books.nodes.items()) if m.record.role == REGISTRY]
        return self._begin(self._registries, prx, lambda: prx.registryInit(infos))

    def add_adapter(self, observer: AdapterObserverPrx) -> Watching:
        """Told of stock servers' adapters; a node's are told with the node. As IceGrid does."""
        prx = observer.ice_invocationTimeout(CALL_LIMIT_MS)
        infos = [self._admin.adapter_info(name) for name in sorted(self._books.strangers)]
        return self._begin(self._adapters, prx, lambda: prx.adapterInit(infos))

    def add_object(self, observer: ObjectObserverPrx) -> Watching:
        """Told of objects that were added; a node's go with the node. As IceGrid does."""
        prx = observer.ice_invocationTimeout(CALL_LIMIT_MS)
        infos = [self._admin.object_info(identity) for identity in self._books.objects]
        return self._begin(self._objects, prx, lambda: prx.objectInit(infos))

    def add_application(self, observer: ApplicationObserverPrx) -> Watching:
        prx = observer.ice_invocationTimeout(CALL_LIMIT_MS)
        return self._begin(self._applications, prx, lambda: prx.applicationInit(0, []))

    def _begin(self, kind: dict[Watching, Any], prx: Any, init: Call) -> Watching:
        watching = Watching(self._world, str(prx), lambda over: kind.pop(over, None))
        kind[watching] = prx
        watching.tell(init)
        return watching

    def _follow(self, event: Event) -> None:
        if event.what in (What.node_up, What.node_down) and isinstance(event.record, NodeRecord):
            self._node_changed(event, event.record)
        elif event.what in (What.adapter_added, What.adapter_updated, What.adapter_removed):
            self._adapter_changed(event)
        elif isinstance(event.record, ObjectRecord):
            self._object_changed(event.what, event.record)

    def _node_changed(self, event: Event, record: NodeRecord) -> None:
        up = event.what is What.node_up
        run = self._admin.servers.find(event.name) if self._nodes else None
        if run is not None:
            self._server_adapters(run.agent, record, up=up)
        for watching, prx in list(self._nodes.items()) if run is None else ():
            if up:
                info = self._dynamic(self._books.nodes[event.name])
                watching.tell(lambda prx=prx, info=info: prx.nodeUp(info))  # type: ignore[misc]
            else:
                watching.tell(lambda prx=prx: prx.nodeDown(event.name))  # type: ignore[misc]
        for watching, observer in list(self._registries.items()) if record.role == REGISTRY else ():
            if up:
                told = registry_info(self._books.nodes[event.name])
                watching.tell(lambda prx=observer, told=told: prx.registryUp(told))  # type: ignore[misc]
            else:
                watching.tell(lambda prx=observer: prx.registryDown(event.name))  # type: ignore[misc]

    def _adapter_changed(self, event: Event) -> None:
        for watching, prx in list(self._adapters.items()):
            if event.what is What.adapter_removed:
                watching.tell(lambda prx=prx: prx.adapterRemoved(event.name))  # type: ignore[misc]
                continue
            info = self._admin.adapter_info(event.name)
            if event.what is What.adapter_added:
                watching.tell(lambda prx=prx, info=info: prx.adapterAdded(info))  # type: ignore[misc]
            else:
                watching.tell(lambda prx=prx, info=info: prx.adapterUpdated(info))  # type: ignore[misc]

    def _object_changed(self, what: What, record: ObjectRecord) -> None:
        for watching, prx in list(self._objects.items()):
            if what is What.object_removed:
                watching.tell(lambda prx=prx: prx.objectRemoved(record.identity))  # type: ignore[misc]
                continue
            info = self._admin.object_info(record.identity)
            if what is What.object_added:
                watching.tell(lambda prx=prx, info=info: prx.objectAdded(info))  # type: ignore[misc]
            else:
                watching.tell(lambda prx=prx, info=info: prx.objectUpdated(info))  # type: ignore[misc]

    def _dynamic(self, member: Member) -> NodeDynamicInfo:
        """A node with itself as its server, and the servers that it runs as an agent; with their adapters."""
        record = member.record
        servers = [ServerDynamicInfo(record.name, ServerState.Active, record.pid, True)]
        adapters = self._adapters_of(record)
        for state in self._admin.servers.of(record.name):
            servers.append(dynamic(state))
            there = self._books.nodes.get(state.id)
            adapters += self._adapters_of(there.record) if there is not None else []
        return NodeDynamicInfo(node_info(member), servers, adapters)

    def _adapters_of(self, record: NodeRecord) -> list[AdapterDynamicInfo]:
        ids = dict.fromkeys(adapter.id for adapter in record.adapters)
        return [AdapterDynamicInfo(name, self._admin.adapter_info(name).proxy) for name in ids]

    def _server_adapters(self, agent: str, record: NodeRecord, *, up: bool) -> None:
        """A node that an agent runs came or went: its adapters are those of the agent's node."""
        if up:
            infos = self._adapters_of(record)
        else:
            infos = [AdapterDynamicInfo(name) for name in dict.fromkeys(each.id for each in record.adapters)]
        for watching, prx in list(self._nodes.items()):
            for info in infos:
                watching.tell(lambda prx=prx, info=info: prx.updateAdapter(agent, info))  # type: ignore[misc]

    def reported(self, agent: str, before: Sequence[Told], now: Sequence[Told]) -> None:
        """An agent's servers have changed: tell each that has."""
        known = {state.id: dynamic(state) for state in before}
        infos = [dynamic(state) for state in now]
        gone = [known[name] for name in known if not any(info.id == name for info in infos)]
        news = [info for info in infos if known.get(info.id) != info]
        news += [ServerDynamicInfo(info.id, ServerState.Destroyed, 0, False) for info in gone]
        for watching, prx in list(self._nodes.items()):
            for info in news:
                watching.tell(lambda prx=prx, info=info: prx.updateServer(agent, info))  # type: ignore[misc]
