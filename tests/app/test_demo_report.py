"""The findings, for people and for programs."""

from __future__ import annotations

import io
import json

from rich.console import Console
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.demo_ledger import Ledger
from pushnet.app.demo_report import KILL, ROLL, cost, machine_form, named, table


class ReportTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.ledger = Ledger()
        self.ledger.expect("m1", "all", [1, 2], 0.0)
        self.ledger.expect("m2", f"{KILL}single", [1], 0.0)
        self.ledger.arrived(1, "m1", 0.25)
        self.ledger.arrived(3, "m1", 0.25)
        self.ledger.arrived(1, "m2", 0.5)

    def test_the_object_has_the_total_and_a_kind_each(self) -> None:
        told = json.loads(machine_form(self.ledger))
        kinds = told.pop("kinds")
        counts = {"targeted": 3, "delivered": 2, "duplicates": 1, "lost": 1}
        total = {**counts, "p50_ms": 250.0, "p99_ms": 500.0, "slowest_ms": 500.0}
        self.assertEqual(told, total)
        self.assertEqual(sorted(kinds), ["all", "kill-single"])
        self.assertEqual(set(kinds["all"]), set(total))
        self.assertEqual(kinds["all"]["lost"], 1)

    def test_the_table_has_a_row_a_kind_and_one_for_all(self) -> None:
        out = io.StringIO()
        Console(file=out, width=80).print(table("60 devices", self.ledger))
        lines = [line for line in out.getvalue().splitlines() if "│" in line]
        self.assertEqual(len(lines), 3)
        self.assertIn("kill: to one id", lines[1])
        self.assertIn("all together", lines[2])

    def test_kinds_have_names(self) -> None:
        self.assertEqual(named("kill-tags"), "kill: to tags")
        self.assertEqual(named("roll-all"), "roll: to all")

    def test_what_a_roll_cost_is_told_of_the_pushes_meanwhile_alone(self) -> None:
        self.ledger.expect("m3", f"{ROLL}all", [1, 2], 1.0)
        self.ledger.arrived(1, "m3", 1.5)
        self.ledger.arrived(2, "m3", 2.25)
        told = cost(self.ledger, 2, 8.04, 7)
        self.assertEqual(
            told,
            "2 Brokers patched under load in 8.0 s: of 2 deliveries meanwhile nothing lost, nothing twice, "
            "the slowest delivery 1,250 ms; 7 devices logged in anew",
        )
        self.ledger.expect("m4", f"{ROLL}single", [1], 1.0)
        self.ledger.arrived(1, "m3", 3.0)
        self.assertIn("1 lost, 1 too many", cost(self.ledger, 2, 8.0, 7))
