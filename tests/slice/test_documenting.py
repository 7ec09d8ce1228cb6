"""`slice2tx doc`."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result
from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.command import main


class DocCommandTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.top = Path(self.mktemp()).absolute()
        (self.top / "idl/a").mkdir(parents=True)
        self.file = self.top / "idl/a/one.ice"
        self.file.write_text("module M { /** Some. */ struct S { int x; } }\n")

    def run_doc(self, *arguments: str) -> Result:
        places = ["-I", str(self.top / "idl"), "--output", str(self.top / "out")]
        return CliRunner().invoke(main, ["doc", *places, *arguments, str(self.file)])

    def test_pages_are_written_and_named(self) -> None:
        result = self.run_doc("--title", "Ours")
        self.assertEqual(result.exit_code, 0, result.output)
        out = self.top / "out"
        self.assertEqual(result.output.split(), [str(out / "index.html"), str(out / "a/one.html")])
        self.assertIn("<h1>Ours</h1>", (out / "index.html").read_text())
        self.assertIn("<p>Some.</p>", (out / "a/one.html").read_text())

    def test_check_names_every_page_that_is_out_of_date(self) -> None:
        result = self.run_doc("--check", "--format", "markdown")
        self.assertEqual((result.exit_code, result.output.count("is not up to date")), (1, 2))
        self.run_doc("--format", "markdown")
        self.assertEqual(self.run_doc("--check", "--format", "markdown").exit_code, 0)

    def test_mistakes_in_the_slice_file_are_told(self) -> None:
        self.file.write_text("module M { struct S { X x; } }\n")
        result = self.run_doc()
        self.assertEqual(result.exit_code, 1)
        self.assertIn("one.ice:1:23: error: `X` is not defined", result.output)
        self.assertFalse((self.top / "out").exists())
