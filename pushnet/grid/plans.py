"""What each agent is to run: settings and wanted versions become the plans of servers.

A plan holds all that the process is started with, so two equal plans mean that nothing has to be done. Of
pushnet's own nodes the settings themselves are a part: `PUSHNET_SETTINGS` in the environment is the digest of
what the node reads of them at its start, and a node whose digest is the same need not be started again.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

import msgspec

from pushnet.gen.pushnet.server import Activation, Handover, Readiness, ServerPlan
from pushnet.grid.places import settled, sockets
from pushnet.grid.tables import (
    AGENT,
    ANY,
    STOP_FIRST,
    NodeSettings,
    ProcessSettings,
    ServerSettings,
    Settings,
)

APPS_READ_BY: Final = ("broker", "dbagent", "gateway")
DIGEST_CHARACTERS: Final = 16
_ACTIVATIONS: Final[Mapping[str, Activation]] = {
    "always": Activation.Always,
    "on-demand": Activation.OnDemand,
    "manual": Activation.Manual,
    "once": Activation.Once,
}
_HANDOVERS: Final[Mapping[str, Handover]] = {
    "start-first": Handover.StartFirst,
    "stop-first": Handover.StopFirst,
}
_READINESSES: Final[Mapping[str, Readiness]] = {
    "serving": Readiness.SaysServing,
    "listens": Readiness.Listens,
    "registered": Readiness.Registered,
    "runs": Readiness.Runs,
}
_NOT_READ_BY_NODES: Final = frozenset(ProcessSettings.__struct_fields__) - {"name"}
"""What only agents look at."""


def agent_plans(
    settings: Settings, agent: str, versions: Mapping[str, str] = {}, places: Mapping[str, str] = {}
) -> list[ServerPlan]:
    """The servers of one agent, in the order of the file.

    Args:
        agent: its name; "": those that are given to nobody, which `pushnet up` runs.
        versions: server to the version it is to have, for those that have been deployed.
        places: server to agent, for those whose agent is `any`.
    """
    there = settled(settings, places)
    return [server_plan(there, process, versions, places) for process in by_agent(there).get(agent, [])]


def by_agent(there: Settings) -> dict[str, list[ProcessSettings]]:
    """What each agent is to run, in the order of the file, of settings that are `settled`."""
    found: dict[str, list[ProcessSettings]] = {}
    for process in there.processes:
        if not (isinstance(process, NodeSettings) and process.role == AGENT):
            found.setdefault(process.agent, []).append(process)
    return found


def server_plan(
    there: Settings, process: ProcessSettings, versions: Mapping[str, str], places: Mapping[str, str]
) -> ServerPlan:
    """The plan of one process of settings that are `settled`."""
    version = versions.get(process.name, process.version) if process.release else ""
    if isinstance(process, ServerSettings):
        return _of_server(process, version)
    assert isinstance(process, NodeSettings)
    return _of_node(there, process, version, process.name in places)


def kind_of(process: ProcessSettings) -> str:
    """What it is deployed together with."""
    if isinstance(process, NodeSettings):
        return process.role
    assert isinstance(process, ServerSettings)
    return process.kind or process.name


def _of_node(settings: Settings, node: NodeSettings, version: str, placed: bool) -> ServerPlan:
    handover = node.handover or ("stop-first" if node.role in STOP_FIRST else "start-first")
    command = ["twistd", "--reactor", "pushnet", "--nodaemon", "--no_save", "--pidfile="]
    command += [f"pushnet-{node.role}", "--config", "${settings}", "--node", "${id}"]
    environment = {**node.environment, "PUSHNET_SETTINGS": node_digest(settings, node)}
    if node.release:
        environment |= {"PYTHONPATH": "${release}", "PUSHNET_VERSION": "${version}"}
        environment |= {"PYTHONPYCACHEPREFIX": "${data}/pycache"}  # a release holds what was signed, no more
    return ServerPlan(
        id=node.name,
        kind=node.role,
        release=node.release,
        version=version,
        command=[*command, "--agent", node.agent] if placed else command,
        environment=environment,
        activation=_ACTIVATIONS[node.activation],
        handover=_HANDOVERS[handover],
        readiness=Readiness.SaysServing,
        sockets=sockets(settings, node),
        startLimitMs=int(node.start_limit_s * 1000),
        stopLimitMs=int(node.stop_limit_s * 1000),
        check=list(node.check),
        checkEveryMs=int(node.check_every_s * 1000),
        checkLimitMs=int(node.check_limit_s * 1000),
    )


def _of_server(server: ServerSettings, version: str) -> ServerPlan:
    return ServerPlan(
        id=server.name,
        kind=kind_of(server),
        release=server.release,
        version=version,
        command=list(server.command),
        environment=dict(server.environment),
        activation=_ACTIVATIONS[server.activation],
        handover=_HANDOVERS[server.handover or ("stop-first" if registers_itself(server) else "start-first")],
        readiness=_READINESSES[server.readiness or _usual_readiness(server)],
        sockets=list(server.sockets),
        front=server.front,
        adapters=list(server.adapters),
        startLimitMs=int(server.start_limit_s * 1000),
        stopLimitMs=int(server.stop_limit_s * 1000),
        check=list(server.check),
        checkEveryMs=int(server.check_every_s * 1000),
        checkLimitMs=int(server.check_limit_s * 1000),
    )


def registers_itself(server: ServerSettings) -> bool:
    """Whether each process of it registers its adapters where it listens itself: then there can be only one.

    Behind a front, and at sockets of its agent, its successor registers the same endpoints.
    """
    return bool(server.adapters) and not server.front and not server.sockets


def _usual_readiness(server: ServerSettings) -> str:
    if server.front or server.sockets:
        return "listens"
    return "registered" if server.adapters else "runs"


def node_digest(settings: Settings, node: NodeSettings) -> str:
    """Changes with what a node of ours reads of the settings when it starts."""
    own = {
        key: getattr(node, key)
        for key in ("name", "role", "host", "port", "http_host", "http_port", "region", "zone", node.role)
        if key not in _NOT_READ_BY_NODES
    }
    read: dict[str, object] = {"cluster": settings.cluster, "registries": settings.registries, "node": own}
    if node.role in APPS_READ_BY:
        read["app"] = settings.app
    if node.role == "registry":
        read["dynamic"] = settings.registries_are_dynamic
    return sha256(msgspec.json.encode(read, order="sorted")).hexdigest()[:DIGEST_CHARACTERS]


def unplaced(settings: Settings) -> list[str]:
    """Those for which an agent has to be chosen, in the order of the file."""
    return [process.name for process in settings.processes if process.agent == ANY]
