"""`pushnet top`: what each node and server does and takes: requests, failures, times, processor, memory.

Nodes tell counters with every renewal, and the time at which they counted (`up_s`), so a rate is between two
tellings by the node's own clock. What agents tell of the processes they run fills in what nodes do not tell,
and is all that is known of other programs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import attrs
import click
from rich.table import Table
from rich.text import Text
from twisted.internet.task import deferLater

from pushnet.app.agent_calls import Grid, with_grid
from pushnet.app.asking import registry_options, settings_of
from pushnet.app.live import Screen, until_stopped
from pushnet.app.running import CommandError, Session, run
from pushnet.app.serving import MIB, PHASE_COLOURS
from pushnet.app.statuses import ANSWER_LIMIT_MS, CONNECTIONS
from pushnet.gen.pushnet.registry import NodeStatus, RegistryPrx
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.settings import Settings
from pushnet.rpc.exceptions import LocalException

SORTS: Final = ("requests", "failures", "p99", "cpu", "memory", CONNECTIONS, "name")
FIRST_LOOK_S: Final = 4.0
"""So long at most for two tellings, which a rate wants; nodes tell once a second or so."""
GLANCE_S: Final = 0.5


@attrs.frozen
class Row:
    """One node or server. None: nobody tells."""

    name: str
    kind: str
    agent: str = ""
    phase: str = ""
    version: str = ""
    requests: float | None = None
    failures: float | None = None
    p99: float | None = None
    """In milliseconds."""
    cpu: float | None = None
    """Share of one processor."""
    memory: float | None = None
    """In bytes."""
    connections: float | None = None


class Rates:
    """From counters to rates, node by node."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[int, Mapping[str, float], Mapping[str, float]]] = {}
        """Name to epoch, what was told last, and what was told before that."""

    def take(self, nodes: Sequence[NodeStatus]) -> None:
        """This was told."""
        known, self._told = self._told, {}
        for node in nodes:
            name, load = node.info.name, dict(node.load)
            epoch, last, before = known.get(name, (node.epoch, {}, {}))
            if epoch != node.epoch:
                last, before = {}, {}
            if load.get("up_s") != last.get("up_s"):
                last, before = load, last
            self._told[name] = (node.epoch, last, before)

    @property
    def known(self) -> bool:
        """Whether everyone who tells has told twice."""
        return all(before for _, _, before in self._told.values())

    def of(self, name: str, counter: str) -> float | None:
        """How often a second; None as long as it was told only once."""
        _, last, before = self._told.get(name, (0, {}, {}))
        if counter not in last or counter not in before:
            return None
        passed_s = last.get("up_s", 0.0) - before.get("up_s", 0.0)
        return max(0.0, last[counter] - before[counter]) / passed_s if passed_s > 0 else None


def rows(nodes: Sequence[NodeStatus], servers: Sequence[ServerState], rates: Rates) -> list[Row]:
    """Everyone who is there, nodes and programs, by name."""
    run = {state.id: state for state in servers}
    made = [_node(node, run.pop(node.info.name, None), rates) for node in nodes]
    made += [_program(state) for state in run.values() if state.phase is not ServerPhase.Resting]
    return sorted(made, key=lambda row: row.name)


def _node(node: NodeStatus, state: ServerState | None, rates: Rates) -> Row:
    load = node.load
    taken = state.resources if state is not None else {}
    cpu = rates.of(node.info.name, "cpu_s")
    return Row(
        node.info.name,
        node.info.role,
        state.agent if state is not None else "",
        state.phase.name.lower() if state is not None else "",
        node.info.version,
        rates.of(node.info.name, "requests"),
        rates.of(node.info.name, "failures"),
        load.get("p99_ms"),
        taken.get("cpu_share") if cpu is None else cpu,
        load.get("memory_bytes", taken.get("memory_bytes")),
        load.get(CONNECTIONS),
    )


def _program(state: ServerState) -> Row:
    return Row(
        state.id,
        state.kind,
        state.agent,
        state.phase.name.lower(),
        state.version,
        cpu=state.resources.get("cpu_share"),
        memory=state.resources.get("memory_bytes"),
    )


def ordered(found: Sequence[Row], sort: str, *, reverse: bool) -> list[Row]:
    """The largest first, by name where nobody tells; `reverse`: the other way round."""
    if sort == "name":
        return sorted(found, key=lambda row: row.name, reverse=reverse)
    told = [row for row in found if getattr(row, sort) is not None]
    untold = [row for row in found if getattr(row, sort) is None]
    return [*sorted(told, key=lambda row: float(getattr(row, sort)), reverse=not reverse), *untold]


@click.command()
@click.argument("config_file", metavar="[CONFIG]", type=click.Path(dir_okay=False), required=False)
@click.option("--sort", type=click.Choice(SORTS), default="requests", show_default=True)
@click.option("--reverse", is_flag=True, help="The smallest first.")
@click.option("--most", type=click.IntRange(1), help="So many rows.")
@click.option("--interval", type=click.FloatRange(0.2), default=2.0, show_default=True, help="Seconds.")
@click.option("--once", is_flag=True, help="One picture, of some two seconds.")
@click.option("--json", "machine", is_flag=True, help="One JSON object a line, for programs.")
@registry_options
def top(
    config_file: str | None,
    sort: str,
    reverse: bool,
    most: int | None,
    interval: float,
    once: bool,
    machine: bool,
    config: str | None,
    registry: str | None,
) -> None:
    """Show what nodes and servers do and take, over and over, the busiest first."""
    where = settings_of(config_file or config, registry)
    shape = Shape(sort, reverse, most, interval, machine)
    sys.exit(run(lambda session: watch_top(session, where, shape, once=once)))


@attrs.frozen
class Shape:
    """How it is shown."""

    sort: str = "requests"
    reverse: bool = False
    most: int | None = None
    interval_s: float = 2.0
    machine: bool = False


async def watch_top(session: Session, settings: Settings, shape: Shape, *, once: bool) -> int:
    """Show it once, or until somebody wants us to end."""

    async def work(grid: Grid) -> int:
        rates = Rates()
        until = session.world.monotonic() + FIRST_LOOK_S
        rates.take(await _nodes(grid))
        while not rates.known and session.world.monotonic() < until:
            await deferLater(session.world.clock, GLANCE_S)
            rates.take(await _nodes(grid))
        with Screen(sys.stdout) as screen:
            while not session.stopping.called:
                _show(session, settings, screen, shape, await _look(grid, rates))
                if once:
                    return 0
                await deferLater(session.world.clock, shape.interval_s)
        return 0

    return await until_stopped(session, with_grid(session, settings, work))


async def _nodes(grid: Grid) -> list[NodeStatus]:
    proxy = grid.communicator.stringToProxy(":".join(["PushNet/Registry", *grid.registries]))
    registry = RegistryPrx.uncheckedCast(proxy)
    assert registry is not None
    return list(await registry.ice_invocationTimeout(ANSWER_LIMIT_MS).nodes())


async def _look(grid: Grid, rates: Rates) -> list[Row] | CommandError:
    try:
        nodes = await _nodes(grid)
        rates.take(nodes)
        return rows(nodes, await grid.cluster().servers(), rates)
    except LocalException as error:
        return CommandError(f"no registry answers ({type(error).__name__})")


def _show(
    session: Session, settings: Settings, screen: Screen, shape: Shape, found: list[Row] | CommandError
) -> None:
    at = datetime.fromtimestamp(session.world.wall(), UTC)
    if isinstance(found, CommandError):
        if shape.machine:
            print(
                json.dumps({"time": at.isoformat(timespec="milliseconds"), "trouble": str(found)}), flush=True
            )
        else:
            screen.show(Text(str(found), style="bold red"))
        return
    every = ordered(found, shape.sort, reverse=shape.reverse)
    shown = every[: shape.most] if shape.most else every
    if shape.machine:
        print(json.dumps(told(settings.cluster.name, at, shown)), flush=True)
    else:
        screen.show(table(settings.cluster.name, at, shown, found))


def told(cluster: str, at: datetime, shown: Sequence[Row]) -> dict[str, Any]:
    """For programs: rates a second, `p99` in ms, `cpu` in processors, `memory` in bytes."""
    return {
        "time": at.isoformat(timespec="milliseconds"),
        "cluster": cluster,
        "rows": [attrs.asdict(row) for row in shown],
    }


def table(cluster: str, at: datetime, shown: Sequence[Row], every: Sequence[Row]) -> Table:
    """For people."""
    total = sum(row.requests or 0.0 for row in every)
    title = f"cluster {cluster}, {at:%H:%M:%S}Z: {len(every)} servers, {total:,.0f} requests/s"
    made = Table(title=title)
    for column in ("name", "kind", "agent", "is", "version"):
        made.add_column(column, no_wrap=True)
    for column in ("requests/s", "failures/s", "p99", "cpu", "memory", "connections"):
        made.add_column(column, no_wrap=True, justify="right")
    colours = {phase.name.lower(): colour for phase, colour in PHASE_COLOURS.items()}
    for row in shown:
        made.add_row(
            row.name,
            row.kind,
            row.agent,
            Text(row.phase, style=colours.get(row.phase, "")),
            row.version,
            _number(row.requests),
            Text(_number(row.failures), style="red" if row.failures else ""),
            "" if row.p99 is None else f"{row.p99:.1f} ms",
            "" if row.cpu is None else f"{row.cpu:.0%}",
            "" if row.memory is None else f"{row.memory / MIB:.0f} MiB",
            "" if row.connections is None else f"{row.connections:,.0f}",
        )
    return made


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.1f}" if value < 10 else f"{value:,.0f}"
