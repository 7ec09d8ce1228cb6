"""How results are told: tables in Markdown, and everything in JSON."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
from typing import Any

from plan import Block
from results import GOALS, RATIOS, Round, medians, ratios


def markdown(blocks: list[Block], rounds: list[Round]) -> str:
    return "\n".join([*_cells(blocks, rounds), "", *_ratios(rounds)])


def _cells(blocks: list[Block], rounds: list[Round]) -> list[str]:
    lines = [
        "| workload | client | server | calls/s | p50 µs | p99 µs | client CPU | server CPU | peak MB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    cells = medians(rounds)
    for block in blocks:
        for cell, figures in cells.items():
            if cell.block == block.name:
                p50, p99 = (
                    f"{figures[name]:,.0f}" if name in figures else "–" for name in ("p50_us", "p99_us")
                )
                lines.append(
                    f"| {block.name} | {cell.client} | {cell.server} | {figures['requests_s']:,.0f} "
                    f"| {p50} | {p99} | {figures['client_cpu_us']:,.1f} | {figures['server_cpu_us']:,.1f} "
                    f"| {figures['server_peak_kb'] / 1024:.0f} |"
                )
    return lines


def _ratios(rounds: list[Round]) -> list[str]:
    better = {ratio.name: "more" if ratio.more_is_better else "less" for ratio in RATIOS}
    lines = ["| ratio (ours ÷ theirs) | value | goal | met | better is |", "|---|---|---|---|---|"]
    for name, values in ratios(rounds).items():
        value, goal = statistics.median(values), GOALS.get(name)
        told = f"{goal} | {'yes' if goal.met(value) else 'no'}" if goal else "– | –"
        lines.append(f"| `{name}` | {value:.2f} | {told} | {better[name]} |")
    return lines


def written(given: argparse.Namespace, blocks: list[Block], rounds: list[Round], took_s: float) -> str:
    found = ratios(rounds)
    values = {name: statistics.median(each) for name, each in found.items()}
    result: dict[str, Any] = {
        "machine": {
            "cpus": os.cpu_count(),
            "python": platform.python_version(),
            "system": platform.system(),
        },
        "rounds": len(rounds),
        "seconds": given.seconds,
        "took_s": took_s,
        "workloads": {block.name: block.what for block in blocks},
        "ratios": values,
        "goals": {
            name: {"goal": str(goal), "value": values[name], "met": goal.met(values[name])}
            for name, goal in GOALS.items()
            if name in values
        },
        "ratios_by_round": found,
        "medians": [{**vars(cell), **figures} for cell, figures in medians(rounds).items()],
        "measurements": [
            {"round": number, **vars(cell), **figures}
            for number, one in enumerate(rounds, 1)
            for cell, figures in one.items()
        ],
    }
    return json.dumps(result, indent=1) + "\n"
