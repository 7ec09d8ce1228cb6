"""`slice2tx` as it is called."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result
from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.command import main

GOOD = "module M { struct S { int x; } }\n"


class CommandTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.top = Path(self.mktemp()).absolute()
        (self.top / "idl/a").mkdir(parents=True)
        self.file = self.top / "idl/a/one.ice"
        self.file.write_text(GOOD)

    def run_on(self, *arguments: str, files: tuple[Path, ...] = ()) -> Result:
        paths = [str(path) for path in files or (self.file,)]
        return CliRunner().invoke(
            main,
            [
                "-I",
                str(self.top / "idl"),
                "--output",
                str(self.top / "out"),
                "--package",
                "made",
                *arguments,
                *paths,
            ],
        )

    def written(self) -> list[str]:
        out = self.top / "out"
        return sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())

    def test_what_was_written_is_printed(self) -> None:
        result = self.run_on()
        self.assertEqual(result.exit_code, 0, result.output)
        self.assertEqual(self.written(), ["a/__init__.py", "a/one.py"])
        self.assertIn("one.py", result.output)
        self.assertEqual(self.run_on().output, "", "the second time there is nothing to do")

    def test_errors_leave_the_disk_alone(self) -> None:
        bad = self.file.with_name("bad.ice")
        bad.write_text("module M { struct S { Y x; Z z; } }\n")
        result = self.run_on(files=(self.file, bad))
        self.assertEqual(result.exit_code, 1)
        self.assertIn(f"{bad}:1:23: error: `Y` is not defined\n", result.output)
        self.assertIn(f"{bad}:1:28: error: `Z` is not defined\n", result.output)
        self.assertIn("2 errors; nothing was written", result.output)
        self.assertEqual(self.written(), [])

    def test_check_names_what_is_stale_and_writes_nothing(self) -> None:
        result = self.run_on("--check")
        self.assertEqual(result.exit_code, 1)
        self.assertIn("one.py is not up to date", result.output)
        self.assertEqual(self.written(), [])
        self.run_on()
        self.assertEqual(self.run_on("--check").exit_code, 0)
        (self.top / "out/a/one.py").write_text("# changed by hand\n")
        self.assertEqual(self.run_on("--check").exit_code, 1)

    def test_macros_come_from_the_command_line(self) -> None:
        self.file.write_text("#if N == 2\nmodule M { const int C = N; }\n#endif\n")
        self.assertEqual(self.run_on("-D", "N=2", "-D", "FLAG").exit_code, 0)
        self.assertIn("C: Final = 2", (self.top / "out/a/one.py").read_text())

    def test_dependencies_are_printed_for_make(self) -> None:
        (self.top / "idl/types.ice").write_text("#pragma once\n" + GOOD)
        self.file.write_text("#include <types.ice>\nmodule N { sequence<M::S> T; }\n")
        result = self.run_on("--depend")
        self.assertEqual(self.written(), [])
        target, _, sources = result.output.partition(": ")
        self.assertEqual(target, str(self.top / "out/a/one.py"))
        self.assertEqual(
            [Path(part).name for part in sources.replace("\\\n", " ").split()], ["one.ice", "types.ice"]
        )

    def test_wrong_options_are_explained(self) -> None:
        for arguments in (("-D", "1x"), ("--package", "a-b"), ("-I", "nowhere")):
            result = self.run_on(*arguments)
            self.assertEqual(result.exit_code, 2, result.output)
            self.assertIn("Error: Invalid value", result.output)

    def test_other_commands_are_named_first(self) -> None:
        told = CliRunner().invoke(main, ["--help"])
        self.assertEqual(told.exit_code, 0)
        for name in ("compile", "doc", "fmt", "lint"):
            self.assertRegex(told.output, rf"\n  {name} ")
        self.assertEqual(CliRunner().invoke(main, ["compile", "--help"]).exit_code, 0)
        self.assertEqual(CliRunner().invoke(main, []).exit_code, 2)
