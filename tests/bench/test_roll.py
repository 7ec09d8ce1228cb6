"""The benchmark of rolls accounts for every request: what is planted is seen."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from twisted.trial.unittest import TestCase

from tests.app.children import Child, python
from tests.house.tree import TOP

BENCH = TOP / "scripts" / "benchmarks" / "roll"
LIMIT_S = 120.0
COUNTING = """
import json
from pathlib import Path
from accounting import Span, account, read_caller, read_executed

callers = [read_caller(1, "ours direct", Path("told"))]
told = account(callers, read_executed(Path("executed")), Span(0, 10), [Span(10, 20)])
print(json.dumps(told))
"""

FIRST = """
import subprocess, sys, time
from pathlib import Path
from first import FIRST, First

def session(pid):
    path = Path(f"/proc/{pid}/autogroup")
    words = path.read_text().split() if path.exists() else []
    return int(words[-1]) if words else 0  # none where no session was ever begun: in init's own

print(session("self"), file=sys.stderr)
waits = [sys.executable, "-c", "import sys; sys.stdin.read()"]
other = subprocess.Popen(waits, stdin=subprocess.PIPE, start_new_session=True)
gentle = subprocess.Popen(waits, stdin=subprocess.PIPE, start_new_session=True)
with First() as first:
    if first.works:
        Path(f"/proc/{gentle.pid}/autogroup").write_text("10")
        while session(other.pid) != FIRST:
            time.sleep(0.01)
    within = session("self"), session(other.pid), session(gentle.pid)
print(first.works, *within, session("self"))
other.communicate()
gentle.communicate()
"""


class RollBenchmarkTest(TestCase):
    timeout = 150

    async def test_lost_and_doubled_requests_that_servers_plant_are_counted_one_by_one(self) -> None:
        out = Path(self.mktemp()).resolve()
        command = [sys.executable, str(BENCH / "run.py"), "--planted", "--only", "ours", "--callers", "ours"]
        ended = await Child([*command, "--json", str(out)], cwd=str(TOP), limit_s=LIMIT_S).ended
        self.assertEqual(ended.status, 0, ended.out + ended.err)
        told = json.loads(out.read_text())["planted"]
        counted = [
            told[name] for name in ("failed", "duplicated", "lost_oneway", "lost_batch", "lost_twoway")
        ]
        self.assertEqual(counted, [0, 1, 1, 1, 1])

    async def counted(self, told: str, executed: dict[str, str]) -> dict[str, object]:
        room = Path(self.mktemp()).resolve()
        (room / "executed").mkdir(parents=True)
        (room / "told").write_text(told)
        for server, lines in executed.items():
            (room / "executed" / server).write_text(lines)
        ended = await python("-c", COUNTING, cwd=str(room), env={"PYTHONPATH": str(BENCH)}).ended
        self.assertEqual(ended.status, 0, ended.err)
        found: dict[str, object] = json.loads(ended.out)
        return found

    async def test_a_request_is_lost_only_when_its_caller_was_told_that_all_is_well(self) -> None:
        told = "made 5\n" + "".join(
            f"{line} 1000000 200 w.0 {wrong}\n"
            for line, wrong in (
                ("note 1 ok", "-"),
                ("note 2 failed", "X"),
                ("gather 3 ok", "-"),
                ("look 4 ok", "-"),
            )
        )
        found = await self.counted(told, {"a": "gather 1 3\n"})
        self.assertEqual((found["requests"], found["failed"]), (5, 2), "one of them nobody was told of")
        self.assertEqual((found["lost_oneway"], found["lost_batch"], found["lost_twoway"]), (1, 0, 1))

    async def test_what_two_servers_have_done_is_done_twice_unless_it_may_be_repeated(self) -> None:
        told = "made 2\nwrite 1 failed 1000000 200 w.0 X\nlook 2 ok 1000000 200 w.0 -\n"
        found = await self.counted(told, {"a": "write 1 1\nlook 1 2\n", "b": "write 1 1\nlook 1 2\n"})
        self.assertEqual((found["duplicated"], found["executed_again"]), (1, 1))

    async def test_what_is_measured_comes_first_where_that_is_allowed_and_only_meanwhile(self) -> None:
        ended = await python("-c", FIRST, env={"PYTHONPATH": str(BENCH)}).ended
        self.assertEqual(ended.status, 0, ended.err)
        works, *niceness = ended.out.split()
        expected = ["-20", "-20", "10"] if works == "True" else [niceness[-1], "0", "0"]
        self.assertEqual(niceness[:-1], expected)
        self.assertEqual(niceness[-1], ended.err.strip())

    async def test_latency_is_compared_of_two_way_calls_begun_before_and_during_the_rolls(self) -> None:
        before = "".join(f"look {n} ok 1000000 1000 w.0 -\n" for n in range(100))
        during = "".join(f"write {n} ok 11000000 2000 w.0 -\n" for n in range(100, 200))
        notes = "note 300 ok 12000000 9000000 w.0 -\n"
        found = await self.counted(f"made 201\n{before}{during}{notes}", {})
        self.assertEqual(
            (found["p99_before_ms"], found["p99_during_ms"], found["p99_ratio"]), (1.0, 2.0, 2.0)
        )
