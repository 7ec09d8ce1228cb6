"""House rule: each role is a twistd plugin that loads, helps, and imports nothing of ours too early."""

from __future__ import annotations

import ast

from twisted.trial.unittest import SynchronousTestCase, TestCase

from pushnet.grid.settings import ROLES
from tests.app.children import python
from tests.house.tree import TOP

TWISTD = "from twisted.scripts.twistd import run; run()"


class PluginFileTest(SynchronousTestCase):
    def test_the_roof_imports_nothing_of_ours(self) -> None:
        for path in sorted((TOP / "twisted" / "plugins").glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom):
                    names = [node.module or ""]
                self.assertFalse([name for name in names if name.split(".")[0] == "pushnet"], path.name)


class HelpTest(TestCase):
    async def test_twistd_lists_every_role(self) -> None:
        ended = await python("-c", TWISTD, "--help").ended
        self.assertEqual(ended.status, 0, ended.err)
        for role in ROLES:
            self.assertIn(f"pushnet-{role} ", ended.out)

    async def test_every_role_prints_its_help(self) -> None:
        for role in ROLES:
            ended = await python("-c", TWISTD, f"pushnet-{role}", "--help").ended
            self.assertEqual(ended.status, 0, ended.err)
            self.assertIn(f"pushnet-{role} --config FILE", ended.out)
            self.assertIn("--node", ended.out)
