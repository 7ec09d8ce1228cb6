"""What is typed to have servers start, stop and be told signals. Real agents are asked in `tests.system`."""

from __future__ import annotations

import click
from click.testing import CliRunner
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.server_commands import _signal, agents, server, servers


class ServerCommandsTest(SynchronousTestCase):
    def test_signals_are_told_by_name_or_number(self) -> None:
        self.assertEqual(
            [_signal(told).name for told in ("HUP", "sigusr1", "9")], ["SIGHUP", "SIGUSR1", "SIGKILL"]
        )
        self.assertRaises(click.UsageError, _signal, "LOUD")
        self.assertRaises(click.UsageError, _signal, "999")

    def test_every_command_tells_its_help(self) -> None:
        for command in (servers, agents, server, *server.commands.values()):
            result = CliRunner().invoke(command, ["--help"])
            self.assertEqual(result.exit_code, 0, result.output)
            self.assertIn("Usage:", result.output)

    def test_a_registry_that_is_no_address_is_refused(self) -> None:
        self.assertEqual(CliRunner().invoke(servers, ["--registry", "nowhere"]).exit_code, 2)
