"""What is typed to join. A machine joins real registries in `tests.system.test_mutual_tls`."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.join_commands import join

OPEN = '[cluster]\nsecret = "0123456789abcdef"\n'


class JoinCommandTest(SynchronousTestCase):
    def typed(self, text: str, *arguments: str) -> tuple[int, str]:
        path = Path(self.mktemp())
        path.write_text(text)
        result = CliRunner(env={"PUSHNET_TOKEN": ""}).invoke(join, ["m1", "--config", str(path), *arguments])
        return result.exit_code, result.output

    def test_there_is_nothing_to_join_by_without_certificates(self) -> None:
        status, said = self.typed(OPEN, "--token", "a.b.c")
        self.assertEqual(status, 1)
        self.assertIn("cluster.tls", said)

    def test_a_newcomer_needs_a_token(self) -> None:
        status, said = self.typed(f'{OPEN}join = "tls"\ntls = "tls"\n')
        self.assertEqual(status, 2)
        self.assertIn("PUSHNET_TOKEN", said)
