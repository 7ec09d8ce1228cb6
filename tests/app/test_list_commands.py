"""`pushnet lists` against a registry that runs."""

from __future__ import annotations

import json
from typing import Any

from click.testing import CliRunner
from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import TestCase

from pushnet.app.list_commands import asked, lists_, print_book
from pushnet.app.running import CommandError
from pushnet.gen.pushnet.lists import Rule
from tests.app.registries import real_registry


class ListCommandsTest(TestCase):
    timeout = 60

    async def setUp(self) -> None:
        self.registry = await real_registry(self.mktemp())
        self.addCleanup(lambda: ensureDeferred(self.registry.stop()))

    async def ask(self, call: Any) -> Any:
        return await asked(self.registry.session, self.registry.settings, call)

    async def shown(self, *, machine: bool) -> str:
        async def show() -> int:
            print_book(await self.ask(lambda lists: lists.rules(-1, 0)), machine)
            return 0

        return await self.registry.said(show())

    async def test_what_was_added_is_shown_until_it_is_removed(self) -> None:
        rule = Rule("alias-deny", "k" * 24, "ann", who="bob", why="spam")
        await self.ask(lambda lists: lists.put(rule))
        (told,) = json.loads(await self.shown(machine=True))["rules"]
        self.assertEqual((told["list"], told["value"], told["why"]), ("alias-deny", "ann", "spam"))
        self.assertIn("ann", await self.shown(machine=False))
        await self.ask(lambda lists: lists.remove("alias-deny", "k" * 24, "ann"))
        self.assertEqual(json.loads(await self.shown(machine=True)), {"rules": []})

    async def test_what_is_wrong_is_told_in_one_line(self) -> None:
        with self.assertRaises(CommandError) as wrong:
            await self.ask(lambda lists: lists.put(Rule("address-deny", "", "10.0.0.1/8")))
        self.assertIn("no address or network", str(wrong.exception))

    def test_every_command_tells_its_help_and_knows_its_lists(self) -> None:
        for command in (lists_, *lists_.commands.values()):
            result = CliRunner().invoke(command, ["--help"])
            self.assertEqual(result.exit_code, 0, result.output)
        self.assertEqual(CliRunner().invoke(lists_, ["add", "users", "x"]).exit_code, 2)
