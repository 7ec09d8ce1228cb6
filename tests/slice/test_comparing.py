"""`slice2tx compat`."""

import json
from pathlib import Path

from click.testing import CliRunner, Result
from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.command import main

OLD = "module M { interface I { void gone(); int add(int a, int b); } }"
SAFE = "module M { interface I { void gone(); int add(int x, int y, optional(1) int z); void fresh(); } }"
BROKEN = "module M { interface I { int add(int a, long b); } }"


class ComparingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.room = Path(self.mktemp())
        self.room.mkdir(parents=True)

    def compare(self, new: str, *options: str, old: str = OLD, program: str = "compat") -> Result:
        for name, text in (("old", old), ("new", new)):
            (self.room / f"{name}.ice").write_text(text)
        files = (str(self.room / "old.ice"), str(self.room / "new.ice"))
        return CliRunner().invoke(main, [program, *options, *files])

    def test_a_safe_successor_is_told_with_what_calls_for_caution(self) -> None:
        result = self.compare(SAFE)
        self.assertEqual(result.exit_code, 0, result.output)
        self.assertIn("new.ice:1:86: caution: new clients: operation `I::fresh` is new", result.output)
        self.assertIn("a safe successor: 0 break, 1 call for caution", result.output)
        self.assertEqual(self.compare(SAFE, "--strict").exit_code, 1)

    def test_what_breaks_is_told_with_its_place_and_who_breaks(self) -> None:
        for program in ("compat", "--compat"):
            result = self.compare(BROKEN, program=program)
            self.assertEqual(result.exit_code, 1)
            self.assertIn(
                "new.ice:1:46: breaks old and new clients: operation `add`: parameter 2", result.output
            )
            self.assertIn("old.ice:1:31: breaks old clients: operation `I::gone` is gone", result.output)

    def test_machines_get_the_same(self) -> None:
        found = json.loads(self.compare(BROKEN, "--json").output)
        self.assertEqual([(each["line"], each["breaks"]) for each in found], [(1, True), (1, True)])

    def test_folders_are_compared_whole_and_include_their_own_files(self) -> None:
        for name in ("old", "new"):
            folder = self.room / name / "sub"
            folder.mkdir(parents=True)
            (folder / "a.ice").write_text("#pragma once\nmodule M { struct S { int x; } }")
            (folder.parent / "b.ice").write_text(
                "#include <sub/a.ice>\nmodule M { interface I { S get(); } }"
            )
        folders = (str(self.room / "old"), str(self.room / "new"))
        self.assertEqual(CliRunner().invoke(main, ["compat", *folders]).exit_code, 0)
        (self.room / "new/sub/a.ice").write_text("#pragma once\nmodule M { struct S { int x; int y; } }")
        result = CliRunner().invoke(main, ["compat", *folders])
        self.assertEqual(result.exit_code, 1)
        self.assertEqual(result.output.count("members without a tag were 1 and are 2"), 1)

    def test_what_cannot_be_compared_is_no_verdict(self) -> None:
        result = self.compare("module M { struct S { X x; } }")
        self.assertEqual(result.exit_code, 2)
        self.assertIn("`X` is not defined", result.output)
        empty = self.room / "empty"
        empty.mkdir()
        result = CliRunner().invoke(main, ["compat", str(empty), str(empty)])
        self.assertEqual(result.exit_code, 2)
        self.assertIn("has no Slice files", result.output)
