"""Many seeds, side by side in several processes: `scripts/simulate`.

scripts/simulate --seed 7            one run, told in full; the same run whenever it is repeated
scripts/simulate --seeds 1-200       many, one line each; the exit status tells whether all were right
scripts/simulate --scenario rolls    another scenario than the whole cluster
"""

from __future__ import annotations

import argparse
import functools
import json
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import attrs
from twisted.logger import ILogObserver, globalLogBeginner
from zope.interface import provider

from pushnet.sim import registries, rolls
from pushnet.sim.scenario import Outcome, Scenario

SEEDS_PER_PROCESS = 10
"""Then a fresh process takes over: what a run leaves behind must not add up."""


def seeds_of(text: str) -> list[int]:
    """`"3"`, `"1-50"`, `"1-5,9"` as numbers. Raises `ValueError`."""
    seeds: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        seeds += range(int(first), int(last or first) + 1)
    return seeds


@attrs.frozen
class Told:
    """One run of any scenario, to be shown."""

    seed: int
    wrong: list[str]
    words: str
    log: list[str]
    """Its faults."""
    verdict: Mapping[str, object]
    seconds: float


def play(scenario: str, seed: int) -> Told:
    """One run."""
    begun = time.monotonic()
    told = SCENARIOS[scenario](seed)
    return attrs.evolve(told, seconds=round(time.monotonic() - begun, 2))


def told_of(outcome: Outcome, seconds: float) -> Told:
    """A run of the whole cluster."""
    faults = ", ".join(f"{count} {kind}" for kind, count in outcome.faults.items() if count) or "no faults"
    words = (
        f"{outcome.virtual_s:.0f} s, {outcome.steps} events, {outcome.pushes} pushes, "
        f"{outcome.deliveries} deliveries, {outcome.replayed} replayed, {faults}  {outcome.trace_hash[:16]}"
    )
    return Told(outcome.seed, outcome.wrong, words, outcome.log, attrs.asdict(outcome), seconds)


def _of_cluster(seed: int) -> Told:
    return told_of(Scenario(seed).play(), 0.0)


def _of_registries(seed: int) -> Told:
    verdict = registries.RegistryScenario(seed).play()
    words = (
        f"{verdict.calls} calls answered, {verdict.handovers} handovers, {len(verdict.faults)} faults  "
        f"{verdict.trace_hash[:16]}"
    )
    return Told(seed, verdict.wrong, words, verdict.faults, attrs.asdict(verdict), 0.0)


def _of_rolls(seed: int) -> Told:
    verdict = rolls.RollScenario(seed).play()
    words = (
        f"{verdict.virtual_s:.0f} s, {verdict.calls} requests, {verdict.orders} orders, "
        f"{len(verdict.faults)} faults; {'; '.join(verdict.rolls) or 'no roll'}  {verdict.trace_hash[:16]}"
    )
    return Told(seed, verdict.wrong, words, verdict.faults, attrs.asdict(verdict), 0.0)


SCENARIOS: Final[Mapping[str, Callable[[int], Told]]] = {
    "cluster": _of_cluster,
    "registries": _of_registries,
    "rolls": _of_rolls,
}


def play_all(scenario: str, seeds: list[int], processes: int) -> Iterator[Told]:
    """Run them all; they come as they are done."""
    one = functools.partial(play, scenario)
    if processes <= 1 or len(seeds) == 1:
        yield from map(one, seeds)
        return
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, _quiet, maxtasksperchild=SEEDS_PER_PROCESS) as pool:
        yield from pool.imap_unordered(one, seeds)


def line_of(told: Told) -> str:
    """One run in one line."""
    how = "ok" if not told.wrong else f"{len(told.wrong)} WRONG"
    return f"seed {told.seed:<6} {how:<9} {told.seconds:5.1f} s for {told.words}"


def report_of(told: Told, scenario: str = "cluster") -> str:
    """What went wrong, in full, and how to see it again."""
    lines = [f"  {line}" for line in told.wrong]
    lines += ["  faults:", *[f"    {line}" for line in told.log]]
    which = f" --scenario {scenario}" if scenario != "cluster" else ""
    return "\n".join([*lines, f"  to see it again: scripts/simulate{which} --seed {told.seed}"])


def main(arguments: list[str] | None = None) -> int:
    """The command. Returns its exit status."""
    parser = argparse.ArgumentParser(prog="simulate", description="Run a scenario under seeds.")
    parser.add_argument("--scenario", choices=list(SCENARIOS), default="cluster")
    parser.add_argument("--seed", "--seeds", dest="seeds", default="1-50", help="a number, or 1-50, or 1-5,9")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="one JSON object a run")
    options = parser.parse_args(arguments)
    _quiet()
    wrong = 0
    for told in play_all(options.scenario, seeds_of(options.seeds), options.processes):
        wrong += bool(told.wrong)
        if options.json:
            print(json.dumps({**told.verdict, "seconds": told.seconds}), flush=True)
        else:
            print(line_of(told), flush=True)
            if told.wrong:
                print(report_of(told, options.scenario), flush=True)
    return 1 if wrong else 0


def _quiet() -> None:
    """Nodes log a lot about faults that are meant; verdicts come from the ledger."""
    globalLogBeginner.beginLoggingTo([_ignore], redirectStandardIO=False, discardBuffer=True)


@provider(ILogObserver)
def _ignore(event: dict[str, object]) -> None:
    return


if __name__ == "__main__":
    sys.exit(main())
