"""The demonstration's programs as a tree."""

from __future__ import annotations

from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.demo_release import PATCHED, PLUGIN_FILE, PLUGINS, make_tree, patch_tree


class DemoReleaseTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.folder = make_tree(Path(self.mktemp()))

    def test_it_has_what_a_node_is_run_from_and_nothing_else(self) -> None:
        self.assertTrue((self.folder / PLUGINS / PLUGIN_FILE).is_file())
        self.assertTrue((self.folder / "pushnet" / "roles" / "broker" / "service.py").is_file())
        kinds = {path.suffix for path in self.folder.rglob("*") if path.is_file()}
        self.assertEqual(kinds - {".py", ".typed"}, set())

    def test_a_patch_changes_one_file_and_what_it_says_can_be_imported(self) -> None:
        before = {path: path.read_bytes() for path in self.folder.rglob("*.py")}
        patch_tree(self.folder, "1.1")
        changed = [path for path, content in before.items() if path.read_bytes() != content]
        self.assertEqual(changed, [self.folder / PATCHED])
        names: dict[str, str] = {}
        exec(compile(changed[0].read_text(), str(changed[0]), "exec"), names)
        self.assertEqual(names["PATCH"], "1.1")
