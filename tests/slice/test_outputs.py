"""All files or none."""

from __future__ import annotations

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.outputs import Outputs


class OutputsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.top = Path(self.mktemp())
        self.top.mkdir()

    def names(self) -> list[str]:
        return sorted(str(path.relative_to(self.top)) for path in self.top.rglob("*") if path.is_file())

    def test_missing_and_changed_files_are_written_and_others_left_alone(self) -> None:
        (self.top / "same.py").write_text("same")
        (self.top / "old.py").write_text("old")
        before = (self.top / "same.py").stat().st_mtime_ns
        texts = {self.top / "same.py": "same", self.top / "old.py": "new", self.top / "a/fresh.py": "é"}
        outputs = Outputs(texts)
        self.assertEqual(outputs.stale(), [self.top / "old.py", self.top / "a/fresh.py"])
        outputs.write()
        self.assertEqual(outputs.stale(), [])
        self.assertEqual((self.top / "same.py").stat().st_mtime_ns, before)
        self.assertEqual(self.names(), ["a/fresh.py", "old.py", "same.py"])

    def test_when_one_cannot_be_written_none_is(self) -> None:
        (self.top / "old.py").write_text("old")
        (self.top / "file").write_text("no folder")
        outputs = Outputs({self.top / "old.py": "new", self.top / "file/below.py": "x"})
        self.assertRaises(OSError, outputs.write)
        self.assertEqual(self.names(), ["file", "old.py"])
        self.assertEqual((self.top / "old.py").read_text(), "old")
