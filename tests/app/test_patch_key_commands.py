"""`pushnet patch keys`: arguments and errors. What they do is tried in `test_patching`."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.cli import main


class KeyCommandTests(SynchronousTestCase):
    def call(self, *arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["patch", "keys", *arguments])
        return result.exit_code, result.output

    def test_every_command_tells_its_help(self) -> None:
        for command in ("make", "list", "rotate", "revoke", "add", "finish"):
            status, text = self.call(command, "--help")
            self.assertEqual(status, 0)
            self.assertIn("--store", text)

    def test_a_store_that_is_none_is_told_with_the_cure(self) -> None:
        place = self.mktemp()
        status, text = self.call("list", "--store", place)
        self.assertEqual(status, 1)
        self.assertIn("is no store of releases: `pushnet patch keys make", " ".join(text.split()))

    def test_a_key_of_one_s_own_is_made_without_a_store(self) -> None:
        folder = Path(self.mktemp())
        status, text = self.call("new", "ada", "--keys", str(folder))
        self.assertEqual((status, (folder / "ada.key").stat().st_mode & 0o777), (0, 0o600), text)
        self.assertIn(f"give {folder / 'ada.pub'} to who keeps the store", text)
        self.assertEqual(self.call("new", "ada", "--keys", str(folder))[0], 1, "never over one that is there")

    def test_a_role_that_is_none_is_a_wrong_argument(self) -> None:
        self.assertEqual(self.call("rotate", "king")[0], 2)
