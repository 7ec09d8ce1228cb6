"""`pushnet status`: what the registry knows of the nodes, beside what the file says there should be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from pushnet.app.asking import open_communicator
from pushnet.app.running import CommandError, Session
from pushnet.gen.pushnet.registry import NodeStatus, RegistryPrx
from pushnet.grid.settings import Settings
from pushnet.rpc.exceptions import LocalException

ANSWER_LIMIT_MS = 5000
CONNECTIONS = "connections"
PLAIN_WIDTH = 160
HELD = "held"
"""A lease that is renewed at another registry than the one that was asked: it knows only that it runs."""


async def status(session: Session, settings: Settings, *, machine: bool = False) -> int:
    """Print the nodes. The status is 0 when every node of the file is there."""
    cluster = settings.cluster
    rows = described(await living(session, settings), settings)
    missing = [row for row in rows if not row["alive"]]
    if machine:
        print(json.dumps({"cluster": cluster.name, "nodes": rows, "missing": len(missing)}))
    else:
        console = Console()
        Console(width=None if console.is_terminal else PLAIN_WIDTH).print(table(cluster.name, rows))
    return 1 if missing else 0


async def living(session: Session, settings: Settings) -> list[NodeStatus]:
    """Every node that holds a lease, as any of the registries at these endpoints knows.

    Raises `CommandError` when none of them answers.
    """
    communicator = open_communicator(session, settings)
    address = ":".join(settings.doors)
    try:
        registry = RegistryPrx.uncheckedCast(communicator.stringToProxy(f"PushNet/Registry:{address}"))
        assert registry is not None
        return list(await registry.ice_invocationTimeout(ANSWER_LIMIT_MS).nodes())
    except LocalException as error:
        told = f"{type(error).__name__}: {error}"
        raise CommandError(f"the registry at {address} does not answer ({told}); is it up?") from error
    finally:
        await communicator.destroy()


def described(alive: Sequence[NodeStatus], settings: Settings) -> list[dict[str, Any]]:
    """One row a node: those that live, then those that the file names and nobody has seen."""
    rows = [
        {
            "node": node.info.name,
            "role": node.info.role,
            "alive": True,
            "version": node.info.version,
            "pid": node.info.pid,
            "http": node.info.http,
            "epoch": node.epoch,
            "lease_left_s": node.leaseLeftMs / 1000,
            "up_s": node.upMs / 1000,
            "adapters": list(node.adapters),
            "load": dict(sorted(node.load.items())),
        }
        for node in alive
    ]
    names = {row["node"] for row in rows}
    names |= settings.reserve
    absent = [node for node in settings.node if node.name not in names]
    return rows + [{"node": node.name, "role": node.role, "alive": False} for node in absent]


def table(name: str, rows: Sequence[dict[str, Any]]) -> Table:
    """The rows for people."""
    made = Table(title=f"cluster {name}")
    for column in ("node", "role", "version", "process", "up", "lease", "connections"):
        made.add_column(column, no_wrap=True)
    made.add_column("readings")
    for row in rows:
        if not row["alive"]:
            made.add_row(row["node"], row["role"], "", "", "", "[red]absent[/]", "", "")
            continue
        load = dict(row["load"])
        connections = load.pop(CONNECTIONS, None)
        made.add_row(
            row["node"],
            row["role"],
            row["version"],
            str(row["pid"]),
            duration(row["up_s"]),
            f"{row['lease_left_s']:.1f} s" if row["lease_left_s"] else HELD,
            "" if connections is None else f"{connections:.0f}",
            ", ".join(f"{key} {_figure(key, value)}" for key, value in load.items()),
        )
    return made


def duration(seconds: float) -> str:
    """How long, in the two units that say most: 59 s, 12 min 5 s, 3 h 2 min, 4 d 7 h."""
    whole = int(seconds)
    for unit, above, below, small in ((86400, "d", "h", 3600), (3600, "h", "min", 60), (60, "min", "s", 1)):
        if whole >= (unit if unit > 60 else 100):
            return f"{whole // unit} {above} {whole % unit // small} {below}"
    return f"{whole} s"


def _figure(name: str, value: float) -> str:
    """A reading as people read it: memory in MiB, counts in full."""
    if name.endswith("_bytes"):
        return f"{value / (1 << 20):.0f} MiB"
    return f"{value:.0f}" if value.is_integer() else f"{value:.3g}"
