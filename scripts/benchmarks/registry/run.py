"""The registry benchmark: ours beside ZeroC's icegridregistry, in one run, under one stock C++ client.

Rounds are interleaved, so that other work on the machine falls on both alike; a ratio is the median of the
rounds' ratios. Both keep each registration on disk before they answer; `registrations` are one at a time.
Failover is of a stock server that registered itself: from its kill -9, or SIGSTOP, until the locator no
longer answers with it. IceGrid keeps such an entry until it is taken away, so its figure is how long we cared
to wait.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from measuring import IDS, WINDOW, Measuring, build
from systems import FailedError, IceGrid, Pushnet, System

PAGE = Path(__file__).resolve().parents[3] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- scripts/bench registry --markdown: begin -->", "<!-- scripts/bench registry: end -->"
GOALS = {"failover_vs_icegrid": 0.2, "lookups_vs_icegrid": 1.5, "registrations_vs_icegrid": 2.0}


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench registry", description="pushnet beside icegridregistry"
    )
    parser.add_argument("--json", metavar="FILE", help="write everything there")
    parser.add_argument("--markdown", action="store_true", help="put the table into docs/benchmarks.md")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (5)")
    parser.add_argument("--seconds", type=float, default=1.0, help="of each measurement of lookups (1.0)")
    parser.add_argument(
        "--adapters", type=int, default=10_000, help="registered for lookups and memory (10000)"
    )
    parser.add_argument("--patience", type=float, default=40.0, help="seconds to wait for a failover (40)")
    return parser.parse_args()


def median(values: list[float]) -> float:
    return round(statistics.median(values), 3)


class Bench:
    """Both systems, running, and what was found."""

    def __init__(self, systems: list[System], client: Path, wanted: argparse.Namespace) -> None:
        self._systems = systems
        self._measuring = {system.name: Measuring(client, system) for system in systems}
        self._wanted = wanted
        self.found: dict[str, dict[str, Any]] = {system.name: {} for system in systems}
        self._rounds: dict[str, dict[str, list[float]]] = {}

    def run(self) -> None:
        for system in self._systems:
            self.found[system.name]["memory_mb_empty"] = round(system.memory_mb(), 1)
        self._registrations()
        self._lookups()
        self._failover()

    def ratios(self) -> dict[str, float]:
        """Ours to theirs."""
        lookups = [self._ratio(f"lookups_{kind}") for kind in ("adapter", "object")]
        ours, theirs = self.found["pushnet"], self.found["icegrid"]
        failovers = [ours[name] / theirs[name] for name in ("failover_kill_s", "failover_pause_s")]
        return {
            "failover_vs_icegrid": round(max(failovers), 4),
            "lookups_vs_icegrid": round(min(lookups), 2),
            "lookups_adapter_vs_icegrid": round(lookups[0], 2),
            "lookups_object_vs_icegrid": round(lookups[1], 2),
            "registrations_vs_icegrid": round(self._ratio("registrations"), 2),
            "registrations_window_64_vs_icegrid": round(self._ratio("registrations_window_64"), 2),
        }

    def _ratio(self, what: str) -> float:
        rounds = self._rounds[what]
        return statistics.median(
            ours / theirs for ours, theirs in zip(rounds["pushnet"], rounds["icegrid"], strict=True)
        )

    def _note(self, what: str, system: str, value: float) -> None:
        self._rounds.setdefault(what, {}).setdefault(system, []).append(value)
        self.found[system][f"{what}_per_s"] = median(self._rounds[what][system])

    def _registrations(self) -> None:
        say("registrations")
        for number in range(self._wanted.rounds):
            for name, measuring in self._measuring.items():
                with measuring.registered(WINDOW, f"r{number}-", IDS) as (rate, _):
                    self._note("registrations_window_64", name, rate)
            for name, measuring in self._measuring.items():
                with measuring.registered(1, f"s{number}-", IDS // 2) as (rate, _):
                    self._note("registrations", name, rate)

    def _lookups(self) -> None:
        say(f"lookups, with {self._wanted.adapters} adapters")
        with ExitStack() as stack:
            for system in self._systems:
                measuring = self._measuring[system.name]
                stack.enter_context(measuring.registered(WINDOW, "a", self._wanted.adapters))
                system.add_objects("o", IDS)
                self.found[system.name]["memory_mb_full"] = round(system.memory_mb(), 1)
            for _ in range(self._wanted.rounds):
                for kind, prefix in (("adapter", "a"), ("object", "o")):
                    for name, measuring in self._measuring.items():
                        rate = measuring.lookups(kind, prefix, self._wanted.seconds)
                        self._note(f"lookups_{kind}", name, rate)

    def _failover(self) -> None:
        for what, fault in (("kill", signal.SIGKILL), ("pause", signal.SIGSTOP)):
            say(f"failover after a {what}")
            for name, measuring in self._measuring.items():
                seconds = measuring.failover_s(fault, f"{what}-", self._wanted.patience)
                self.found[name][f"failover_{what}_s"] = round(seconds, 3)
                self.found[name][f"failover_{what}_gave_up"] = seconds >= self._wanted.patience


def say(what: str) -> None:
    print(f"  {what} ...", file=sys.stderr, flush=True)


def table(found: dict[str, dict[str, Any]]) -> str:
    """Both side by side."""
    names = [name for name in found["pushnet"] if not name.endswith("_gave_up")]
    lines = [f"{'':34}{'pushnet':>14}{'icegrid':>14}"]
    for name in names:
        cells = []
        for system in ("pushnet", "icegrid"):
            mark = ">" if found[system].get(name.removesuffix("_s") + "_gave_up") else ""
            cells.append(
                f"{mark}{found[system][name]:,.3g}"
                if name.endswith("_s") and "per" not in name
                else f"{found[system][name]:,.1f}"
            )
        lines.append(f"{name:34}{cells[0]:>14}{cells[1]:>14}")
    return "\n".join(lines)


def report(found: dict[str, dict[str, Any]], ratios: dict[str, float], load: str) -> str:
    """Both tables in Markdown."""
    lines = [
        "Made by `scripts/bench registry --json FILE --markdown`"
        f" on {os.cpu_count()} CPUs, load when it began {load}.",
        "",
        "| ratio (ours ÷ theirs) | value | goal | met |",
        "|---|---|---|---|",
    ]
    for name, value in ratios.items():
        goal = GOALS.get(name)
        if goal is None:
            lines.append(f"| `{name}` | {value} | | |")
            continue
        met = value <= goal if goal < 1 else value >= goal
        lines.append(f"| `{name}` | {value} | {'≤' if goal < 1 else '≥'} {goal} | {'yes' if met else 'no'} |")
    lines += ["", "| | pushnet | icegridregistry |", "|---|---|---|"]
    for line in table(found).splitlines()[1:]:
        name, ours, theirs = line.split()
        lines.append(f"| `{name}` | {ours} | {theirs} |")
    return "\n".join(lines)


def put_into_page(text: str) -> None:
    page = PAGE.read_text()
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


def main() -> int:
    wanted = options()
    load = " / ".join(f"{value:.1f}" for value in os.getloadavg())
    try:
        with tempfile.TemporaryDirectory(prefix="pushnet-bench-") as folder, ExitStack() as stack:
            client = build(Path(tempfile.gettempdir()))
            systems: list[System] = [Pushnet(Path(folder)), IceGrid(Path(folder))]
            for system in systems:
                stack.callback(system.stop)
                system.start()
            bench = Bench(systems, client, wanted)
            bench.run()
    except (FailedError, FileNotFoundError) as error:
        print(f"scripts/bench registry: {error}", file=sys.stderr)
        return 1
    ratios = bench.ratios()
    print(table(bench.found))
    for name, value in ratios.items():
        goal = GOALS.get(name)
        told = "" if goal is None else f"   goal {'at most' if goal < 1 else 'at least'} {goal}"
        print(f"{name:40}{value:>8}{told}")
    if wanted.markdown:
        put_into_page(report(bench.found, ratios, load))
    if wanted.json:
        machine = {
            "processors": os.cpu_count(),
            "load": load,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        told_in_full = {"machine": machine, "systems": bench.found, "ratios": ratios, "goals": GOALS}
        Path(wanted.json).write_text(json.dumps(told_in_full, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
