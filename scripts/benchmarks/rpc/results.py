"""What comes out: the ratios with names and goals, as medians over the rounds of one run."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from plan import BLOCKS, SYSTEMS


@dataclass(frozen=True)
class Cell:
    """One client and server at one workload."""

    block: str
    client: str
    server: str


@dataclass(frozen=True)
class Ratio:
    """`ours` divided by `theirs`."""

    name: str
    ours: Cell
    theirs: Cell
    figure: str
    more_is_better: bool


@dataclass(frozen=True)
class Goal:
    bound: float
    more_is_better: bool

    def met(self, value: float) -> bool:
        return value >= self.bound if self.more_is_better else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.more_is_better else '≤'} {self.bound:g}"


GOALS = {
    "pipe64_vs_icecpp": Goal(1.5, True),
    "pipe1024_vs_icecpp": Goal(2.5, True),
    "server_cpu_vs_icecpp": Goal(0.8, False),
    "pipe64_vs_icepy": Goal(6, True),
    "pipe64_vs_grpcio": Goal(20, True),
    "pipe64_vs_amp": Goal(6, True),
    "latency_vs_icepy": Goal(1.0, False),
    "latency_server_vs_icecpp": Goal(1.2, False),
    "structs_vs_icepy": Goal(1, True),
    "classes_vs_icepy": Goal(1, True),
    "bytes1m_vs_icecpp": Goal(0.8, True),
    "oneway_vs_icecpp": Goal(1.2, True),
    "memory_1000_conns_vs_icecpp": Goal(1.0, False),
}
_SHORT = {"add1": "latency", "add64": "pipe64", "add1024": "pipe1024"}


def _ratios() -> Iterator[Ratio]:
    for block in BLOCKS:
        workload, _, tls = block.name.partition("-")
        name = _SHORT.get(workload, workload) + (f"_{tls}" if tls else "")
        ours = Cell(block.name, "ours", "ours")
        latency = workload == "add1"
        for peer in SYSTEMS[1:]:
            theirs = Cell(block.name, peer, peer)
            figure = "p50_us" if latency else "requests_s"
            yield Ratio(f"{name}_vs_{peer}", ours, theirs, figure, not latency)
            yield Ratio(f"{name}_cpu_vs_{peer}", ours, theirs, "cpu_us", False)
            if workload == "connections":
                memory = f"memory_1000_conns{'_tls' if tls else ''}"
                yield Ratio(f"{memory}_vs_{peer}", ours, theirs, "server_rss_kb", False)
                yield Ratio(f"{memory}_added_vs_{peer}", ours, theirs, "server_added_kb", False)
    for peer in ("icecpp", "icepy"):
        for block, name, figure in (
            ("add1", "latency_server", "p50_us"),
            ("add1024", "server_cpu", "server_cpu_us"),
        ):
            yield Ratio(
                f"{name}_vs_{peer}", Cell(block, peer, "ours"), Cell(block, peer, peer), figure, False
            )


RATIOS = tuple(_ratios())

Round = dict[Cell, dict[str, float]]


def rounds_of(ratio: Ratio, rounds: list[Round]) -> list[float]:
    return [
        one[ratio.ours][ratio.figure] / one[ratio.theirs][ratio.figure]
        for one in rounds
        if ratio.ours in one and ratio.theirs in one
    ]


def ratios(rounds: list[Round]) -> dict[str, list[float]]:
    """Name -> the ratio of each round."""
    found = {ratio.name: rounds_of(ratio, rounds) for ratio in RATIOS}
    named = {name: found[name] for name in GOALS}
    return {name: values for name, values in {**named, **found}.items() if values}


def medians(rounds: list[Round]) -> dict[Cell, dict[str, float]]:
    many: dict[Cell, list[dict[str, float]]] = {}
    for one in rounds:
        for cell, figures in one.items():
            many.setdefault(cell, []).append(figures)
    return {
        cell: {name: statistics.median(each[name] for each in figures) for name in figures[0]}
        for cell, figures in many.items()
    }
