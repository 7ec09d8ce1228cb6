"""`pushnet servers`, `server …` and `agents`: what runs where in a cluster, and having it start or stop."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

import attrs
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pushnet.app.agent_calls import Grid, with_grid
from pushnet.app.running import Session
from pushnet.app.statuses import duration
from pushnet.gen.pushnet.agent import AgentFacts, AgentPrx
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.settings import Settings
from pushnet.roles.node.server import TRIES
from pushnet.roles.registry.cluster_reports import AHEAD, SILENT

PLAIN_WIDTH: Final = 180
PHASE_COLOURS: Final = {
    ServerPhase.Serving: "green",
    ServerPhase.Failed: "bold red",
    ServerPhase.Pausing: "red",
    ServerPhase.Draining: "yellow",
    ServerPhase.Starting: "cyan",
    ServerPhase.Fetching: "cyan",
}
WELL: Final = (ServerPhase.Serving, ServerPhase.Resting)
STOPPED: Final = "has stopped"
UNKNOWN: Final = "unknown"
MIB: Final = 1024 * 1024


async def servers(session: Session, settings: Settings, *, machine: bool) -> int:
    """Print every server of the cluster. The status is 1 when one of them is not well."""
    states = await with_grid(session, settings, _servers)
    rows = [row(state) for state in states]
    if machine:
        print(json.dumps({"cluster": settings.cluster.name, "servers": rows}))
    else:
        show(servers_table(states))
    return 0 if all(_is_well(state) for state in states) else 1


async def agents(session: Session, settings: Settings, *, machine: bool) -> int:
    """Print every agent. The status is 1 when one that has servers is silent."""
    found = await with_grid(session, settings, lambda grid: grid.agents())
    if machine:
        rows = [
            {"agent": name, "alive": facts is not None, **_facts_row(facts)} for name, facts in found.items()
        ]
        print(json.dumps({"cluster": settings.cluster.name, "agents": rows}))
    else:
        show(agents_table(found))
    return 0 if all(found.values()) else 1


async def change(
    session: Session,
    settings: Settings,
    name: str,
    call: Callable[[AgentPrx], Awaitable[None]],
    told: str,
) -> int:
    """Have a server's agent do something with it, and say so."""

    async def changed(agent: AgentPrx) -> bool:
        await call(agent)
        return any(state.id == name and state.phase is ServerPhase.Resting for state in await agent.servers())

    rests = await with_grid(session, settings, lambda grid: grid.at_server(name, changed))
    print(f"{name} {'has run, and ended' if rests and told != STOPPED else told}")
    return 0


async def _servers(grid: Grid) -> list[ServerState]:
    return await grid.cluster().servers()


def is_unknown(state: ServerState) -> bool:
    """Whether nobody knows how it is now, because its agent is silent."""
    return SILENT in state.resources


def _is_well(state: ServerState) -> bool:
    return state.phase in WELL and not is_unknown(state) and AHEAD not in state.resources


def _again(state: ServerState) -> str:
    """How often it was started again, and how often in vain since."""
    tries = state.resources.get(TRIES, 0.0)
    told = [str(state.restarts)] if state.restarts else []
    return ", ".join([*told, f"{tries:.0f} failed"] if tries else told)


def _phase(state: ServerState) -> tuple[str, str]:
    """How it is, in a word, and the word's colour."""
    if is_unknown(state):
        return UNKNOWN, "bold red"
    return state.phase.name.lower(), PHASE_COLOURS.get(state.phase, "white")


def row(state: ServerState) -> dict[str, Any]:
    """A server for programs."""
    return {
        "server": state.id,
        "kind": state.kind,
        "agent": state.agent,
        "phase": _phase(state)[0],
        "version": state.version,
        "version_wanted": state.versionWanted,
        "pid": state.pid,
        "restarts": state.restarts,
        "since_s": state.sinceMs / 1000,
        "http": state.http,
        "reason": state.reason,
        "resources": dict(sorted(state.resources.items())),
    }


def servers_table(states: Sequence[ServerState]) -> Table:
    """The servers for people."""
    made = Table(title="servers")
    for column in ("server", "kind", "agent", "is", "for", "version", "process", "restarts"):
        made.add_column(column, no_wrap=True)
    for column in ("cpu", "memory", "files", "threads"):
        made.add_column(column, no_wrap=True, justify="right")
    made.add_column("why")
    for state in states:
        phase, colour = _phase(state)
        moving = state.versionWanted and state.versionWanted != state.version
        taken = {} if is_unknown(state) else state.resources
        made.add_row(
            state.id,
            state.kind,
            state.agent,
            f"[{colour}]{phase}[/]",
            duration(state.resources[SILENT] if is_unknown(state) else state.sinceMs / 1000),
            f"{state.version} → {state.versionWanted}" if moving else state.version,
            str(state.pid or ""),
            _again(state),
            _share(taken.get("cpu_share")),
            _mib(taken.get("memory_bytes")),
            _count(taken.get("descriptors")),
            _count(taken.get("threads")),
            escape(state.reason),
        )
    return made


def agents_table(found: Mapping[str, AgentFacts | None]) -> Table:
    """The agents for people."""
    made = Table(title="agents")
    for column in ("agent", "version", "region", "zone", "settings"):
        made.add_column(column, no_wrap=True)
    for column in ("cpus", "load", "memory free", "disk free"):
        made.add_column(column, no_wrap=True, justify="right")
    made.add_column("system")
    for name, facts in found.items():
        if facts is None:
            made.add_row(name, "[red]silent[/]")
            continue
        has = facts.resources
        made.add_row(
            name,
            facts.version,
            facts.region,
            facts.zone,
            str(facts.generation),
            _count(has.get("cpus")),
            f"{has['load1']:.2f}" if "load1" in has else "",
            _mib(has.get("memory_free_bytes")),
            _mib(has.get("disk_free_bytes")),
            escape(facts.system),
        )
    return made


def show(table: Table) -> None:
    console = Console()
    Console(width=None if console.is_terminal else PLAIN_WIDTH).print(table)


def _facts_row(facts: AgentFacts | None) -> dict[str, Any]:
    if facts is None:
        return {}
    told = attrs.asdict(facts)
    del told["name"]
    return told


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _mib(size: float | None) -> str:
    return "" if size is None else f"{size / MIB:.0f} MiB"


def _count(count: float | None) -> str:
    return "" if count is None else f"{count:.0f}"
