"""`IceGrid::Admin`: what administrators ask of the grid, and the objects they add to it.

What an agent runs is a server of the agent's node (`admin_servers`). Any other node stands for both an
IceGrid node and its one server; a stock server that registered its `Ice::Process` is a server without a node.
Deployment is not done here: what would deploy is refused, and says what to use.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Final

import attrs
from twisted.internet.task import deferLater

from pushnet.gen.ice.icegrid_admin import (
    AdapterInfo,
    AdminServant,
    LoadInfo,
    NodeInfo,
    ObjectInfo,
    RegistryInfo,
    ServerInfo,
    ServerState,
)
from pushnet.gen.ice.icegrid_descriptors import AdapterDescriptor, ServerDescriptor
from pushnet.gen.ice.icegrid_exceptions import (
    AdapterNotExistException,
    BadSignalException,
    DeploymentException,
    NodeNotExistException,
    NodeUnreachableException,
    ObjectExistsException,
    ObjectNotRegisteredException,
    RegistryNotExistException,
    RegistryUnreachableException,
    ServerNotExistException,
    ServerStartException,
    ServerStopException,
)
from pushnet.gen.ice.process import ProcessPrx
from pushnet.gen.pushnet.server import ServerPhase
from pushnet.roles.registry.admin_applications import INSTEAD, undeployable
from pushnet.roles.registry.admin_ending import CannotEnd, end_node
from pushnet.roles.registry.admin_router import ServerAdmins, category_of
from pushnet.roles.registry.admin_servers import STATES, AgentServers
from pushnet.roles.registry.books import Books, Member
from pushnet.roles.registry.desk import Desk
from pushnet.roles.registry.ledger import Refused
from pushnet.roles.registry.lookups import DUMMY
from pushnet.roles.registry.own import TYPES
from pushnet.roles.registry.records import ObjectRecord
from pushnet.roles.registry.writing import NotSaved
from pushnet.rpc.exceptions import LocalException, UnknownException
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.wire.identity import Identity, identityToString

STOP_LIMIT_S: Final = 60.0
"""IceGrid's default for how long a server may take to end."""
STOP_LOOK_S: Final = 0.1
CALL_LIMIT_MS: Final = 5000
REGISTRY: Final = "registry"


class AdminI(AdminServant):
    """Serves every administrator's session of one registry."""

    def __init__(self, desk: Desk, servers: AgentServers) -> None:
        self._desk = desk
        self.servers = servers
        self._ledger = desk.ledger
        self._books: Books = desk.ledger.books
        self.router = ServerAdmins(self._books, desk.ledger.lookups, desk.proxies)
        self._disabled: dict[str, None] = {}

    def getAllApplicationNames(self, current: Current | None = None) -> list[str]:
        """There are none: a grid is described by its cluster file."""
        return []

    # Servers.

    def getAllServerIds(self, current: Current | None = None) -> list[str]:
        return sorted({*self._books.nodes, *self._books.processes, *self.servers.states()})

    def getServerInfo(self, id: str, current: Current | None = None) -> ServerInfo:
        state = self.servers.find(id)
        if state is not None:
            return ServerInfo("", "", 0, state.agent, self.servers.descriptor(state), "")
        self._check_server(id)
        member = self._books.nodes.get(id)
        return ServerInfo("", "", 0, id if member else "", _descriptor(id, member), "")

    def getServerState(self, id: str, current: Current | None = None) -> ServerState:
        state = self.servers.find(id)
        if state is not None:
            return STATES[state.phase]
        self._check_server(id)
        return ServerState.Active

    def getServerPid(self, id: str, current: Current | None = None) -> int:
        """0 for a stock server that no agent runs, which tells none."""
        state = self.servers.find(id)
        if state is not None:
            return state.pid
        self._check_server(id)
        member = self._books.nodes.get(id)
        return member.record.pid if member else 0

    def isServerEnabled(self, id: str, current: Current | None = None) -> bool:
        """One that has failed is disabled: nobody starts it before somebody says so."""
        state = self.servers.find(id)
        if state is not None:
            return state.phase is not ServerPhase.Failed and id not in self._disabled
        self._check_server(id)
        return True

    async def enableServer(self, id: str, enabled: bool, current: Current | None = None) -> None:
        """One that is disabled is ended, and rests until somebody enables it and has it started."""
        state = self.servers.find(id)
        if state is None:
            self._check_server(id)
            raise DeploymentException("no agent runs it: whoever starts it decides")
        if enabled:
            self._disabled.pop(id, None)
            return
        self._disabled[id] = None
        try:
            await self.servers.stop(state)
        except ServerStopException as error:
            raise DeploymentException(error.reason) from error

    def patchServer(self, id: str, shutdown: bool, current: Current | None = None) -> None:
        self._check_server(id)
        raise DeploymentException(INSTEAD)

    def getServerAdminCategory(self, current: Current | None = None) -> str:
        """The session's own."""
        assert current is not None
        return category_of(current.id)

    def getServerAdmin(self, id: str, current: Current | None = None) -> ObjectPrx | None:
        """Through this registry; whatever the server has told of is there."""
        self._check_server(id)
        return self._routed(id, current)

    def _routed(self, name: str, current: Current | None) -> ObjectPrx | None:
        assert current is not None
        registry = self._desk.own.registry
        return registry.ice_identity(Identity(name, category_of(current.id))) if registry else None

    async def startServer(self, id: str, current: Current | None = None) -> None:
        """Answers when it serves."""
        state = self.servers.find(id)
        if state is not None and id in self._disabled:
            raise ServerStartException(id, "the server is disabled")
        if state is not None:
            await self.servers.start(state)
            return
        self._check_server(id)
        raise ServerStartException(id, "it runs")

    async def stopServer(self, id: str, current: Current | None = None) -> None:
        """Ask the server's agent, or its process, to have it end, and answer when it has gone."""
        state = self.servers.find(id)
        if state is not None:
            await self.servers.stop(state)
            return
        self._check_server(id)
        process = self._books.processes.get(id)
        if process is None:
            await self._stop_node(id)
            return
        proxy = ProcessPrx.uncheckedCast(self._desk.proxies.proxy(process.record.proxy))
        assert proxy is not None
        try:
            await proxy.ice_invocationTimeout(CALL_LIMIT_MS).shutdown()
        except LocalException as error:
            raise ServerStopException(id, f"it does not answer: {error}") from error
        until = self._desk.world.monotonic() + STOP_LIMIT_S
        while self._answers(id) and self._desk.world.monotonic() < until:
            if await _is_gone(proxy):
                await self._ledger.found_gone(process.record.endpoints)
                return
            await deferLater(self._desk.world.clock, STOP_LOOK_S)
        if self._answers(id):
            raise ServerStopException(id, f"it has not ended within {STOP_LIMIT_S:.0f} s")

    async def _stop_node(self, name: str) -> None:
        """Answers when it has left, or its lease is over."""
        if self._node(name).record.role == REGISTRY:
            raise ServerStopException(name, f"it is a registry: `registry shutdown {name}`")
        epoch = self._books.nodes[name].epoch
        try:
            await self._end(name)
        except CannotEnd as error:
            raise ServerStopException(name, str(error)) from error
        until = self._desk.world.monotonic() + STOP_LIMIT_S
        while name in self._books.nodes and self._books.nodes[name].epoch == epoch:
            if self._desk.world.monotonic() > until:
                raise ServerStopException(name, f"it has not ended within {STOP_LIMIT_S:.0f} s")
            await deferLater(self._desk.world.clock, STOP_LOOK_S)

    async def _end(self, name: str) -> None:
        await end_node(name, self._books, self._ledger.lookups, self._desk.proxies)

    async def sendSignal(self, id: str, signal: str, current: Current | None = None) -> None:
        state = self.servers.find(id)
        if state is None:
            self._check_server(id)
            raise BadSignalException("no agent runs it, so nobody can send it a signal")
        await self.servers.signal(state, signal)

    def _answers(self, server_id: str) -> bool:
        return server_id in self._books.processes

    def serves(self, server_id: str) -> bool:
        """Whether there is such a server."""
        known = server_id in self._books.nodes or server_id in self._books.processes
        return known or self.servers.find(server_id) is not None

    def _check_server(self, server_id: str) -> None:
        if not self.serves(server_id):
            raise ServerNotExistException(server_id)

    # Adapters.

    def getAllAdapterIds(self, current: Current | None = None) -> list[str]:
        directory = self._books.directory
        return sorted({*directory.adapter_ids(), *directory.groups()})

    def getAdapterInfo(self, id: str, current: Current | None = None) -> list[AdapterInfo]:
        directory = self._books.directory
        if directory.endpoints(id):
            return [self.adapter_info(id)]
        members = directory.members(id)
        if not members:
            raise AdapterNotExistException(id)
        return [self.adapter_info(member, id) for member in members]

    def adapter_info(self, adapter_id: str, group: str = "") -> AdapterInfo:
        """One adapter, as a member of `group` or of the first group it is in."""
        directory = self._books.directory
        proxy = self._desk.proxies.proxy(f"{DUMMY}:{directory.endpoints(adapter_id)}")
        groups = directory.groups_of(adapter_id)
        return AdapterInfo(adapter_id, proxy, group or (groups[0] if groups else ""))

    async def removeAdapter(self, id: str, current: Current | None = None) -> None:
        """Of a stock server: what a node offers goes with the node."""
        if not self._books.directory.endpoints(id):
            raise AdapterNotExistException(id)
        try:
            removed = await self._ledger.remove_stranger(id)
        except NotSaved as unable:
            raise DeploymentException(str(unable)) from unable
        if not removed:
            raise DeploymentException(f"adapter {id} belongs to a node, and goes with it")

    # Objects.

    async def addObject(self, obj: ObjectPrx | None, current: Current | None = None) -> None:
        """Its type is what the object says itself."""
        if obj is None:
            raise DeploymentException("no object is given")
        try:
            type_id = await obj.ice_invocationTimeout(CALL_LIMIT_MS).ice_id()
        except LocalException as error:
            raise DeploymentException(f"the object does not tell its type: {error}") from error
        await self.addObjectWithType(obj, type_id)

    async def addObjectWithType(
        self, obj: ObjectPrx | None, type: str, current: Current | None = None
    ) -> None:
        record = self._record(obj, type)
        if not await self._put(record, new=True):
            raise ObjectExistsException(record.identity)

    async def updateObject(self, obj: ObjectPrx | None, current: Current | None = None) -> None:
        identity = obj.ice_getIdentity() if obj is not None else Identity()
        record = self._record(obj, self._books.directory.type_id(identity))
        if not await self._put(record, new=False):
            raise ObjectNotRegisteredException(record.identity)

    async def removeObject(self, id: Identity, current: Current | None = None) -> None:
        self._check_not_own(id)
        try:
            removed = await self._ledger.remove_object(id)
        except NotSaved as unable:
            raise DeploymentException(str(unable)) from unable
        if not removed and self._books.directory.proxy(id):
            raise DeploymentException("the object belongs to a node, and goes with it")
        if not removed:
            raise ObjectNotRegisteredException(id)

    def getObjectInfo(self, id: Identity, current: Current | None = None) -> ObjectInfo:
        if not self._books.directory.proxy(id) and self._desk.own.find(id) is None:
            raise ObjectNotRegisteredException(id)
        return self.object_info(id)

    def getObjectInfosByType(self, type: str, current: Current | None = None) -> list[ObjectInfo]:
        own = [self.object_info(proxy.ice_getIdentity()) for proxy in self._desk.own.of_type(type)]
        return own + [self.object_info(identity) for identity in self._books.directory.of_type(type)]

    def getAllObjectInfos(self, expr: str, current: Current | None = None) -> list[ObjectInfo]:
        pattern = expr.replace("[", "[[]").replace("?", "[?]") or "*"
        own = [identity for identity in TYPES if self._desk.own.find(identity) is not None]
        return [
            self.object_info(identity)
            for identity in (*own, *self._books.directory.identities())
            if fnmatchcase(identityToString(identity), pattern)
        ]

    def object_info(self, identity: Identity) -> ObjectInfo:
        """A well-known object that is there."""
        own = self._desk.own.find(identity)
        if own is not None:
            return ObjectInfo(own, TYPES[identity])
        directory = self._books.directory
        return ObjectInfo(self._desk.proxies.proxy(directory.proxy(identity)), directory.type_id(identity))

    def _check_not_own(self, identity: Identity) -> None:
        if self._desk.own.find(identity) is not None:
            raise DeploymentException(f"object {identityToString(identity)} is the registry's own")

    def _record(self, obj: ObjectPrx | None, type_id: str) -> ObjectRecord:
        if obj is None:
            raise DeploymentException("no object is given")
        self._check_not_own(obj.ice_getIdentity())
        return ObjectRecord(obj.ice_getIdentity(), type_id, self._desk.proxies.text(obj))

    async def _put(self, record: ObjectRecord, *, new: bool) -> bool:
        try:
            return await self._ledger.put_object(record, new=new)
        except (Refused, NotSaved) as unable:
            raise DeploymentException(str(unable)) from unable

    # Nodes and registries.

    def getAllNodeNames(self, current: Current | None = None) -> list[str]:
        """Those that no agent runs."""
        run = self.servers.states()
        return sorted(name for name in self._books.nodes if name not in run)

    def pingNode(self, name: str, current: Current | None = None) -> bool:
        """Whether its lease runs."""
        return bool(self._node(name))

    async def getNodeLoad(self, name: str, current: Current | None = None) -> LoadInfo:
        """Of an agent's machine; of any other node what it tells."""
        self._node(name)
        if self.servers.is_agent(name):
            return await self.servers.load(name)
        return LoadInfo(*self._books.readings.averages(name))

    async def getNodeInfo(self, name: str, current: Current | None = None) -> NodeInfo:
        told = node_info(self._node(name))
        if not self.servers.is_agent(name):
            return told
        facts = await self.servers.facts(name)
        cpus = int(facts.resources.get("cpus", 1))
        return attrs.evolve(told, os=facts.system, version=facts.version, nProcessors=cpus)

    def getNodeProcessorSocketCount(self, name: str, current: Current | None = None) -> int:
        """Nodes tell none; IceGrid's tools take 1 for unknown."""
        self._node(name)
        return 1

    def getNodeHostname(self, name: str, current: Current | None = None) -> str:
        return node_info(self._node(name)).hostname

    async def shutdownNode(self, name: str, current: Current | None = None) -> None:
        """Answers when it has been asked to."""
        self._node(name)
        try:
            await self._end(name)
        except CannotEnd as error:
            raise NodeUnreachableException(name, str(error)) from error

    def getNodeAdmin(self, name: str, current: Current | None = None) -> ObjectPrx | None:
        """Of a node of pushnet there is the facet `Process`."""
        self._node(name)
        return self._routed(name, current)

    async def shutdownRegistry(self, name: str, current: Current | None = None) -> None:
        """Answers when it has been asked to."""
        self._registry(name)
        try:
            await self._end(name)
        except CannotEnd as error:
            raise RegistryUnreachableException(name, str(error)) from error

    def getRegistryAdmin(self, name: str, current: Current | None = None) -> ObjectPrx | None:
        """Likewise."""
        self._registry(name)
        return self._routed(name, current)

    async def shutdown(self, current: Current | None = None) -> None:
        try:
            await self._end(self._ledger.name)
        except CannotEnd as error:
            raise UnknownException(str(error)) from error

    def getSliceChecksums(self, current: Current | None = None) -> dict[str, str]:
        """There are none, as in the registries that Debian ships."""
        return {}

    def getAllRegistryNames(self, current: Current | None = None) -> list[str]:
        return [name for name, member in sorted(self._books.nodes.items()) if member.record.role == REGISTRY]

    def pingRegistry(self, name: str, current: Current | None = None) -> bool:
        return bool(self._registry(name))

    def getRegistryInfo(self, name: str, current: Current | None = None) -> RegistryInfo:
        return registry_info(self._registry(name))

    def _node(self, name: str) -> Member:
        member = self._books.nodes.get(name)
        if member is None:
            raise NodeNotExistException(name)
        return member

    def _registry(self, name: str) -> Member:
        member = self._books.nodes.get(name)
        if member is None or member.record.role != REGISTRY:
            raise RegistryNotExistException(name)
        return member


AdminI.ice_operations = {**AdminServant.ice_operations, **undeployable()}


async def _is_gone(proxy: ProcessPrx) -> bool:
    """Whether nobody answers for the process any more."""
    try:
        await proxy.ice_invocationTimeout(CALL_LIMIT_MS).ice_ping()
    except LocalException:
        return True
    return False


def node_info(member: Member) -> NodeInfo:
    """A node as IceGrid's tools print it; what nodes do not tell is empty."""
    record = member.record
    host = ""
    for adapter in record.adapters:
        words = adapter.endpoints.split()
        if "-h" in words:
            host = words[words.index("-h") + 1]
            break
    return NodeInfo(record.name, "", host, record.version, "", "", 1, "")


def registry_info(member: Member) -> RegistryInfo:
    return RegistryInfo(member.record.name, node_info(member).hostname)


def _descriptor(server_id: str, member: Member | None) -> ServerDescriptor:
    """What stands for a deployment: the adapters, and that nobody here starts it."""
    descriptor = ServerDescriptor(id=server_id, activation="manual")
    if member is not None:
        descriptor.description = f"{member.record.role} {member.record.version}".strip()
        descriptor.adapters = [
            AdapterDescriptor(name=adapter.id, id=adapter.id, replicaGroupId=adapter.group)
            for adapter in member.record.adapters
        ]
    return descriptor
