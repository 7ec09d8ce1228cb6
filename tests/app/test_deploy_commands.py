"""What is typed after `pushnet deploy`."""

from __future__ import annotations

from click.testing import CliRunner
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.cli import main


class DeployCommandsTest(SynchronousTestCase):
    def status(self, *words: str) -> int:
        return CliRunner().invoke(main, words).exit_code

    def test_a_version_or_a_deed_but_not_both(self) -> None:
        self.assertEqual(self.status("deploy", "broker"), 2)
        self.assertEqual(self.status("deploy", "broker", "1.4.0", "--pause"), 2)
        self.assertEqual(self.status("deploy", "broker", "--pause", "--resume"), 2)
        self.assertEqual(self.status("deploy"), 2)

    def test_help_says_what_the_statuses_mean(self) -> None:
        told = CliRunner().invoke(main, ["deploy", "--help"]).output
        self.assertIn("3 when the roll was turned round", " ".join(told.split()))
        for command in ("rollback", "rolls"):
            self.assertEqual(self.status(command, "--help"), 0)
