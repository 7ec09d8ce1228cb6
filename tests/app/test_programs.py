"""From the cluster's file to what is run of it, and who goes first."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.programs import STOP_ORDER, own_plans, start_order, stop_order
from pushnet.grid.settings import AGENT, ROLES, load_settings

TEXT = """
[cluster]
secret = "0123456789abcdef"
[[node]]
name = "broker-1"
role = "broker"
[[node]]
name = "registry-1"
role = "registry"
[[node]]
name = "m1"
role = "node"
[[node]]
name = "broker-2"
role = "broker"
agent = "m1"
"""


class ProgramsTest(SynchronousTestCase):
    def test_what_has_no_agent_is_run_and_agents_are_too(self) -> None:
        made = own_plans(load_settings(TEXT, "x"))
        self.assertEqual([plan.id for plan in made], ["broker-1", "registry-1", "m1"])
        told = " ".join(made[0].command)
        self.assertIn("twistd", told)
        self.assertIn("pushnet-broker --config ${settings} --node ${id} --with-parent", told)

    def test_the_registry_starts_first_and_stops_last(self) -> None:
        made = own_plans(load_settings(TEXT, "x"))
        tiers = [[plan.id for plan in tier] for tier in start_order(made)]
        self.assertEqual(tiers, [["registry-1"], ["broker-1", "m1"]])
        kinds = {"r": "registry", "g": "gateway", "b": "broker", "own": "clock"}
        self.assertEqual(stop_order(kinds), [["own"], ["g"], ["b"], ["r"]])

    def test_every_role_has_its_place_in_the_order(self) -> None:
        self.assertEqual(sorted(STOP_ORDER), sorted(ROLES))
        self.assertIn(AGENT, STOP_ORDER)
