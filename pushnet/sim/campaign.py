"""Many seeds, side by side in several processes: `scripts/simulate`.

scripts/simulate --seed 7            one run, told in full; the same run whenever it is repeated
scripts/simulate --seeds 1-200       many, one line each; the exit status tells whether all were right
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
from collections.abc import Iterator

import attrs
from twisted.logger import ILogObserver, globalLogBeginner
from zope.interface import provider

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


def play(seed: int) -> tuple[Outcome, float]:
    """One run, and how many seconds it took."""
    begun = time.monotonic()
    return Scenario(seed).play(), time.monotonic() - begun


def play_all(seeds: list[int], processes: int) -> Iterator[tuple[Outcome, float]]:
    """Run them all; outcomes come as they are done."""
    if processes <= 1 or len(seeds) == 1:
        yield from map(play, seeds)
        return
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, _quiet, maxtasksperchild=SEEDS_PER_PROCESS) as pool:
        yield from pool.imap_unordered(play, seeds)


def line_of(outcome: Outcome, seconds: float) -> str:
    """One run in one line."""
    told = "ok" if not outcome.wrong else f"{len(outcome.wrong)} WRONG"
    faults = ", ".join(f"{count} {kind}" for kind, count in outcome.faults.items() if count) or "no faults"
    return (
        f"seed {outcome.seed:<6} {told:<9} {seconds:5.1f} s for {outcome.virtual_s:.0f} s, "
        f"{outcome.steps} events, {outcome.pushes} pushes, {outcome.deliveries} deliveries, "
        f"{outcome.replayed} replayed, "
        f"{faults}  {outcome.trace_hash[:16]}"
    )


def report_of(outcome: Outcome) -> str:
    """What went wrong, in full, and how to see it again."""
    lines = [f"  {line}" for line in outcome.wrong]
    lines += ["  faults:", *[f"    {line}" for line in outcome.log]]
    return "\n".join([*lines, f"  to see it again: scripts/simulate --seed {outcome.seed}"])


def main(arguments: list[str] | None = None) -> int:
    """The command. Returns its exit status."""
    parser = argparse.ArgumentParser(prog="simulate", description="Run the whole cluster under seeds.")
    parser.add_argument("--seed", "--seeds", dest="seeds", default="1-50", help="a number, or 1-50, or 1-5,9")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="one JSON object a run")
    options = parser.parse_args(arguments)
    _quiet()
    wrong = 0
    for outcome, seconds in play_all(seeds_of(options.seeds), options.processes):
        wrong += bool(outcome.wrong)
        if options.json:
            print(json.dumps({**attrs.asdict(outcome), "seconds": round(seconds, 2)}), flush=True)
        else:
            print(line_of(outcome, seconds), flush=True)
            if outcome.wrong:
                print(report_of(outcome), flush=True)
    return 1 if wrong else 0


def _quiet() -> None:
    """Nodes log a lot about faults that are meant; verdicts come from the ledger."""
    globalLogBeginner.beginLoggingTo([_ignore], redirectStandardIO=False, discardBuffer=True)


@provider(ILogObserver)
def _ignore(event: dict[str, object]) -> None:
    return


if __name__ == "__main__":
    sys.exit(main())
