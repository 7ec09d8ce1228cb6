"""The cluster's TOML file as values: one file describes every node. Unknown keys are errors.

    [cluster]             what all nodes share
    [[app]]               an application: its key and master secret, 24 letters and digits each
    [[group]]             how a replica group is balanced
    [[node]]              one process: its name, role and ports; role settings in a table of the role's name

Paths are relative to the file that names them; ports of 0 are chosen by the system.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

import msgspec

from pushnet.grid.balance import Policy
from pushnet.grid.wellknown import is_name

ROLES = ("registry", "queue", "dbagent", "tagalias", "broker", "relay", "gateway", "pusher")
SHARDS_MAX = 64
MESSAGE_KB_RANGE = (1024, 1024 * 1024)
"""From Ice's own default to half of what a message's length can say."""
GATEWAYS_MAX = 1024
PORT_MAX = 65_535
LOG_LEVELS = ("debug", "info", "warn", "error", "critical")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,62}")
_ETCD = re.compile(r"http://[^/\s:]+(:\d+)?/?")
_KEY = re.compile(r"[A-Za-z0-9]{24}")


class SettingsError(Exception):
    """The configuration is wrong: the text names the place and the cure."""


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Unknown keys are errors; values do not change."""


class RegistrySettings(_Strict, frozen=True, kw_only=True):
    dynamic: bool = True
    """Whether servers that this file does not name may register themselves, as stock Ice servers do."""
    users: dict[str, str] = {}
    """Who may have a session: user to password hash as `pushnet password` prints it; empty: nobody."""
    admins: dict[str, str] = {}
    """Who may have an administrator's session, as `icegridadmin` wants one; likewise."""


class QueueSettings(_Strict, frozen=True, kw_only=True):
    attempts_max: int = 5
    waiting_max: int = 100_000
    body_bytes_max: int = 512 * 1024


class DBAgentSettings(_Strict, frozen=True, kw_only=True):
    shards: list[int] = msgspec.field(default_factory=lambda: [0])
    """The shards this node serves."""
    stream_messages_max: int = 1000
    """Messages kept for one device; the oldest go first and leave a gap that is announced."""


class TagAliasSettings(_Strict, frozen=True, kw_only=True):
    snapshot_every_s: float = 30.0


class BrokerSettings(_Strict, frozen=True, kw_only=True):
    host: str = ""
    """Where devices connect; empty: the cluster's host."""
    port: int = 0
    heartbeat_s: int = 300
    connections_max: int = 18_000
    inline_bytes_max: int = 1024


class RelaySettings(_Strict, frozen=True, kw_only=True):
    host: str = ""
    port: int = 0
    session_timeout_s: int = 60
    users: dict[str, str] = {}
    """User to password hash as `pushnet password` prints it; empty: nobody may have a session."""
    allow: list[str] = []
    """Identity categories or `category/name` a session may call; empty: every well-known object."""


class GatewaySettings(_Strict, frozen=True, kw_only=True):
    host: str = ""
    port: int = 0
    https_port: int | None = None
    """None: no HTTPS. 0: chosen by the system."""
    certificate: str = ""
    private_key: str = ""
    number: int = 0
    """Part of every message id: unique among gateways, 0 to 1023."""
    body_bytes_max: int = 4 * 1024 * 1024
    header_bytes_max: int = 16 * 1024
    request_deadline_s: float = 30.0
    push_per_minute: int = 600
    """Push calls of one app at this gateway; the default is JPush's free tier."""
    broadcasts_per_day: int = 0
    """Pushes to "all" of one app at this gateway in a day; 0: no limit. JPush's free tier has 10."""
    device_per_minute: int = 600
    """Device, tag and alias calls of one app; likewise."""


class PusherSettings(_Strict, frozen=True, kw_only=True):
    parallel: int = 32
    unicast_max: int = 1000


class NodeSettings(_Strict, frozen=True, kw_only=True):
    name: str
    role: str
    host: str = ""
    """Where its object adapter listens; empty: the cluster's host."""
    port: int = 0
    http_port: int = 0
    """Health and metrics, on loopback."""
    region: str = ""
    zone: str = ""
    """Within the region: whoever is nearest is chosen by region, then zone."""
    registry: RegistrySettings = RegistrySettings()
    queue: QueueSettings = QueueSettings()
    dbagent: DBAgentSettings = DBAgentSettings()
    tagalias: TagAliasSettings = TagAliasSettings()
    broker: BrokerSettings = BrokerSettings()
    relay: RelaySettings = RelaySettings()
    gateway: GatewaySettings = GatewaySettings()
    pusher: PusherSettings = PusherSettings()


class AppSettings(_Strict, frozen=True, kw_only=True):
    key: str
    secret: str
    name: str = ""


class GroupSettings(_Strict, frozen=True, kw_only=True):
    """How one replica group is balanced; see `pushnet.grid.balance.Policy`."""

    id: str
    choice: str = "random"
    n: int | None = None
    """Replicas an answer has; 0: all; none given: as the choice says."""
    load_sample: int = 1
    """Minutes over which `adaptive` averages load: 1, 5 or 15."""
    weights: dict[str, float] = {}
    """Adapter id to weight, for `weighted` and `ring`."""
    priorities: dict[str, int] = {}
    """Adapter id to priority, for `ordered`: the lowest first."""
    split: dict[str, int] = {}
    """Region, or `region/zone`, to its parts, for `split`."""

    @property
    def policy(self) -> Policy:
        """Raises `ValueError` when it cannot be."""
        return Policy(self.choice, self.n, self.load_sample, self.weights, self.priorities, self.split)


class ClusterSettings(_Strict, frozen=True, kw_only=True):
    name: str = "pushnet"
    host: str = "127.0.0.1"
    registry_port: int = 4061
    data: str = "var"
    """Folder for the nodes' data, one folder a node inside it."""
    secret: str
    """Signs session tokens; at least 16 characters, the same for all nodes."""
    shards: int = 2
    lease_s: float = 3.0
    etcd: list[str] = []
    """URLs as `http://host:2379`, where several registries agree. Empty: one registry, on its own disk."""
    message_kb_max: int = 64 * 1024
    """The largest message nodes take from each other: an audience is one bitmap in one message."""
    log_level: str = "info"


class Settings(_Strict, frozen=True, kw_only=True):
    cluster: ClusterSettings
    app: list[AppSettings] = []
    group: list[GroupSettings] = []
    node: list[NodeSettings] = []

    def named(self, name: str) -> NodeSettings:
        """The settings of one node. Raises `SettingsError` when there is no such node."""
        for node in self.node:
            if node.name == name:
                return node
        known = ", ".join(node.name for node in self.node) or "none"
        raise SettingsError(f"no [[node]] is named {name!r}; there are: {known}")

    @property
    def registries(self) -> list[str]:
        """The endpoint of each registry, in the order of the file."""
        cluster = self.cluster
        found = [
            f"tcp -h {_reachable(node.host, cluster.host)} -p {node.port or cluster.registry_port}"
            for node in self.node
            if node.role == "registry"
        ]
        return found or [f"tcp -h {cluster.host} -p {cluster.registry_port}"]

    @property
    def registries_are_dynamic(self) -> bool:
        """Whether any registry takes in servers that this file does not name."""
        registries = [node.registry for node in self.node if node.role == "registry"]
        return all(registry.dynamic for registry in registries)

    @property
    def locator(self) -> str:
        """The stringified proxy of the locator, at every registry."""
        return ":".join(["IceGrid/Locator", *self.registries])


def _reachable(host: str, otherwise: str) -> str:
    """A host that others can connect to: not one that only says "listen everywhere"."""
    return otherwise if host in ("", "0.0.0.0", "::") else host


def load_settings(text: str, source: str) -> Settings:
    """Read a cluster file. `source` names it in errors. Raises `SettingsError`."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{source}: {error}") from error
    except RecursionError:
        raise SettingsError(f"{source}: lists or tables are nested too deeply") from None
    try:
        settings = msgspec.convert(tree, Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{source}: {_told(tree, error)}") from error
    problem = _first_problem(settings)
    if problem:
        raise SettingsError(f"{source}: {problem}")
    return settings


def _told(tree: dict[str, Any], error: msgspec.ValidationError) -> str:
    """A validation error, with the name of the node it is about where there is one."""
    said = str(error)
    nodes = tree.get("node")
    for number, node in enumerate(nodes if isinstance(nodes, list) else [], 1):
        try:
            msgspec.convert(node, NodeSettings)
        except msgspec.ValidationError as inner:
            name = node.get("name", number) if isinstance(node, dict) else number
            said = f"node {name!r}: {inner}"
            break
    return said.replace("$.", "").replace(" - at `$`", "")


def _first_problem(settings: Settings) -> str:
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
    if cluster.log_level not in LOG_LEVELS:
        return f"cluster.log_level {cluster.log_level!r} is none of {', '.join(LOG_LEVELS)}"
    keys: set[str] = set()
    for app in settings.app:
        if not _KEY.fullmatch(app.key) or not _KEY.fullmatch(app.secret):
            return f"app {app.key!r}: key and secret must be 24 letters and digits each (SDKs refuse others)"
        if app.key in keys:
            return f"app {app.key!r} stands twice"
        keys.add(app.key)
    return _first_group_problem(settings) or _first_node_problem(settings) or _first_conflict(settings)


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


def _first_conflict(settings: Settings) -> str:
    """Two nodes that claim the same: a port, a shard, a gateway's number."""
    taken: dict[tuple[str, object], str] = {}
    for node in settings.node:
        for claim in _claims(settings, node):
            if claim in taken:
                return f"node {node.name!r}: {claim[0]} {claim[1]} is taken by node {taken[claim]!r}"
            taken[claim] = node.name
    return ""


def _claims(settings: Settings, node: NodeSettings) -> list[tuple[str, object]]:
    """What no other node may have."""
    ports = [node.port, node.http_port]
    if node.role == "registry":
        ports = [node.port or settings.cluster.registry_port, node.http_port]
    elif node.role == "broker":
        ports.append(node.broker.port)
    elif node.role == "relay":
        ports.append(node.relay.port)
    elif node.role == "gateway":
        ports += [node.gateway.port, node.gateway.https_port or 0]
    host = node.host or settings.cluster.host
    claims: list[tuple[str, object]] = [("port", f"{host}:{port}") for port in ports if port]
    if node.role == "dbagent":
        claims += [("shard", shard) for shard in node.dbagent.shards]
    if node.role == "gateway":
        claims.append(("gateway number", node.gateway.number))
    return claims
