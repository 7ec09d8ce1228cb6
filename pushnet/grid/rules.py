"""The rules between the values of a cluster file: what each table's own types cannot see."""

from __future__ import annotations

import re

from pushnet.grid.expressions import FILLED, places
from pushnet.grid.places import addresses, front_endpoints
from pushnet.grid.tables import (
    ACTIVATIONS,
    AGENT,
    ANY,
    BY_TLS,
    HANDOVERS,
    JOINS,
    ON_DEMAND,
    READINESSES,
    ROLES,
    STOP_FIRST,
    NodeSettings,
    ProcessSettings,
    ServerSettings,
    Settings,
)
from pushnet.grid.wellknown import is_name
from pushnet.wire.errors import EndpointParseException

SHARDS_MAX = 64
MESSAGE_KB_RANGE = (1024, 1024 * 1024)
"""From Ice's own default to half of what a message's length can say."""
GATEWAYS_MAX = 1024
PORT_MAX = 65_535
LIMIT_S_MAX = 24 * 3600.0
LOG_LEVELS = ("debug", "info", "warn", "error", "critical")
EACH_MACHINES_OWN = ("127.", "localhost:", "::1:", "0.0.0.0:", ":")
"""How addresses begin that mean another place on another machine."""
_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
_ETCD = re.compile(r"http://[^/\s:]+(:\d+)?/?")
_KEY = re.compile(r"[A-Za-z0-9]{24}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ADDRESS = re.compile(r"[^\s]*:(\d{1,5})")


def first_problem(settings: Settings) -> str:
    """What msgspec cannot see: rules between values. Empty when all is well."""
    cluster = settings.cluster
    if len(cluster.secret) < 16:
        return "cluster.secret is shorter than 16 characters"
    if not 1 <= cluster.shards <= SHARDS_MAX:
        return f"cluster.shards must be 1 to {SHARDS_MAX}, not {cluster.shards}"
    if not 1 <= cluster.registry_port <= PORT_MAX:
        return f"cluster.registry_port must be 1 to {PORT_MAX}, not {cluster.registry_port}"
    for url in cluster.etcd:
        if not _ETCD.fullmatch(url):
            return f"cluster.etcd: {url!r} is not http://host:port"
    if cluster.etcd and cluster.lease_s < 2.0:
        return f"cluster.lease_s must be at least 2, which is the least etcd grants, not {cluster.lease_s}"
    if cluster.lease_s < 0.1:
        return f"cluster.lease_s must be at least 0.1, not {cluster.lease_s}"
    least_kb, most_kb = MESSAGE_KB_RANGE
    if not least_kb <= cluster.message_kb_max <= most_kb:
        return f"cluster.message_kb_max must be {least_kb} to {most_kb}, not {cluster.message_kb_max}"
    if cluster.join not in JOINS:
        return f"cluster.join must be one of {', '.join(JOINS)}, not {cluster.join!r}"
    if cluster.releases_root and not re.fullmatch("sha256:[0-9a-f]{64}", cluster.releases_root):
        return "cluster.releases_root must be sha256: and 64 hexadecimal digits"
    if cluster.join == BY_TLS and not cluster.tls:
        return 'cluster.join = "tls" wants cluster.tls, the folder with the certificates'
    if cluster.log_level not in LOG_LEVELS:
        return f"cluster.log_level {cluster.log_level!r} is none of {', '.join(LOG_LEVELS)}"
    keys: set[str] = set()
    for app in settings.app:
        if not _KEY.fullmatch(app.key) or not _KEY.fullmatch(app.secret):
            return f"app {app.key!r}: key and secret must be 24 letters and digits each (SDKs refuse others)"
        if app.key in keys:
            return f"app {app.key!r} stands twice"
        keys.add(app.key)
    return (
        _first_group_problem(settings)
        or _first_node_problem(settings)
        or _first_server_problem(settings)
        or _first_process_problem(settings)
        or _first_scaling_problem(settings)
        or _first_conflict(settings)
    )


def _first_group_problem(settings: Settings) -> str:
    groups: set[str] = set()
    for group in settings.group:
        if not is_name(group.id) or group.id in groups:
            return f"group {group.id!r} stands twice, or has no name"
        groups.add(group.id)
        try:
            assert group.policy is not None
        except ValueError as error:
            return f"group {group.id!r}: {error}"
    return ""


def _first_node_problem(settings: Settings) -> str:
    names: set[str] = set()
    registries = [node.name for node in settings.node if node.role == "registry"]
    if len(registries) > 1 and not settings.cluster.etcd:
        return f"node {registries[1]!r}: a second registry wants cluster.etcd, where they agree"
    for node in settings.node:
        if not _NAME.fullmatch(node.name):
            return f"node {node.name!r}: a name is lower-case letters, digits and '-', at most 63"
        if node.name in names:
            return f"node {node.name!r} stands twice"
        if node.role not in ROLES:
            return f"node {node.name!r}: role {node.role!r} is none of {', '.join(ROLES)}"
        problem = _first_role_problem(node)
        if problem:
            return f"node {node.name!r}: {problem}"
        for shard in node.dbagent.shards:
            if not 0 <= shard < settings.cluster.shards:
                shards = settings.cluster.shards
                return f"node {node.name!r}: shard {shard} is not below cluster.shards = {shards}"
        names.add(node.name)
    return ""


def _first_role_problem(node: NodeSettings) -> str:
    """What is wrong with a node's ports or with its role's own table."""
    gateway = node.gateway
    if gateway.https_port is not None and not (gateway.certificate and gateway.private_key):
        return "gateway.https_port wants gateway.certificate and gateway.private_key"
    if not 0 <= gateway.number < GATEWAYS_MAX:
        return f"gateway.number must be 0 to {GATEWAYS_MAX - 1}, not {gateway.number}"
    ports = (
        node.port,
        node.http_port,
        node.broker.port,
        node.relay.port,
        gateway.port,
        gateway.https_port or 0,
    )
    for port in ports:
        if not 0 <= port <= PORT_MAX:
            return f"port {port} is not 0 to {PORT_MAX}"
    return ""


def _first_server_problem(settings: Settings) -> str:
    names = {node.name for node in settings.node}
    for server in settings.server:
        told = f"server {server.name!r}"
        if not _NAME.fullmatch(server.name):
            return f"{told}: a name is lower-case letters, digits and '-', at most 63"
        if server.name in names:
            return f"{told} stands twice"
        if server.kind and not _NAME.fullmatch(server.kind):
            return f"{told}: kind {server.kind!r} is not lower-case letters, digits and '-', at most 63"
        if server.kind in ROLES:
            return f"{told}: kind {server.kind!r} is a role of pushnet's own nodes"
        if not server.command or not all(server.command):
            return f"{told}: command must name a program, and have no empty words"
        if server.readiness and server.readiness not in READINESSES:
            return f"{told}: readiness {server.readiness!r} is none of {', '.join(READINESSES)}"
        problem = _front_problem(server)
        if problem:
            return f"{told}: {problem}"
        names.add(server.name)
    return ""


def _front_problem(server: ServerSettings) -> str:
    """What is wrong with where an agent stands before it, and with what it is known by."""
    if server.front:
        try:
            front_endpoints(server)
        except (EndpointParseException, ValueError) as error:
            return f"front: {error}"
        if not any("${port}" in word for word in [*server.command, *server.environment.values()]):
            return "front wants ${port} in its command or environment: there the server listens itself"
    if server.readiness == "listens" and not server.front and not server.sockets:
        return "readiness 'listens' wants a front or sockets"
    if server.readiness == "registered" and not server.adapters:
        return "readiness 'registered' wants the ids of its adapters"
    if server.adapters and not server.front and not server.sockets and server.handover == "start-first":
        return "handover 'start-first' wants a front or sockets: adapters are taken while their holder lives"
    return next((f"adapter {name!r} is no name" for name in server.adapters if not is_name(name)), "")


def _first_process_problem(settings: Settings) -> str:
    """What nodes and servers have in common: who runs them, and how."""
    agents = [agent.name for agent in settings.agents]
    for process in settings.processes:
        told = f"{'server' if isinstance(process, ServerSettings) else 'node'} {process.name!r}"
        if process.agent and process.agent not in (*agents, ANY):
            known = ", ".join(agents) or "none"
            return f"{told}: agent {process.agent!r} is no [[node]] of role {AGENT!r}; there are: {known}"
        if process.agent == ANY and not agents:
            return f"{told}: agent 'any' wants at least one [[node]] of role {AGENT!r}"
        if process.agent == ANY and isinstance(process, NodeSettings) and process.role in STOP_FIRST:
            return f"{told}: a {process.role} has its data on one machine: name its agent"
        if process.agent and isinstance(process, NodeSettings) and process.role == AGENT:
            return f"{told}: an agent is not run by another"
        problem = _process_problem(process)
        if problem:
            return f"{told}: {problem}"
    return ""


def _process_problem(process: ProcessSettings) -> str:
    if process.activation not in ACTIVATIONS:
        return f"activation {process.activation!r} is none of {', '.join(ACTIVATIONS)}"
    if process.activation == ON_DEMAND and not getattr(process, "adapters", None):
        return "activation 'on-demand' wants the ids of adapters: looking one up is the demand"
    if process.handover and process.handover not in HANDOVERS:
        return f"handover {process.handover!r} is none of {', '.join(HANDOVERS)}"
    if process.version and not process.release:
        return "version wants the name of a release"
    for key in ("start_limit_s", "stop_limit_s", "check_every_s", "check_limit_s"):
        limit_s = getattr(process, key)
        if not 0 < limit_s <= LIMIT_S_MAX:
            return f"{key} must be more than 0 and at most {LIMIT_S_MAX:.0f}, not {limit_s}"
    if not all(process.check):
        return "check must have no empty words"
    for name in process.environment:
        if not _VARIABLE.fullmatch(name):
            return f"environment: {name!r} is no name of a variable"
    words = [*process.environment.values(), *getattr(process, "command", []), *process.check]
    for place in [place for word in words for place in places(word) if place not in FILLED]:
        return f"${{{place}}} is none of {', '.join(FILLED)}; a shell's variables are written $NAME"
    for address in process.sockets:
        match = _ADDRESS.fullmatch(address)
        if match is None or not 1 <= int(match[1]) <= PORT_MAX:
            return f"sockets: {address!r} is not host:port"
    return ""


def _first_scaling_problem(settings: Settings) -> str:
    processes = {process.name: process for process in settings.processes}
    taken: dict[str, str] = {}
    for scaling in settings.scaling:
        told = f"scaling {scaling.name!r}"
        if not _NAME.fullmatch(scaling.name) or scaling.name in taken.values():
            return f"{told}: a name is lower-case letters, digits and '-', and stands once"
        if not 1 <= scaling.min <= len(scaling.members):
            return f"{told}: min must be 1 to {len(scaling.members)}, its members, not {scaling.min}"
        if scaling.target_load <= 0:
            return f"{told}: target_load must be more than 0, not {scaling.target_load}"
        for member in scaling.members:
            if member in taken:
                return f"{told}: {member!r} is in scaling {taken[member]!r} too"
            if member not in processes or not processes[member].agent:
                return f"{told}: {member!r} is no node or server with an agent"
            taken[member] = scaling.name
    return ""


def _first_conflict(settings: Settings) -> str:
    """Two that claim the same: a port, a shard, a gateway's number, an adapter."""
    taken: dict[tuple[str, object], str] = {}
    for process in settings.processes:
        told = f"{'server' if isinstance(process, ServerSettings) else 'node'} {process.name!r}"
        for claim in _claims(settings, process):
            if claim in taken:
                return f"{told}: {claim[0]} {claim[1]} is taken by {taken[claim]}"
            taken[claim] = told
    return ""


def _claims(settings: Settings, process: ProcessSettings) -> list[tuple[str, object]]:
    """What nobody else may have."""
    place = process.agent
    claims: list[tuple[str, object]] = []
    for address in addresses(settings, process):
        own = address.startswith(EACH_MACHINES_OWN) and place
        claims.append(("port", f"{address} of {place}" if own else address))
    if isinstance(process, ServerSettings):
        return claims + [("adapter", name) for name in process.adapters]
    assert isinstance(process, NodeSettings)
    if process.role == "dbagent":
        claims += [("shard", shard) for shard in process.dbagent.shards]
    if process.role == "gateway":
        claims.append(("gateway number", process.gateway.number))
    return claims
