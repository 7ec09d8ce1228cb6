"""From the cluster's file to commands, and who goes first."""

from __future__ import annotations

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.programs import STOP_ORDER, programs, start_order, stop_order
from pushnet.grid.settings import AGENT, ROLES, load_settings
from tests.app.dummies import program

TEXT = """
[cluster]
secret = "0123456789abcdef"
[[node]]
name = "broker-1"
role = "broker"
"""


class ProgramsTest(SynchronousTestCase):
    def test_a_node_is_run_by_twistd_of_this_environment(self) -> None:
        (made,) = programs(load_settings(TEXT, "x"), "some/cluster.toml")
        self.assertTrue(Path(made.argv[0]).exists())
        self.assertEqual(Path(made.argv[0]).name, "twistd")
        told = " ".join(made.argv[1:])
        self.assertIn("pushnet-broker --config /", told)
        self.assertIn("some/cluster.toml --node broker-1", told)

    def test_the_registry_starts_first_and_stops_last(self) -> None:
        made = [program("g", "gateway"), program("r", "registry"), program("b", "broker")]
        self.assertEqual([[one.name for one in tier] for tier in start_order(made)], [["r"], ["g", "b"]])
        self.assertEqual([[one.name for one in tier] for tier in stop_order(made)], [["g"], ["b"], ["r"]])

    def test_every_role_has_its_place_in_the_order(self) -> None:
        self.assertEqual(sorted(STOP_ORDER), sorted(set(ROLES) - {AGENT}))
