"""Runs all tests, or the packages and modules named, as `python -m tests`: `scripts/test` ends here.

Each package of tests is a run of trial in a process of its own (trial's own `-j` would hand the tests of
one class to several processes, and with them the cluster they share). Two processes work side by side, one of
which takes the tests of whole clusters; a run that hangs is ended and counts as one failure. The last line is
`N passed, N failed, N skipped`.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import attrs

ALONE = "tests.system"
"""Whole clusters, with limits of time: one at a time, in the first of two lanes."""
RUN_LIMIT_S = 1200
CHECKS = ("format", "lint", "types", "floors")
SPLIT = ("system", "interop", "sim", "bench")
"""Packages whose modules are long: each module is a run. They go first."""
TOP = Path(__file__).parent.parent
_SUMMARY = re.compile(r"^(PASSED|FAILED)(?: \((?P<counts>[^)]*)\))?\s*$", re.MULTILINE)
_SKIPPED = re.compile(r"^\[(?:SKIPPED|TODO)\]\n(?P<reason>.*)$", re.MULTILINE)


@attrs.frozen
class Outcome:
    """What one run came to."""

    name: str
    passed: int
    failed: int
    skipped: int
    seconds: float
    output: str


def discover() -> list[list[str]]:
    """Every run there is, as lists of module names, those that take long first: a folder each, or less."""
    slow: list[list[str]] = []
    rest: list[list[str]] = []
    folders = sorted({path.parent for path in (TOP / "tests").rglob("test_*.py")})
    for folder in folders:
        paths = sorted(folder.glob("test_*.py"))
        modules = [".".join(path.relative_to(TOP).with_suffix("").parts) for path in paths]
        if folder.name in SPLIT:
            slow += [[module] for module in modules]
        else:
            rest.append(modules)
    return slow + rest


def run(command: list[str]) -> tuple[int, str, float]:
    """Run to the end or the limit; the status is -1 when it had to be ended."""
    began = time.monotonic()
    try:
        done = subprocess.run(command, cwd=TOP, capture_output=True, timeout=RUN_LIMIT_S, check=False)
        status, output = done.returncode, done.stdout + done.stderr
    except subprocess.TimeoutExpired as late:
        status, output = -1, (late.stdout or b"") + (late.stderr or b"") + b"\nended: it took too long\n"
    return status, output.decode("utf-8", "replace"), time.monotonic() - began


def check(name: str) -> Outcome:
    """One part of `scripts/check` as a test."""
    status, output, seconds = run(["scripts/check", name])
    return Outcome(f"check {name}", int(status == 0), int(status != 0), 0, seconds, output)


def trial(modules: list[str]) -> Outcome:
    """Some modules, or a package, under trial."""
    name = modules[0] if len(modules) == 1 else modules[0].rpartition(".")[0]
    room = f"_trial_temp_runs/{name}"
    (TOP / room).parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "twisted.trial", "--reporter=text", f"--temp-directory={room}", *modules]
    status, output, seconds = run(command)
    counts = {"successes": 0, "failures": 0, "errors": 0, "skips": 0, "expectedFailures": 0}
    summaries = list(_SUMMARY.finditer(output))
    if summaries:
        for item in filter(None, (summaries[-1]["counts"] or "").split(", ")):
            key, _, number = item.partition("=")
            counts[key] = int(number)
    failed = counts["failures"] + counts["errors"]
    if (status != 0 or not summaries) and not failed:
        failed = 1
    skipped = counts["skips"] + counts["expectedFailures"]
    return Outcome(name, counts["successes"], failed, skipped, seconds, output)


def tell(outcome: Outcome) -> None:
    """One line for a run, and all it said when something failed."""
    print(
        f"{outcome.name}: {outcome.passed} passed, {outcome.failed} failed, {outcome.skipped} skipped"
        f" ({outcome.seconds:.1f} s)",
        flush=True,
    )
    if outcome.failed:
        print(outcome.output, flush=True)
        return
    for reason in sorted({match["reason"].strip() for match in _SKIPPED.finditer(outcome.output)}):
        print(f"    skipped: {reason}", flush=True)


def work_off(*queues: deque[Callable[[], Outcome]]) -> list[Outcome]:
    """Run what is in the queues, the first one first, until all are empty; tell each outcome."""
    outcomes: list[Outcome] = []
    while True:
        queue = next(filter(None, queues), None)
        if queue is None:
            return outcomes
        try:
            outcomes.append(queue.popleft()())
        except IndexError:
            continue
        tell(outcomes[-1])


def main(names: list[str]) -> int:
    """Run what is named, or the checks and everything. Returns the exit status."""
    alone: deque[Callable[[], Outcome]] = deque()
    others: deque[Callable[[], Outcome]] = deque()
    for modules in [[name] for name in names] or discover():
        (alone if modules[0].startswith(ALONE) else others).append(partial(trial, modules))
    if not names:
        others.extend(partial(check, name) for name in CHECKS)
    with ThreadPoolExecutor(2) as pool:
        lanes = [pool.submit(work_off, alone, others), pool.submit(work_off, others)]
        outcomes = [outcome for lane in lanes for outcome in lane.result()]
    failing = sorted(outcome.name for outcome in outcomes if outcome.failed)
    if failing:
        print(f"failing: {', '.join(failing)}")
    failed = sum(outcome.failed for outcome in outcomes)
    passed = sum(outcome.passed for outcome in outcomes)
    print(f"{passed} passed, {failed} failed, {sum(outcome.skipped for outcome in outcomes)} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
