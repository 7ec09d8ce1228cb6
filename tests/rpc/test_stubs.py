"""Generated code finds everything it needs of the runtime in one place."""

import ast
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc import stubs

GEN = Path(stubs.__file__).parents[1] / "gen"


class StubsTest(SynchronousTestCase):
    def test_each_name_offered_is_there(self) -> None:
        for name in stubs.__all__:
            self.assertTrue(hasattr(stubs, name), name)

    def test_generated_code_imports_of_the_runtime_nothing_but_what_is_offered_here(self) -> None:
        files = sorted(GEN.rglob("*.py"))
        self.assertGreater(len(files), 10)
        for file in files:
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pushnet.rpc"):
                    self.assertEqual(node.module, "pushnet.rpc.stubs", file.name)
                    for alias in node.names:
                        self.assertIn(alias.name, stubs.__all__, file.name)
