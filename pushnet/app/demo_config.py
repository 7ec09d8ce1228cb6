"""The demonstration's cluster file: a whole cluster on loopback, on ports that are free now."""

from __future__ import annotations

import random
import secrets
import socket
import string
from pathlib import Path

import attrs

PORTS_FROM, PORTS_BELOW = 15_000, 32_000
"""Below the range from which Linux takes the ports of outgoing connections: a node that is started again
finds its port free."""

GATEWAY = """gateway.port = {port}
gateway.number = 1
gateway.push_per_minute = 60000
gateway.device_per_minute = 60000"""
"""More than JPush's free tier: who shows and who tests pushes faster than 600 times a minute."""
MACHINE = "machine"
"""The agent, where one runs the nodes."""
RELEASE, VERSION = "pushnet", "1.0"
"""What the Brokers of an agent are run from."""


@attrs.frozen
class DemoCluster:
    """Where the cluster of a file is, and who may use it."""

    file: Path
    key: str
    secret: str = attrs.field(repr=False)
    registry_port: int = 0
    rest_port: int = 0
    relay_port: int = 0
    broker_ports: tuple[int, ...] = ()

    @property
    def rest(self) -> str:
        return f"http://127.0.0.1:{self.rest_port}"

    @property
    def brokers(self) -> list[tuple[str, int]]:
        return [("127.0.0.1", port) for port in self.broker_ports]


def free_ports(count: int) -> list[int]:
    """So many different TCP ports of loopback that nobody listens on."""
    found: list[int] = []
    held: list[socket.socket] = []
    while len(found) < count:
        port = random.randrange(PORTS_FROM, PORTS_BELOW)
        one = socket.socket()
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            one.close()
            continue
        held.append(one)
        found.append(port)
    for one in held:
        one.close()
    return found


def write_cluster(
    folder: Path, *, more: str = "", lease_s: float = 3.0, log_level: str = "info", agent: bool = False
) -> DemoCluster:
    """Write `cluster.toml` into `folder`: two Brokers, TagAlias and DBAgents, one of each other role.

    Args:
        more: TOML to add at the end, such as another application.
        agent: whether an agent runs all but the registry, and the Brokers from a release.
    """
    ports = iter(free_ports(17))
    cluster = DemoCluster(
        folder / "cluster.toml",
        _letters(24),
        _letters(24),
        next(ports),
        next(ports),
        next(ports),
        (next(ports), next(ports)),
    )
    nodes = [
        _node("registry-1", "registry", next(ports)),
        _node("queue-1", "queue", next(ports)),
        _node("dbagent-1", "dbagent", next(ports), "dbagent.shards = [0]"),
        _node("dbagent-2", "dbagent", next(ports), "dbagent.shards = [1]"),
        _node("tagalias-1", "tagalias", next(ports)),
        _node("tagalias-2", "tagalias", next(ports)),
        _node("broker-1", "broker", next(ports), f"broker.port = {cluster.broker_ports[0]}"),
        _node("broker-2", "broker", next(ports), f"broker.port = {cluster.broker_ports[1]}"),
        _node("relay-1", "relay", next(ports), f"relay.port = {cluster.relay_port}"),
        _node("gateway-1", "gateway", next(ports), GATEWAY.format(port=cluster.rest_port)),
        _node("pusher-1", "pusher", next(ports)),
    ]
    if agent:
        nodes = [nodes[0], _node(MACHINE, "node", next(ports), "node.stop_servers = true")] + [
            _run_by_agent(node) for node in nodes[1:]
        ]
    head = f"""[cluster]
name = "demo"
registry_port = {cluster.registry_port}
data = "data"
secret = "{_letters(32)}"
shards = 2
lease_s = {lease_s}
log_level = "{log_level}"

[[app]]
name = "demo"
key = "{cluster.key}"
secret = "{cluster.secret}"
"""
    cluster.file.write_text("\n".join([head, *nodes, more]))
    return cluster


def _node(name: str, role: str, http_port: int, more: str = "") -> str:
    return f'[[node]]\nname = "{name}"\nrole = "{role}"\nhttp_port = {http_port}\n{more}\n'


def _run_by_agent(node: str) -> str:
    release = f'release = "{RELEASE}"\nversion = "{VERSION}"\n' if 'role = "broker"' in node else ""
    return f'{node}agent = "{MACHINE}"\n{release}'


def _letters(count: int) -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(count))
