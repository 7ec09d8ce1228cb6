"""House rule: what is said of compatibility with Ice names tests, and each of them is there."""

from __future__ import annotations

import ast
import re

from twisted.trial.unittest import SynchronousTestCase

from tests.house.tree import TOP

DOCUMENT = TOP / "docs" / "reference" / "compatibility.md"
_NAME = re.compile(r"`((?:[a-z_0-9]+\.)+test_\w+)(?:\.(\w+))?`")
NAMED_MIN = 100
"""Fewer names than that have been found when the pattern no longer fits the document."""


class CompatibilityTest(SynchronousTestCase):
    def test_each_test_it_names_is_there(self) -> None:
        names = _NAME.findall(DOCUMENT.read_text())
        self.assertGreater(len(names), NAMED_MIN)
        lost = [
            f"{module}.{kind}" if kind else module
            for module, kind in sorted(set(names))
            if not _is_there(module, kind)
        ]
        self.assertEqual(lost, [])

    def test_each_area_of_the_matrix_is_named(self) -> None:
        named = {
            kind for module, kind in _NAME.findall(DOCUMENT.read_text()) if module == "interop.test_matrix"
        }
        self.assertEqual(_classes("interop.test_matrix") - named, set())


def _is_there(module: str, kind: str) -> bool:
    path = TOP / "tests" / f"{module.replace('.', '/')}.py"
    return path.exists() and (not kind or kind in _classes(module))


def _classes(module: str) -> set[str]:
    tree = ast.parse((TOP / "tests" / f"{module.replace('.', '/')}.py").read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
