"""The table of bad peers names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

ROOT = Path(__file__).parent.parent.parent
TABLE = ROOT / "docs" / "reference" / "bad-peers.md"


class TableTest(SynchronousTestCase):
    def test_each_case_has_its_test(self) -> None:
        rows = [line for line in TABLE.read_text().splitlines() if line.startswith("| ")][1:]
        self.assertGreater(len(rows), 20)
        for row in rows:
            named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row)
            self.assertTrue(named, row)
            for path, test in named:
                self.assertIn(f"def {test}(", (ROOT / path).read_text(), path)
