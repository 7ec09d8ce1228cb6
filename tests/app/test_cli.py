"""The `pushnet` command finds its commands where they are, and reads nothing else."""

from __future__ import annotations

from importlib import import_module

import click
from click.testing import CliRunner
from twisted.trial.unittest import SynchronousTestCase, TestCase

from pushnet.app.cli import COMMANDS, main
from tests.app.children import python

READ = "import sys; sys.argv[1:] = ['deploy', '-h']; import atexit; " + (
    "atexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr)); "
    "from pushnet.app.cli import main; main()"
)


class CommandsTest(SynchronousTestCase):
    def test_each_command_is_there_under_its_name(self) -> None:
        context = click.Context(main)
        self.assertEqual(main.list_commands(context), sorted(COMMANDS))
        for name in COMMANDS:
            command = main.get_command(context, name)
            assert command is not None
            self.assertEqual(command.name, name)

    def test_every_family_of_commands_can_be_called(self) -> None:
        """Who writes a command and does not enter it here has written it for nobody."""
        context = click.Context(main)
        for name in sorted(set(COMMANDS.values())):
            module = import_module(f"pushnet.app.{name}")
            inner = {
                id(each)
                for outer in vars(module).values()
                if isinstance(outer, click.Group)
                for each in outer.commands.values()
            }
            for found in vars(module).values():
                if isinstance(found, click.Command) and id(found) not in inner:
                    assert found.name is not None
                    self.assertIs(main.get_command(context, found.name), found)

    def test_help_tells_of_all_and_who_is_unknown_is_told(self) -> None:
        told = CliRunner().invoke(main, ["--help"]).output
        for name in COMMANDS:
            self.assertIn(f"  {name} ", told)
        unknown = CliRunner().invoke(main, ["deplot"])
        self.assertEqual(unknown.exit_code, 2)
        self.assertIn("deplot", unknown.output)


class StartTest(TestCase):
    timeout = 60

    async def test_only_the_family_that_is_called_is_read(self) -> None:
        ended = await python("-c", READ).ended
        self.assertEqual(ended.status, 0, ended.err)
        read = set(ended.err.split())
        self.assertIn("pushnet.app.deploy_commands", read)
        others = {f"pushnet.app.{name}" for name in COMMANDS.values()} - {"pushnet.app.deploy_commands"}
        self.assertEqual(others & read, set())
