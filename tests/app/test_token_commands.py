"""What is typed to make and list tokens. Real registries are asked in `tests.system`."""

from __future__ import annotations

import click
from click.testing import CliRunner
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.token_commands import seconds, token


class TokenCommandsTest(SynchronousTestCase):
    def test_times_are_told_in_minutes_hours_and_days(self) -> None:
        self.assertEqual([seconds(text) for text in ("", "30m", "24h", "7d")], [0, 1800, 86_400, 604_800])
        for wrong in ("0h", "7", "1w", "-1h", "1h30m"):
            self.assertRaises(click.BadParameter, seconds, wrong)

    def test_every_command_tells_its_help(self) -> None:
        for command in (token, *token.commands.values()):
            result = CliRunner().invoke(command, ["--help"])
            self.assertEqual(result.exit_code, 0, result.output)

    def test_the_cluster_file_is_asked_for_and_roles_are_known_ones(self) -> None:
        self.assertEqual(CliRunner().invoke(token, ["list"]).exit_code, 2)
        wrong = CliRunner().invoke(token, ["make", "--config", "x.toml", "--role", "king"])
        self.assertEqual(wrong.exit_code, 2)
