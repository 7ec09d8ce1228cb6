"""The RPC benchmark goes through each of its workloads; what it tells has the names it is asked for by."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from twisted.trial.unittest import TestCase

from tests.app.children import Child, python
from tests.house.tree import TOP

BENCH = TOP / "scripts" / "benchmarks" / "rpc"
LIMIT_S = 120.0
PLAIN = ("add1", "add64", "add1024", "bytes1k", "bytes1m", "structs", "classes", "dict", "oneway", "batch")


class RpcBenchmarkTest(TestCase):
    timeout = 150

    async def told(self, *arguments: str) -> dict[str, Any]:
        """What a run of one short round wrote."""
        out = Path(self.mktemp()).resolve()
        short = ("--rounds", "1", "--seconds", "0.01", "--json", str(out))
        command = [sys.executable, str(BENCH / "run.py"), *arguments, *short]
        ended = await Child(command, cwd=str(TOP), limit_s=LIMIT_S).ended
        self.assertEqual(ended.status, 0, ended.out + ended.err)
        told: dict[str, Any] = json.loads(out.read_text())
        return told

    async def test_pushnet_alone_goes_through_each_workload(self) -> None:
        names = (*PLAIN, "connections", "oneway-tls")
        told = await self.told("--peers", "--only", *names)
        self.assertEqual({row["block"] for row in told["measurements"]}, set(names))
        for row in told["measurements"]:
            self.assertGreater(row["requests"], 0, row["block"])
            self.assertGreater(row["server_cpu_us"], 0, row["block"])
            self.assertGreater(row["client_cpu_us"], 0, row["block"])
        self.assertEqual((told["ratios"], told["goals"]), ({}, {}))

    async def test_a_ratio_is_the_median_of_the_rounds_and_held_against_its_goal(self) -> None:
        told = await self.told("--peers", "amp", "--only", "add64")
        by_system = {row["client"]: row["requests_s"] for row in told["measurements"]}
        ratio = by_system["ours"] / by_system["amp"]
        self.assertAlmostEqual(told["ratios"]["pipe64_vs_amp"], ratio)
        self.assertEqual(told["goals"]["pipe64_vs_amp"]["goal"], "≥ 6")
        self.assertEqual(told["goals"]["pipe64_vs_amp"]["met"], ratio >= 6)
        self.assertEqual(told["ratios_by_round"]["pipe64_vs_amp"], [told["ratios"]["pipe64_vs_amp"]])

    async def test_each_goal_is_of_a_ratio_that_a_whole_run_tells(self) -> None:
        asked = "import json, results as r; print(json.dumps([[x.name for x in r.RATIOS], list(r.GOALS)]))"
        ended = await python("-c", asked, cwd=str(BENCH)).ended
        self.assertEqual(ended.status, 0, ended.err)
        ratios, goals = json.loads(ended.out)
        self.assertEqual(len(goals), 13)
        self.assertEqual(set(goals) - set(ratios), set())
        self.assertEqual(len(ratios), len(set(ratios)))

    async def test_a_workload_nobody_knows_is_told_with_those_there_are(self) -> None:
        ended = await python(str(BENCH / "run.py"), "--only", "ad1", cwd=str(TOP)).ended
        self.assertEqual(ended.status, 1)
        self.assertIn("no workload is named ad1", ended.err)
        self.assertIn("add1024", ended.err)
