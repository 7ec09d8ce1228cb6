"""One system: its grid, the load on it, a while of quiet, and the rolls."""

from __future__ import annotations

import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import attrs
from accounting import Span, account, read_executed
from grid import Grid
from load_run import Load

WARM_S = 3.0
"""Connections are made, and nothing is counted as latency yet."""
LAST_S = 1.0
"""What is under way in the last tenth of a second is on its way to the servers' files."""


@attrs.frozen
class Wanted:
    """How much of it."""

    rolls: int
    seconds: float
    """Of quiet before the rolls."""
    rate: float
    clients: list[str]


def measure(grid: Grid, wanted: Wanted, room: Path) -> dict[str, Any]:
    """What became of everything that was asked of this grid."""
    folder = room / f"load-{grid.name}"
    folder.mkdir()
    with ExitStack() as stack:
        stack.callback(grid.stop)
        say(grid, "starting")
        grid.start()
        load = Load(grid.programs, wanted.clients, grid.ways(), wanted.rate, folder)
        stack.callback(load.stop)
        load.begin()
        load.go_on(WARM_S)
        say(grid, f"{wanted.seconds:.0f} s before the rolls")
        quiet = _span(lambda: load.go_on(wanted.seconds))
        rolls = []
        for number in range(1, wanted.rolls + 1):
            say(grid, f"roll {number} of {wanted.rolls}")
            version = f"1.{number}.0"
            rolls.append(_span(lambda version=version: grid.roll(version, load.look)))
            load.go_on(LAST_S)
        outcome = load.end()
        time.sleep(LAST_S)
    told = account(outcome(), read_executed(grid.executed), quiet, rolls)
    told["rolls"] = [round(roll.end_s - roll.begin_s, 1) for roll in rolls]
    return told


def _span(what: Any) -> Span:
    begin_s = time.monotonic()
    what()
    return Span(begin_s, time.monotonic())


def say(grid: Grid, what: str) -> None:
    print(f"  {grid.name}: {what} ...", file=sys.stderr, flush=True)
