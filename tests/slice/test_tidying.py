"""`slice2tx fmt` and `slice2tx lint`."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result
from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.command import main

UNTIDY = "#pragma once\nmodule   M\n{\n/** I. */\ninterface I{ }\n}\n"
TIDY = "#pragma once\nmodule M\n{\n    /** I. */\n    interface I { }\n}\n"


class TidyingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.file = Path(self.mktemp()).with_suffix(".ice")
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(UNTIDY)

    def run_command(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, [*arguments, str(self.file)])

    def test_fmt_writes_what_it_changes_and_says_so(self) -> None:
        result = self.run_command("fmt")
        self.assertEqual((result.exit_code, result.output), (0, f"{self.file}\n"))
        self.assertEqual(self.file.read_text(), TIDY)
        self.assertEqual(self.run_command("fmt").output, "")

    def test_fmt_can_only_look(self) -> None:
        self.assertEqual(self.run_command("fmt", "--check").exit_code, 1)
        self.assertEqual(self.file.read_text(), UNTIDY)
        self.file.write_text(TIDY)
        self.assertEqual(self.run_command("fmt", "--check").exit_code, 0)

    def test_lint_tells_what_it_finds_and_what_the_compiler_says(self) -> None:
        result = self.run_command("lint")
        self.assertEqual(result.exit_code, 1)
        self.assertIn(f"{self.file}:2:1: format: ", result.output)
        self.assertEqual(self.run_command("lint", "--ignore", "format").exit_code, 0)
        self.file.write_text("module M { struct S { X x; } }")
        self.assertIn("error: `X` is not defined", self.run_command("lint").output)

    def test_a_file_that_is_no_text_is_refused(self) -> None:
        self.file.write_bytes(b"\xff\xfe")
        result = self.run_command("fmt")
        self.assertEqual(result.exit_code, 1)
        self.assertIn("cannot be read", result.output)
