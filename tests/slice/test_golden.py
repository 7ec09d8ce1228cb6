"""Golden files: what the compiler made and said when somebody last looked at it."""

from __future__ import annotations

import subprocess
import sys

from twisted.trial.unittest import SynchronousTestCase

from tests.slice.golden import ERRORS, FOLDER, golden_errors, golden_outputs

_AGAIN = "if that is what you want: python -m tests.slice.golden"


class GoldenTest(SynchronousTestCase):
    maxDiff = None

    def test_good_cases_become_the_python_beside_them(self) -> None:
        outputs = golden_outputs()
        self.assertEqual(
            {path.name for path in outputs}, {path.with_suffix(".py").name for path in FOLDER.glob("*.ice")}
        )
        for path, text in outputs.items():
            self.assertEqual(path.read_text(encoding="utf-8"), text, f"{path.name}: {_AGAIN}")

    def test_bad_cases_provoke_the_errors_beside_them(self) -> None:
        said = golden_errors()
        self.assertEqual({path.name for path in said}, {path.name for path in ERRORS.glob("*.err")})
        for path, text in said.items():
            self.assertIn(": error: ", text)
            self.assertEqual(path.read_text(encoding="utf-8"), text, f"{path.name}: {_AGAIN}")

    def test_the_python_is_tidy_already(self) -> None:
        ruff = [sys.executable, "-m", "ruff"]
        for command in (["format", "--check", "--no-cache"], ["check", "--no-cache"]):
            done = subprocess.run([*ruff, *command, str(FOLDER)], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
