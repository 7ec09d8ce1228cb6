"""The nodes as `pushnet status` shows them."""

from __future__ import annotations

import io

from rich.console import Console
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.statuses import described, duration, table
from pushnet.gen.pushnet.registry import NodeInfo, NodeStatus
from pushnet.grid.settings import load_settings

SETTINGS = load_settings(
    """
    [cluster]
    secret = "0123456789abcdef"
    [[node]]
    name = "broker-1"
    role = "broker"
    [[node]]
    name = "broker-2"
    role = "broker"
    """,
    "cluster.toml",
)
INFO = NodeInfo("broker-1", "broker", "0.1.0", "", 4711, "http://127.0.0.1:9")
ALIVE = NodeStatus(INFO, 12, 2500, 61_000, ["broker-1"], {"connections": 512.0, "load": 0.25})


class StatusTest(SynchronousTestCase):
    def test_the_living_come_with_lease_version_and_readings(self) -> None:
        row = described([ALIVE], SETTINGS)[0]
        self.assertEqual(
            (row["node"], row["alive"], row["version"], row["pid"]), ("broker-1", True, "0.1.0", 4711)
        )
        self.assertEqual((row["lease_left_s"], row["up_s"]), (2.5, 61.0))
        self.assertEqual(row["load"], {"connections": 512.0, "load": 0.25})

    def test_who_should_be_there_and_is_not_is_named(self) -> None:
        row = described([ALIVE], SETTINGS)[1]
        self.assertEqual(row, {"node": "broker-2", "role": "broker", "alive": False})

    def test_people_read_a_table(self) -> None:
        out = io.StringIO()
        Console(file=out, width=140).print(table("demo", described([ALIVE], SETTINGS)))
        told = out.getvalue()
        for word in ("cluster demo", "4711", "61 s", "2.5 s", "512", "load 0.25", "absent"):
            self.assertIn(word, told)

    def test_readings_are_figures_and_not_formulas(self) -> None:
        load = {"memory_bytes": 6.87964e7, "requests": 10_015.0, "served_per_s": 12.9383}
        rows = described([NodeStatus(INFO, 12, 2500, 61_000, [], load)], SETTINGS)
        out = io.StringIO()
        Console(file=out, width=180).print(table("demo", rows))
        self.assertIn("memory_bytes 66 MiB, requests 10015, served_per_s 12.9", out.getvalue())

    def test_how_long_is_told_in_two_units(self) -> None:
        told = [duration(seconds) for seconds in (0.4, 99, 100, 3599, 3600, 86_399, 90_000)]
        self.assertEqual(
            told, ["0 s", "99 s", "1 min 40 s", "59 min 59 s", "1 h 0 min", "23 h 59 min", "1 d 1 h"]
        )

    def test_a_lease_that_another_registry_renews_has_not_run_out(self) -> None:
        out = io.StringIO()
        rows = described([NodeStatus(INFO, 12, 0, 61_000, [], {})], SETTINGS)
        Console(file=out, width=140).print(table("demo", rows))
        self.assertIn("held", out.getvalue())
        self.assertNotIn("0.0 s", out.getvalue())
