"""Where each process of a cluster is at home: what it takes from its agent, which addresses are its own."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from pushnet.grid.tables import ANY, NodeSettings, ProcessSettings, ServerSettings, Settings
from pushnet.wire.endpoints import SSL, TCP, StreamEndpoint
from pushnet.wire.proxy_text import parse_endpoints

"""Health and metrics of nodes are for their own machine."""


def settled(settings: Settings, places: Mapping[str, str] | None = None) -> Settings:
    """Each node with the host, region and zone of its agent, where it has none of its own.

    Args:
        places: process to agent, for those whose agent is `any`.
    """
    replace = msgspec.structs.replace
    homes = {agent.name: agent for agent in settings.agents}
    placed = places or {}
    nodes: list[NodeSettings] = []
    for node in settings.node:
        home = homes.get(_agent_of(node, placed))
        if home is None:
            nodes.append(node)
            continue
        host = node.host or home.host
        relay = replace(node.relay, host=node.relay.host or host)
        nodes.append(
            replace(
                node,
                agent=home.name,
                host=host,
                region=node.region or home.region,
                zone=node.zone or home.zone,
                relay=relay,
            )
        )
    servers = [replace(each, agent=_agent_of(each, placed)) for each in settings.server]
    return replace(settings, node=nodes, server=servers)


def _agent_of(process: ProcessSettings, placed: Mapping[str, str]) -> str:
    return placed.get(process.name, ANY) if process.agent == ANY else process.agent


def addresses(settings: Settings, process: ProcessSettings) -> list[str]:
    """The fixed addresses, as `host:port`, at which it or its agent listens."""
    if isinstance(process, ServerSettings):
        return [*[f"{each.host}:{each.port}" for each in front_endpoints(process)], *process.sockets]
    assert isinstance(process, NodeSettings)
    return sockets(settings, process)


def sockets(settings: Settings, node: NodeSettings) -> list[str]:
    """The fixed addresses of a node of ours, without doubles."""
    host = node.host or settings.cluster.host
    port = node.port
    if node.role == "registry":
        port = port or settings.cluster.registry_port
    own = [(host, port), *_of_role(settings, node, host), (node.http_host, node.http_port)]
    return [*[f"{host}:{port}" for host, port in own if port], *node.sockets]


def _of_role(settings: Settings, node: NodeSettings, host: str) -> list[tuple[str, int]]:
    if node.role == "broker":
        return [(node.broker.host or host, node.broker.port)]
    if node.role == "relay":
        return [(node.relay.host or settings.cluster.host, node.relay.port)]
    if node.role == "gateway":
        outside = node.gateway.host or host
        return [(outside, node.gateway.port), (outside, node.gateway.https_port or 0)]
    return []


def front_endpoints(server: ServerSettings) -> list[StreamEndpoint]:
    """Where an agent stands before it. Raises `EndpointParseException`, `ValueError`."""
    found: list[StreamEndpoint] = []
    for each in parse_endpoints(server.front) if server.front else ():
        usable = isinstance(each, StreamEndpoint) and each.type in (TCP, SSL) and each.host and each.port
        if not usable:
            raise ValueError(f"{server.front!r} must be tcp or ssl endpoints, each with its host and port")
        assert isinstance(each, StreamEndpoint)
        found.append(each)
    return found
