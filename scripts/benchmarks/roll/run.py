"""The benchmark of rolls: new versions go over twelve servers under load, and every request is accounted for.

Beside pushnet the same servers, callers and counts under stock IceGrid with IcePatch2. Everything runs on
loopback, in a folder of its own that is gone afterwards, and every process is ended by its id.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import planted
from first import First
from icegrid import IceGrid
from kinds import KINDS, Programs, make
from load_run import all_kinds
from measure import Wanted, measure
from processes import FailedError
from pushnet_grid import PushnetGrid
from report import goals, markdown, put_into_page, table

SYSTEMS = {"pushnet": PushnetGrid, "icegrid": IceGrid}


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench roll",
        description="what a rolling patch costs: pushnet beside IceGrid and IcePatch2",
    )
    parser.add_argument("--json", metavar="FILE", help="write everything there")
    parser.add_argument("--markdown", action="store_true", help="put the table into docs/benchmarks.md")
    parser.add_argument("--rolls", type=int, default=5, help="of all twelve servers (5)")
    parser.add_argument("--seconds", type=float, default=20.0, help="of load before the rolls (20)")
    parser.add_argument("--rate", type=float, default=2400.0, help="requests a second, of all callers (2400)")
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, default=list(SYSTEMS), metavar="NAME")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=KINDS,
        default=list(KINDS),
        metavar="KIND",
        help=f"kinds of servers: {KINDS}",
    )
    parser.add_argument(
        "--callers", nargs="+", choices=KINDS, default=list(KINDS), metavar="KIND", help="kinds of callers"
    )
    parser.add_argument("--keep", metavar="FOLDER", help="everything that was written, logs too, stays there")
    parser.add_argument("--commit", default="", help="pushnet as of that commit, not of the working tree")
    parser.add_argument(
        "--planted",
        action="store_true",
        help="only see that lost and doubled requests are counted, without a grid",
    )
    return parser.parse_args()


def main() -> int:
    wanted = options()
    try:
        if wanted.keep:
            room = Path(wanted.keep).resolve()
            room.mkdir(parents=True)
            return measured(wanted, room)
        with tempfile.TemporaryDirectory(prefix="pushnet-bench-") as folder:
            return measured(wanted, Path(folder))
    except FailedError as error:
        print(f"scripts/bench roll: {error}", file=sys.stderr)
        return 1


def measured(wanted: argparse.Namespace, room: Path) -> int:
    """Exit status: 1 when pushnet misses a goal."""
    servers, callers = all_kinds(wanted.only), all_kinds(wanted.callers)
    programs = make(all_kinds([*servers, *callers]), room, wanted.commit)
    if wanted.planted:
        told = {"planted": planted.check(programs, servers, callers, room)}
        write(wanted, told)
        print("what was planted was seen")
        return 0
    compileall.compile_dir(programs.package, quiet=2)  # as pip does
    return rolled(wanted, programs, servers, callers, room)


def rolled(
    wanted: argparse.Namespace, programs: Programs, servers: list[str], callers: list[str], room: Path
) -> int:
    amount = Wanted(wanted.rolls, wanted.seconds, wanted.rate, callers)
    machine: dict[str, Any] = {
        "processors": os.cpu_count(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "load": [round(load, 2) for load in os.getloadavg()],
    }
    with First() as first:
        machine["first"] = first.works
        systems = {
            name: measure(SYSTEMS[name](programs, servers, room), amount, room) for name in wanted.systems
        }
    print(table(systems))
    told: dict[str, Any] = {"machine": machine, **systems}
    status = 0
    if "pushnet" in systems:
        told["goals"] = goals(systems["pushnet"])
        for name, goal in told["goals"].items():
            met = "met" if goal["met"] else "NOT MET"
            print(f"pushnet {name:20}{goal['found']:>10}  goal {goal['goal']:6}{met}")
            status |= not goal["met"]
    write(wanted, told)
    if wanted.markdown:
        put_into_page(markdown(systems, machine))
    return int(status)


def write(wanted: argparse.Namespace, told: dict[str, Any]) -> None:
    if wanted.json:
        Path(wanted.json).write_text(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
