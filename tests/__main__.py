"""Runs all tests, or the packages and modules named, as `python -m tests`: `scripts/test` ends here.

Each package of tests is a run of trial in a process of its own (trial's own `-j` would hand the tests of
one class to several processes, and with them the cluster they share). Two processes work side by side,
the longest first; a run that hangs is ended and counts as one failure. The last line printed is
`N passed, N failed, N skipped`.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import attrs

SIDE_BY_SIDE = 2
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


def discover() -> list[str]:
    """Every run there is, as module names, those that take long first."""
    slow: list[str] = []
    rest: list[str] = []
    for package in sorted(path.parent for path in (TOP / "tests").glob("*/__init__.py")):
        modules = sorted(package.rglob("test_*.py"))
        if package.name in SPLIT:
            slow += [".".join(path.relative_to(TOP).with_suffix("").parts) for path in modules]
        elif modules:
            rest.append(f"tests.{package.name}")
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


def trial(name: str) -> Outcome:
    """One module or package under trial."""
    room = f"_trial_temp_runs/{name}"
    (TOP / room).parent.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "twisted.trial", "--reporter=text", f"--temp-directory={room}", name]
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


def main(names: list[str]) -> int:
    """Run what is named, or the checks and everything. Returns the exit status."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        work = [pool.submit(trial, name) for name in names or discover()]
        if not names:
            work += [pool.submit(check, name) for name in CHECKS]
        outcomes: list[Outcome] = []
        for done in as_completed(work):
            outcomes.append(done.result())
            tell(outcomes[-1])
    failing = [outcome.name for outcome in outcomes if outcome.failed]
    if failing:
        print(f"failing: {', '.join(failing)}")
    failed = sum(outcome.failed for outcome in outcomes)
    passed = sum(outcome.passed for outcome in outcomes)
    print(f"{passed} passed, {failed} failed, {sum(outcome.skipped for outcome in outcomes)} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
