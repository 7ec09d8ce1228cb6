"""`scripts/fuzz`: long runs, replays, and the comparison with stock Ice."""

from __future__ import annotations

import argparse
import sys
import time

from tests.fuzz.campaign import fuzz, fuzz_for, shares
from tests.fuzz.differential import compare, servers
from tests.fuzz.guided import guided
from tests.fuzz.outcomes import OTHERWISE, STRICTER
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS
from tests.fuzz.verdict import judge, limit_of, weight_of

INPUTS = 100_000
DIFFERENTIAL_INPUTS = 10_000
GUIDED_S = 600.0


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="scripts/fuzz", description="Give the decoders wrong input. Status 1 when something is found."
    )
    made.add_argument(
        "--target", action="append", choices=sorted(TARGETS), help="only this one; may be repeated"
    )
    made.add_argument("--inputs", type=int, help=f"how many in all (default {INPUTS})")
    made.add_argument("--seconds", type=float, help="how long in all, instead of a number")
    made.add_argument("--seed", default="1", help="another seed, other inputs (default 1)")
    made.add_argument("--input", metavar="HEX", help="replay one input for the target; - is the empty one")
    made.add_argument("--atheris", action="store_true", help="guided by coverage, by the clock (--seconds)")
    made.add_argument("--keep", action="store_true", help="with --atheris: keep new inputs in the corpus")
    made.add_argument(
        "--differential", action="store_true", help="the same requests to stock Ice and to us (default 10000)"
    )
    made.add_argument("--list", action="store_true", help="name the targets")
    return made


def main(argv: list[str]) -> int:
    options = parser().parse_args(argv)
    targets = [TARGETS[name] for name in options.target or TARGETS]
    if options.list:
        print("\n".join(sorted(TARGETS)))
        return 0
    if options.input is not None:
        return replay(targets, bytes.fromhex(options.input.strip("-")))
    if options.differential:
        return differential(options.inputs or DIFFERENTIAL_INPUTS, options.seed)
    if options.atheris:
        return guide(targets, options.seconds or GUIDED_S, options.keep)
    return campaign(targets, options.seed, options.inputs or INPUTS, options.seconds)


def replay(targets: list[Target], data: bytes) -> int:
    """One input again, with the traceback of what may not be raised."""
    if len(targets) != 1:
        print("scripts/fuzz: --input wants one --target", file=sys.stderr)
        return 2
    (target,) = targets
    finding = judge(target, data)
    if finding is not None:
        print(finding)
    try:
        print(f"answer: {target.run(data)!r}")
    except target.peers_fault as error:
        print(f"refused: {type(error).__name__}: {error}")
    print(f"allocates {weight_of(target, data)} bytes of {limit_of(target, data)}")
    return int(finding is not None)


def campaign(targets: list[Target], seed: str, inputs: int, seconds: float | None) -> int:
    """All targets in turn."""
    portions = shares(targets, inputs)
    whole = sum(target.share for target in targets)
    total, found = 0, 0
    for target in targets:
        began = time.process_time()
        if seconds is not None:
            tally = fuzz_for(target, seed, seconds * target.share / whole)
        else:
            tally = fuzz(target, seed, portions[target.name].__gt__)
        total += tally.inputs
        found += len(tally.findings)
        told = f"{target.name:18} {tally.inputs:9} inputs {time.process_time() - began:7.2f} s"
        print(told, *tally.findings, sep="\n" if tally.findings else "", flush=True)
    print(f"{total} inputs, {found} findings")
    return int(found > 0)


def differential(inputs: int, seed: str) -> int:
    """Ours beside stock Ice."""
    with servers() as (stock, ours):
        unlisted, met = compare(stock, ours, inputs, seed)
    for listed in (*STRICTER, *OTHERWISE):
        print(f"{met.get(listed.name, 0):7} {listed.name}: {listed.why}")
    print(*unlisted, f"{inputs} inputs, {len(unlisted)} differences that are not listed", sep="\n")
    return int(bool(unlisted))


def guide(targets: list[Target], seconds: float, keeps: bool) -> int:
    """Each target for its part of the time."""
    failed = sum(not guided(target.name, seconds / len(targets), keeps) for target in targets)
    print(f"{len(targets)} targets, {failed} with findings")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
