"""Constants and defaults have the values that they have in stock Ice."""

from __future__ import annotations

import re
import subprocess
from typing import Any

from twisted.trial.unittest import TestCase

from pushnet.slice import load
from tests.interop.cases.values import told
from tests.interop.stock import HERE, SYSTEM_PYTHON, require_ice

WHOLE = re.compile(r"(?<![\w.'])(-?\d+)(?![\w.'])")
FLOATS = ("f", "d", "S ")
"""Lines with numbers for which stock Ice for Python may have a whole one where a float is meant."""


def alike(line: str) -> str:
    return WHOLE.sub(lambda match: f"{match.group()}.0", line) if line.startswith(FLOATS) else line


class ValuesTest(TestCase):
    maxDiff = None

    def test_each_constant_and_default_is_the_same(self) -> None:
        require_ice(self)
        command = [SYSTEM_PYTHON, "stock_values.py"]
        stock = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True, env={})
        path = HERE / "values.ice"
        module = load(path)

        def find(name: str, inner: bool) -> Any:
            return getattr(module, name)

        ours = told(path.read_text(), find)
        self.assertEqual(list(map(alike, ours)), list(map(alike, stock.stdout.splitlines())))
        self.assertGreater(len(ours), 50)
