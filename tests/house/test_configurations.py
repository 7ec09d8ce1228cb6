"""House rule: each file in `etc/` loads."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.config import read_settings
from pushnet.grid.settings import AGENT, ROLES
from tests.house.tree import TOP


class ConfigurationsTest(SynchronousTestCase):
    def test_each_file_loads_and_starts_a_registry(self) -> None:
        files = sorted((TOP / "etc").glob("*.toml"))
        self.assertTrue(files)
        for file in files:
            roles = [node.role for node in read_settings(file).node]
            self.assertEqual(roles.count("registry"), 1, file.name)

    def test_the_whole_cluster_has_every_role(self) -> None:
        settings = read_settings(TOP / "etc" / "cluster.toml")
        self.assertEqual({node.role for node in settings.node}, set(ROLES) - {AGENT})
