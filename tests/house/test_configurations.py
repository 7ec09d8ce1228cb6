"""House rule: each file in `etc/` loads."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.config import read_settings
from pushnet.grid.plans import agent_plans, unplaced
from pushnet.grid.settings import AGENT, ROLES
from tests.house.tree import TOP


class ConfigurationsTest(SynchronousTestCase):
    def test_each_file_loads_and_starts_a_registry(self) -> None:
        files = sorted((TOP / "etc").glob("*.toml"))
        self.assertTrue(files)
        for file in files:
            roles = [node.role for node in read_settings(file).node]
            self.assertGreaterEqual(roles.count("registry"), 1, file.name)

    def test_the_three_machines_have_what_the_file_says(self) -> None:
        settings = read_settings(TOP / "etc" / "three-machines.toml")
        self.assertEqual(unplaced(settings)[:2], ["tagalias-1", "tagalias-2"])
        plans = {
            agent.name: [plan.id for plan in agent_plans(settings, agent.name)] for agent in settings.agents
        }
        self.assertEqual(
            plans,
            {
                "m1": ["queue-1", "broker-m1-1", "broker-m1-2", "gateway-east", "printer-1"],
                "m2": ["dbagent-0", "broker-m2-1", "broker-m2-2", "printer-2"],
                "m3": ["dbagent-1", "broker-m3-1", "broker-m3-2", "gateway-west"],
            },
        )

    def test_the_whole_cluster_has_every_role(self) -> None:
        settings = read_settings(TOP / "etc" / "cluster.toml")
        self.assertEqual({node.role for node in settings.node}, set(ROLES) - {AGENT})
