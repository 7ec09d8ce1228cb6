"""Finding files, and where their Python goes."""

from __future__ import annotations

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.files import SourceFile, SourceFiles


class SourceFilesTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.top = Path(self.mktemp())
        for name in ("idl/a/one.ice", "idl/two.ice", "other/two.ice"):
            path = self.top / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
        self.files = SourceFiles([self.top / "idl", self.top / "other"])

    def test_the_output_path_is_the_path_below_the_include_directory(self) -> None:
        file = self.files.place(self.top / "idl/a/one.ice")
        self.assertEqual(file.module_parts, ("a", "one"))
        self.assertEqual(file.title, "idl/a/one.ice")

    def test_a_file_outside_all_include_directories_is_its_own_root(self) -> None:
        path = self.top / "lonely.ice"
        path.write_text("")
        self.assertEqual(self.files.place(path).module_parts, ("lonely",))

    def test_the_first_include_directory_wins(self) -> None:
        includer = self.files.place(self.top / "idl/a/one.ice")
        found = self.files.find("two.ice", includer, quoted=False)
        assert found is not None
        self.assertEqual(self.files.read(found), b"idl/two.ice")

    def test_quotes_look_beside_the_includer_first(self) -> None:
        includer = self.files.place(self.top / "other/two.ice")
        found = self.files.find("two.ice", includer, quoted=True)
        assert found is not None
        self.assertEqual(self.files.read(found), b"other/two.ice")

    def test_what_is_not_there_is_not_found(self) -> None:
        includer = self.files.place(self.top / "idl/two.ice")
        self.assertIsNone(self.files.find("three.ice", includer, quoted=True))

    def test_a_path_that_python_cannot_import_is_named(self) -> None:
        for name, part in (("my-file.ice", "my-file"), ("class.ice", "class"), ("fine.ice", None)):
            self.assertEqual(SourceFile(self.top / name, self.top).unusable_part, part)
