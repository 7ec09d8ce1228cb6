"""`pushnet patch keys`: arguments and errors. What they do is tried in `test_patching`."""

from __future__ import annotations

from click.testing import CliRunner
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.cli import main


class KeyCommandTests(SynchronousTestCase):
    def call(self, *arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, ["patch", "keys", *arguments])
        return result.exit_code, result.output

    def test_every_command_tells_its_help(self) -> None:
        for command in ("make", "list", "rotate", "revoke"):
            status, text = self.call(command, "--help")
            self.assertEqual(status, 0)
            self.assertIn("--store", text)

    def test_a_store_that_is_none_is_told_with_the_cure(self) -> None:
        place = self.mktemp()
        status, text = self.call("list", "--store", place)
        self.assertEqual(status, 1)
        self.assertIn("is no store of releases: `pushnet patch keys make", " ".join(text.split()))

    def test_a_role_that_is_none_is_a_wrong_argument(self) -> None:
        self.assertEqual(self.call("rotate", "king")[0], 2)
