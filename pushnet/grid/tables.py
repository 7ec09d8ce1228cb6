"""The tables of the cluster file as values: what may stand where, and what holds when nothing does."""

from __future__ import annotations

from typing import Final

import msgspec

from pushnet.grid.balance import Policy

AGENT: Final = "node"
"""The role of agents, which run what the file gives to them."""
ANY: Final = "any"
"""As the `agent` of a process: the registry chooses one that is there."""
ROLES = ("registry", "queue", "dbagent", "tagalias", "broker", "relay", "gateway", "pusher", AGENT)
STOP_FIRST: Final = ("registry", "queue", "dbagent")
"""Roles whose truth is on their own disk: two processes would write the same files."""
ON_DEMAND: Final = "on-demand"
ACTIVATIONS = ("always", ON_DEMAND, "manual", "once")
HANDOVERS = ("start-first", "stop-first")
READINESSES = ("serving", "listens", "registered", "runs")


class SettingsError(Exception):
    """The configuration is wrong: the text names the place and the cure."""


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Unknown keys are errors; values do not change."""


class RegistrySettings(Strict, frozen=True, kw_only=True):
    dynamic: bool = True
    """Whether servers that this file does not name may register themselves, as stock Ice servers do."""
    users: dict[str, str] = {}
    """Who may have a session: user to password hash as `pushnet password` prints it; empty: nobody."""
    admins: dict[str, str] = {}
    """Who may have an administrator's session, as `icegridadmin` wants one; likewise."""
    events_mib: int = 64
    """How large the log of the grid's events may become on this registry's disk; the oldest go first."""
    events_days: int = 30
    """How long events are kept at most."""


class QueueSettings(Strict, frozen=True, kw_only=True):
    attempts_max: int = 5
    waiting_max: int = 100_000
    body_bytes_max: int = 512 * 1024


class DBAgentSettings(Strict, frozen=True, kw_only=True):
    shards: list[int] = msgspec.field(default_factory=lambda: [0])
    """The shards this node serves."""
    stream_messages_max: int = 1000
    """Messages kept for one device; the oldest go first and leave a gap that is announced."""


class TagAliasSettings(Strict, frozen=True, kw_only=True):
    snapshot_every_s: float = 30.0


class BrokerSettings(Strict, frozen=True, kw_only=True):
    host: str = ""
    """Where devices connect; empty: the cluster's host."""
    port: int = 0
    heartbeat_s: int = 300
    connections_max: int = 18_000
    inline_bytes_max: int = 1024
    moves_per_s: int = 500
    """Devices given to other Brokers, when this one ends or has too many."""
    moves_directed: bool = True
    """Whether they are told to which; not where they come through a balancer of somebody else's."""


class RelaySettings(Strict, frozen=True, kw_only=True):
    host: str = ""
    port: int = 0
    session_timeout_s: int = 60
    users: dict[str, str] = {}
    """User to password hash as `pushnet password` prints it; empty: nobody may have a session."""
    allow: list[str] = []
    """Identity categories or `category/name` a session may call; empty: every well-known object."""
    stay_s: float = 10.0
    """How long a session calls the same member of a group, on average; 0: as long as that is connected."""


class GatewaySettings(Strict, frozen=True, kw_only=True):
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


class PusherSettings(Strict, frozen=True, kw_only=True):
    parallel: int = 32
    unicast_max: int = 1000


class AgentSettings(Strict, frozen=True, kw_only=True):
    log_bytes_max: int = 8 * 1024 * 1024
    """Of each server's output, kept on disk; the oldest goes first."""
    versions_kept: int = 2
    """Of each release, beside what runs."""
    stop_servers: bool = False
    """Whether its servers are drained and ended when the agent is stopped, or go on."""
    fronts: dict[str, str] = {}
    """Properties of Ice for its fronts: `IceSSL.CertFile` and the like."""


class ProcessSettings(Strict, frozen=True, kw_only=True):
    """What an agent has to know of any process."""

    name: str
    agent: str = ""
    """The node of role `node` that runs it, or `any`; empty: whoever starts it by hand."""
    release: str = ""
    """As published with `pushnet patch`; empty: what is installed on the machine."""
    version: str = ""
    """Of the release, before another was deployed."""
    environment: dict[str, str] = {}
    activation: str = "always"
    handover: str = ""
    """Empty: `stop-first` for roles that keep data on their own disk, `start-first` for all others."""
    sockets: list[str] = []
    """Addresses as `host:port` that its agent listens at for it, besides those of its own fixed ports."""
    start_limit_s: float = 60.0
    stop_limit_s: float = 20.0
    check: list[str] = []
    """A program that asks the server something, and ends with status 0 when the answer is right."""
    check_every_s: float = 5.0
    check_limit_s: float = 5.0


class NodeSettings(ProcessSettings, frozen=True, kw_only=True):
    role: str
    host: str = ""
    """Where its object adapter listens; empty: its agent's host, or the cluster's."""
    port: int = 0
    http_host: str = "127.0.0.1"
    """Where health and metrics are; others than this machine reach them at an address of it."""
    http_port: int = 0
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
    node: AgentSettings = AgentSettings()


class ServerSettings(ProcessSettings, frozen=True, kw_only=True):
    """A program that an agent runs and that is no node of pushnet's."""

    kind: str = ""
    """What is deployed together; empty: its name."""
    command: list[str]
    """The program and its arguments; what may stand in `${...}`: see `pushnet.grid.expressions.FILLED`."""
    readiness: str = ""
    """Empty: `listens` with a front or sockets, else `registered` with adapters, else `runs`."""
    front: str = ""
    """Ice endpoints at which its agent stands before it, so that clients never see it go."""
    adapters: list[str] = []
    """Ids of its object adapters."""


class ScalingSettings(Strict, frozen=True, kw_only=True):
    """Processes of which only so many run as their load needs: the first ones of `members`."""

    name: str
    members: list[str]
    min: int = 1
    target_load: float
    """More run when their mean is above it, fewer when it would stay well below it with one less."""
    load_gauge: str = "load"
    """The reading that is looked at, as nodes tell it to the registry."""


class AppSettings(Strict, frozen=True, kw_only=True):
    key: str
    secret: str
    name: str = ""


class GroupSettings(Strict, frozen=True, kw_only=True):
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


OPEN, BY_TOKEN, BY_TLS = "open", "token", "tls"
JOINS = (OPEN, BY_TOKEN, BY_TLS)
"""Who may join: everybody, who shows a token, who has a certificate."""


class ClusterSettings(Strict, frozen=True, kw_only=True):
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
    join: str = OPEN
    """Who may join; see `JOINS`."""
    tls: str = ""
    """Folder with `ca.pem`, and `<node>.pem` and `<node>.key` of the nodes of a machine."""
    releases_root: str = ""
    """`sha256:…` of the publisher's first root document; empty: agents believe the first they are shown."""
    message_kb_max: int = 64 * 1024
    """The largest message nodes take from each other: an audience is one bitmap in one message."""
    log_level: str = "info"


class Settings(Strict, frozen=True, kw_only=True):
    cluster: ClusterSettings
    app: list[AppSettings] = []
    group: list[GroupSettings] = []
    node: list[NodeSettings] = []
    server: list[ServerSettings] = []
    scaling: list[ScalingSettings] = []

    def named(self, name: str) -> NodeSettings:
        """The settings of one node. Raises `SettingsError` when there is no such node."""
        for node in self.node:
            if node.name == name:
                return node
        known = ", ".join(node.name for node in self.node) or "none"
        raise SettingsError(f"no [[node]] is named {name!r}; there are: {known}")

    @property
    def processes(self) -> list[ProcessSettings]:
        """Nodes and servers."""
        return [*self.node, *self.server]

    @property
    def reserve(self) -> set[str]:
        """Members of sets that run only when the load needs them."""
        return {member for each in self.scaling for member in each.members[each.min :]}

    @property
    def agents(self) -> list[NodeSettings]:
        """Those that run others."""
        return [node for node in self.node if node.role == AGENT]

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
    def protocol(self) -> str:
        """What nodes speak to each other over."""
        return "ssl" if self.cluster.join == BY_TLS else "tcp"

    @property
    def doors(self) -> list[str]:
        """Where nodes join, in the same order: over TLS one port above, where certificates are wanted."""
        if self.cluster.join != BY_TLS:
            return self.registries
        found = [known.split() for known in self.registries]
        return [f"ssl -h {host} -p {int(port) + 1}" for _, _, host, _, port in found]

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
