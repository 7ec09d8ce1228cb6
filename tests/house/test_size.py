"""House rule: a module has at most 500 lines, a function at most 70."""

from __future__ import annotations

import ast

from twisted.trial.unittest import SynchronousTestCase

from tests.house.tree import modules, relative

MODULE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
FOLDERS = ("pushnet", "tests", "twisted")


class SizeTest(SynchronousTestCase):
    def test_a_module_fits_its_room(self) -> None:
        found = modules(*FOLDERS)
        self.assertGreater(len(found), 100)
        sizes = {relative(path): len(path.read_text().splitlines()) for path in found}
        long = {name: size for name, size in sizes.items() if size > MODULE_LINES_MAX}
        self.assertEqual(
            long, {}, f"longer than {MODULE_LINES_MAX} lines: divide them by what they are about"
        )

    def test_a_function_can_be_seen_at_once(self) -> None:
        long: dict[str, int] = {}
        for path in modules(*FOLDERS):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    lines = (node.end_lineno or node.lineno) - node.lineno + 1
                    if lines > FUNCTION_LINES_MAX:
                        long[f"{relative(path)}:{node.lineno} {node.name}"] = lines
        self.assertEqual(long, {}, f"longer than {FUNCTION_LINES_MAX} lines: name the steps and part them")
