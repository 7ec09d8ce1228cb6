"""What is judged of a machine that nodes run on, or are to: facts come in, findings with cures go out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from typing import Final

import attrs
from rich.table import Table
from rich.text import Text

from pushnet.app.serving import is_unknown
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.settings import Settings
from pushnet.grid.tokens import plain_fault
from pushnet.roles.registry.cluster_reports import AHEAD

GIB: Final = 1024**3
MIB: Final = 1024**2
DESCRIPTORS_SPARE: Final = 1000
DESCRIPTORS_MIN: Final = 4096
BACKLOG_MIN: Final = 1024
"""Of connections that wait to be accepted: a Broker that comes back has its devices connect at once."""
EPHEMERAL_MIN: Final = 20_000
CLOCK_OFF_S: Final = 0.5
CLOCK_WRONG_S: Final = 5.0
"""Leases go by monotonic clocks; what lives for a time, certificates and logs go by these."""
CLOCK_BORN_S: Final = 1_700_000_000
DISK_LOW: Final = 5 * GIB
DISK_EMPTY: Final = 256 * MIB
MEMORY_LOW: Final = 256 * MIB
SYNC_SLOW_MS: Final = 50.0
EXPIRES_SOON_DAYS: Final = 14
RELEASES_SOON_S: Final = 24 * 3600.0
STOCK_TOOLS: Final = ("icegridadmin", "icegridnode", "slice2cpp", "slice2py", "glacier2router")


_AILING: Final = (ServerPhase.Failed, ServerPhase.Pausing)


class How(Enum):
    """What a finding comes to."""

    well = "well"
    note = "note"
    warning = "warning"
    wrong = "wrong"


COLOURS: Final = {How.well: "green", How.note: "cyan", How.warning: "yellow", How.wrong: "bold red"}


@attrs.frozen
class Finding:
    """One thing that was looked at."""

    what: str
    how: How
    told: str
    cure: str = ""


@attrs.frozen
class Certificate:
    """Of a file that the configuration names; `trouble`: why it cannot be used."""

    path: str
    subject: str = ""
    begins_s: float = 0.0
    ends_s: float = 0.0
    trouble: str = ""


@attrs.frozen
class Port:
    """A port that a node is to listen at: `free`, `taken`, `ours` (that node listens), `elsewhere`."""

    node: str
    host: str
    port: int
    how: str


@attrs.frozen
class Facts:
    """What was seen. None: it is not known here."""

    now_s: float
    descriptors: tuple[int, int] | None = None
    """Soft and hard limit of this process."""
    somaxconn: int | None = None
    syn_backlog: int | None = None
    ephemeral: tuple[int, int] | None = None
    overcommit: int | None = None
    machine: Mapping[str, float] = attrs.Factory(dict)
    sync_ms: float | None = None
    sync_trouble: str = ""
    folder: str = "."
    clocks: Mapping[str, float] = attrs.Factory(dict)
    """By whom: by so many seconds that clock is ahead of ours."""
    releases_end: Mapping[str, float] = attrs.Factory(dict)
    """By registry: until when, in seconds since 1970, its list of releases is believed."""
    silent: Sequence[str] = ()
    """Registries that do not answer."""
    servers: Sequence[ServerState] = ()
    """Of the whole cluster, as a registry knows them."""
    unwell: Mapping[str, str] = attrs.Factory(dict)
    """Nodes that say that they are not well: where they tell of it."""
    unrenewed: Mapping[str, float] = attrs.Factory(dict)
    """Nodes that try to renew their certificates and cannot: days that are left."""
    certificates: Sequence[Certificate] = ()
    ports: Sequence[Port] = ()
    tools: Mapping[str, str] = attrs.Factory(dict)
    """Name to path; empty: it is not there."""


def examine(facts: Facts, settings: Settings) -> list[Finding]:
    """Everything that can be said of these facts."""
    return [
        *_descriptors(facts, settings),
        *_kernel(facts),
        *_memory(facts),
        *_disk(facts),
        *_clocks(facts),
        *[_releases(place, ends_s, facts.now_s) for place, ends_s in facts.releases_end.items()],
        *_servers(facts.servers),
        *_joining(settings),
        *[_unwell(node, http) for node, http in facts.unwell.items()],
        *[_unrenewed(node, days) for node, days in facts.unrenewed.items()],
        *[_certificate(each, facts.now_s) for each in facts.certificates],
        *[_port(each, facts.ephemeral) for each in facts.ports],
        *_tools(facts.tools),
    ]


def _descriptors(facts: Facts, settings: Settings) -> list[Finding]:
    if facts.descriptors is None:
        return []
    soft, hard = facts.descriptors
    brokers = [node.broker.connections_max for node in settings.node if node.role == "broker"]
    wanted = max([DESCRIPTORS_MIN, *[most + DESCRIPTORS_SPARE for most in brokers]])
    told = f"{soft} of {hard}; {wanted} are wanted"
    if soft >= wanted:
        return [Finding("open files", How.well, told)]
    if hard >= wanted:
        cure = f"`ulimit -n {wanted}` before the start, or LimitNOFILE={wanted} in the unit"
    else:
        cure = f"raise the hard limit to {wanted} (limits.conf, LimitNOFILE=), or lower connections_max"
    return [Finding("open files", How.warning if soft >= DESCRIPTORS_MIN else How.wrong, told, cure)]


def _kernel(facts: Facts) -> list[Finding]:
    found: list[Finding] = []
    for what, value, key in (
        ("accept backlog", facts.somaxconn, "net.core.somaxconn"),
        ("SYN backlog", facts.syn_backlog, "net.ipv4.tcp_max_syn_backlog"),
    ):
        if value is not None:
            low = value < BACKLOG_MIN
            cure = f"`sysctl -w {key}=4096`" if low else ""
            found.append(Finding(what, How.warning if low else How.well, f"{key} is {value}", cure))
    if facts.ephemeral is not None:
        first, last = facts.ephemeral
        low = last - first + 1 < EPHEMERAL_MIN
        cure = '`sysctl -w net.ipv4.ip_local_port_range="32768 60999"`' if low else ""
        told = f"{last - first + 1} ports, {first} to {last}"
        found.append(Finding("ephemeral ports", How.warning if low else How.well, told, cure))
    return found


def _memory(facts: Facts) -> list[Finding]:
    found: list[Finding] = []
    if facts.overcommit is not None:
        strict = facts.overcommit == 2
        told = f"vm.overcommit_memory is {facts.overcommit}"
        cure = "`sysctl -w vm.overcommit_memory=0`, or room for twice the largest node" if strict else ""
        found.append(Finding("memory overcommit", How.warning if strict else How.well, told, cure))
    free = facts.machine.get("memory_free_bytes")
    if free is not None:
        low = free < MEMORY_LOW
        cure = "a node takes 50 MiB and more: end something, or add memory" if low else ""
        told = f"{free / MIB:.0f} MiB free"
        found.append(Finding("memory", How.warning if low else How.well, told, cure))
    return found


def _disk(facts: Facts) -> list[Finding]:
    found: list[Finding] = []
    free = facts.machine.get("disk_free_bytes")
    if free is not None:
        how = How.wrong if free < DISK_EMPTY else How.warning if free < DISK_LOW else How.well
        cure = "" if how is How.well else f"make room on the disk of {facts.folder}"
        found.append(Finding("disk space", how, f"{free / GIB:.1f} GiB free at {facts.folder}", cure))
    if facts.sync_trouble:
        cure = "nothing can be kept there: choose another `cluster.data`, or replace the disk"
        found.append(Finding("fsync", How.wrong, facts.sync_trouble, cure))
    elif facts.sync_ms is not None:
        slow = facts.sync_ms > SYNC_SLOW_MS
        cure = "each acceptance waits for it: a faster disk, or fewer neighbours on it" if slow else ""
        told = f"{facts.sync_ms:.2f} ms at {facts.folder}"
        found.append(Finding("fsync", How.warning if slow else How.well, told, cure))
    return found


def _releases(place: str, ends_s: float, now_s: float) -> Finding:
    """What runs goes on; but nothing new is fetched by a list that is too old."""
    what, left_s = "list of releases", ends_s - now_s
    told = f"of the registry at {place}, good until {datetime.fromtimestamp(ends_s, UTC):%Y-%m-%d %H:%M} UTC"
    cure = "`pushnet patch refresh`, where the keys are; `--every` keeps it fresh"
    if left_s <= 0:
        return Finding(what, How.wrong, f"{told}: no version can be rolled out", cure)
    if left_s < RELEASES_SOON_S:
        return Finding(what, How.warning, told, cure)
    return Finding(what, How.well, told)


def _clocks(facts: Facts) -> list[Finding]:
    found: list[Finding] = []
    if facts.now_s < CLOCK_BORN_S:
        at = datetime.fromtimestamp(facts.now_s, UTC)
        found.append(Finding("clock", How.wrong, f"it says {at:%Y-%m-%d}", "set it; run chrony or ntpd"))
    for who, ahead_s in facts.clocks.items():
        off = abs(ahead_s)
        how = How.wrong if off > CLOCK_WRONG_S else How.warning if off > CLOCK_OFF_S else How.well
        cure = "" if how is How.well else f"run chrony or ntpd here and at {who}"
        word = "ahead of" if ahead_s >= 0 else "behind"
        found.append(Finding("clock", how, f"{who} is {off * 1000:.0f} ms {word} this machine", cure))
    for place in facts.silent:
        cure = "start it, or name another with --registry; without one, clocks and nodes are not compared"
        found.append(Finding("registry", How.note, f"{place} does not answer", cure))
    return found


def _servers(states: Sequence[ServerState]) -> list[Finding]:
    """Agents that are silent, each with what it is to run, and servers that do not come up."""
    found: list[Finding] = []
    silent: dict[str, list[str]] = {}
    for state in states:
        if is_unknown(state):
            silent.setdefault(state.agent, []).append(state.id)
    for agent, names in sorted(silent.items()):
        who = f"{agent} is silent" if agent else "no agent is there"
        cure = (
            "start it on its machine; if that is lost, give them to another agent and `pushnet apply`: "
            "docs/howto/agents.md, A machine is lost"
        )
        found.append(Finding("agent", How.wrong, f"{who}; to be run: {', '.join(names)}", cure))
    for agent in sorted({state.agent for state in states if AHEAD in state.resources}):
        told = f"{agent} goes by a later plan than the registry has, and follows nothing that is applied"
        cure = "if its state was lost, `pushnet apply` the file, then, or after a restore, `pushnet restored`"
        found.append(Finding("agent", How.wrong, told, cure))
    for state in states:
        if state.phase in _AILING and not is_unknown(state):
            told = f"{state.id} at {state.agent} is {state.phase.name.lower()}: {state.reason}"
            found.append(Finding("server", How.warning, told, f"`pushnet logs {state.id}` has what it wrote"))
    if states and not found:
        found.append(Finding("servers", How.well, f"{len(states)}, and their agents are there"))
    return found


def _joining(settings: Settings) -> list[Finding]:
    """Whether strangers can reach a registry that lets in everybody, or read tokens on their way to it."""
    if not plain_fault(settings.doors):
        return []
    told = f'join is "{settings.cluster.join}" and registries listen beyond this machine, in the clear'
    cure = 'unless the network is yours alone: join = "tls", see docs/howto/joining.md'
    return [Finding("joining", How.warning, told, cure)]


def _unwell(node: str, http: str) -> Finding:
    cure = f"`curl {http}/health` on its machine says why, and so does its log; docs/howto/operate.md"
    return Finding("node", How.wrong, f"{node} is not well", cure)


def _unrenewed(node: str, days: float) -> Finding:
    told = f"{node} cannot renew its certificate, of which {max(0.0, days):.0f} days are left"
    cure = f"`pushnet events --kind certificate` and the log of {node} say why; a registry needs ca.key"
    return Finding("certificate", How.warning if days > EXPIRES_SOON_DAYS else How.wrong, told, cure)


def _certificate(certificate: Certificate, now_s: float) -> Finding:
    what = "certificate"
    if certificate.trouble:
        return Finding(what, How.wrong, f"{certificate.path}: {certificate.trouble}", "mend it, or its name")
    until = datetime.fromtimestamp(certificate.ends_s, UTC)
    told = f"{certificate.path} ({certificate.subject}) is good until {until:%Y-%m-%d}"
    days = (certificate.ends_s - now_s) / 86_400
    if now_s < certificate.begins_s:
        begins = datetime.fromtimestamp(certificate.begins_s, UTC)
        told = f"{certificate.path} is good only from {begins:%Y-%m-%d %H:%M}Z on"
        return Finding(what, How.wrong, told, "wait, or set the clock")
    if days <= 0:
        told = f"{certificate.path} ({certificate.subject}) has expired on {until:%Y-%m-%d}"
        return Finding(what, How.wrong, told, "get a new one and start its nodes anew")
    if days < EXPIRES_SOON_DAYS:
        return Finding(what, How.warning, f"{told}: {days:.0f} days", "get a new one now")
    return Finding(what, How.well, told)


def _port(port: Port, ephemeral: tuple[int, int] | None) -> Finding:
    place = f"{port.host}:{port.port} of {port.node}"
    if port.how == "taken":
        cure = f"end what listens there (`ss -ltnp 'sport = :{port.port}'`), or give {port.node} another port"
        return Finding("port", How.wrong, f"{place} is taken by another program", cure)
    if port.how == "elsewhere":
        return Finding("port", How.note, f"{place} is not of this machine")
    told = f"{place} is free" if port.how == "free" else f"{place} is listened at by {port.node} itself"
    if ephemeral is not None and ephemeral[0] <= port.port <= ephemeral[1]:
        cure = f"`sysctl -w net.ipv4.ip_local_reserved_ports={port.port}`, or another port"
        return Finding("port", How.warning, f"{told}, but outgoing connections may take it", cure)
    return Finding("port", How.well, told)


def _tools(tools: Mapping[str, str]) -> list[Finding]:
    if not tools:
        return []
    there = [name for name, path in tools.items() if path]
    absent = [name for name, path in tools.items() if not path]
    told = f"{', '.join(there) or 'none'} found" + (f"; not {', '.join(absent)}" if absent else "")
    cure = "only for work with stock Ice: Debian's zeroc-ice-all-dev has them" if absent else ""
    return [Finding("stock tools", How.note if absent else How.well, told, cure)]


def row(finding: Finding) -> dict[str, str]:
    """For programs."""
    return {"what": finding.what, "how": finding.how.value, "told": finding.told, "cure": finding.cure}


def table(findings: Sequence[Finding]) -> Table:
    """For people."""
    made = Table(title="what was looked at")
    made.add_column("what", no_wrap=True)
    made.add_column("is", no_wrap=True)
    made.add_column("found")
    made.add_column("cure")
    for finding in findings:
        how = Text(finding.how.value, style=COLOURS[finding.how])
        made.add_row(Text(finding.what), how, Text(finding.told), Text(finding.cure))
    return made
