"""What the compiler tells instead of writing modules."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result
from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.command import main

TYPES = "#pragma once\nmodule T { struct S { int x; } }\n"
CALLS = """#include <types.ice>

#ifdef MORE
module C { const int N = MORE; }
#endif
#ifdef ICE_VERSION
module D { }
#endif
"""


class ReportingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.top = Path(self.mktemp()).absolute()
        self.top.mkdir()
        (self.top / "types.ice").write_text(TYPES)
        self.file = self.top / "calls.ice"
        self.file.write_text(CALLS)

    def run_on(self, *arguments: str, file: Path | None = None) -> Result:
        return CliRunner().invoke(
            main, ["-I", str(self.top), "--output", str(self.top / "out"), *arguments, str(file or self.file)]
        )

    def test_dependencies_as_xml(self) -> None:
        result = self.run_on("--depend-xml")
        self.assertEqual(
            result.output.replace(f"{self.top}/", ""),
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            "<dependencies>\n"
            '  <source name="calls.ice">\n'
            '    <dependsOn name="types.ice"/>\n'
            "  </source>\n"
            "</dependencies>\n",
        )

    def test_what_the_parser_sees(self) -> None:
        result = self.run_on("-E", "-DMORE=7")
        lines = [line for line in result.output.replace(f"{self.top}/", "").splitlines() if line]
        self.assertEqual(
            lines,
            [
                '#line 2 "types.ice"',
                "module T { struct S { int x; } }",
                '#line 2 "calls.ice"',
                '#line 4 "calls.ice"',
                "module C { const int N = 7; }",
                '#line 7 "calls.ice"',
                "module D { }",
                '#line 9 "calls.ice"',
            ],
        )

    def test_macros_can_be_undefined_those_too_that_always_are(self) -> None:
        result = self.run_on("-E", "-DMORE=7", "-U", "MORE", "-UICE_VERSION")
        self.assertNotIn("module C", result.output)
        self.assertNotIn("module D", result.output)

    def test_validating_says_what_is_wrong_and_writes_nothing(self) -> None:
        self.assertEqual((self.run_on("--validate").exit_code, self.run_on("--validate").output), (0, ""))
        wrong = self.run_on("--validate", "-DMORE=x")
        self.assertEqual(wrong.exit_code, 1)
        self.assertIn("`x` is not defined", wrong.output)
        self.assertFalse((self.top / "out").exists())

    def test_what_the_preprocessor_refuses_is_told_with_its_text(self) -> None:
        self.file.write_text("#error no\n")
        result = self.run_on("-E")
        self.assertEqual(result.exit_code, 1)
        self.assertIn("calls.ice:1:1: error: ", result.output)
