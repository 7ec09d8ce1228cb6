"""The programs of a cluster: for each node of the file, the command that runs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs

from pushnet.grid.settings import NodeSettings, Settings

STOP_ORDER = ("gateway", "relay", "pusher", "broker", "tagalias", "dbagent", "queue", "registry")
"""Who takes work in stops first, who keeps it last: nothing is left on the way."""


@attrs.frozen
class Program:
    """One process to be kept running."""

    name: str
    role: str
    argv: Sequence[str]
    env: Mapping[str, str]


def programs(settings: Settings, config: str | Path) -> list[Program]:
    """One program a node, in the order of the file."""
    return [Program(node.name, node.role, _argv(node, config), dict(os.environ)) for node in settings.node]


def start_order(of: Sequence[Program]) -> list[list[Program]]:
    """The registry before all others: they find each other through it."""
    first = [program for program in of if program.role == "registry"]
    rest = [program for program in of if program.role != "registry"]
    return [tier for tier in (first, rest) if tier]


def stop_order(of: Sequence[Program]) -> list[list[Program]]:
    """Those that stop together, the first ones first."""
    tiers = [[program for program in of if program.role == role] for role in STOP_ORDER]
    return [tier for tier in tiers if tier]


def _argv(node: NodeSettings, config: str | Path) -> list[str]:
    twistd = Path(sys.executable).with_name("twistd")
    return [
        *(str(twistd), "--reactor=pushnet", "--nodaemon", "--no_save", "--pidfile="),
        *(
            f"pushnet-{node.role}",
            "--config",
            str(Path(config).resolve()),
            "--node",
            node.name,
            "--with-parent",
        ),
    ]
