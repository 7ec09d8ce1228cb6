"""What is typed to make certificates."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.ca_commands import ca


class CaCommandsTest(SynchronousTestCase):
    def test_an_authority_is_made_and_issues(self) -> None:
        folder = self.mktemp()
        made = CliRunner().invoke(ca, ["init", "--folder", folder])
        self.assertEqual(made.exit_code, 0, made.output)
        issued = CliRunner().invoke(ca, ["issue", "edge-1", "--role", "broker", "--folder", folder])
        self.assertEqual(issued.exit_code, 0, issued.output)
        names = sorted(path.name for path in Path(folder).iterdir())
        self.assertEqual(names, ["ca.key", "ca.pem", "edge-1.key", "edge-1.pem"])

    def test_what_goes_wrong_is_told_in_a_line(self) -> None:
        folder = self.mktemp()
        missing = CliRunner().invoke(ca, ["issue", "edge-1", "--role", "broker", "--folder", folder])
        self.assertEqual(missing.exit_code, 1)
        self.assertIn("pushnet ca init", missing.output)
        for wrong in (["issue", "edge-1"], ["issue", "edge-1", "--role", "king"]):
            self.assertEqual(CliRunner().invoke(ca, [*wrong, "--folder", folder]).exit_code, 2)
