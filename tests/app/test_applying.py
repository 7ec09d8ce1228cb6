"""`pushnet apply`, `diff` and `history` against a registry that runs."""

from __future__ import annotations

import json
from typing import Any

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import TestCase

from pushnet.app import applying
from pushnet.app.applying import Wanted
from pushnet.app.asking import ask
from pushnet.app.running import CommandError
from pushnet.gen.pushnet.cluster import ClusterPrx
from tests.app.registries import RealRegistry, real_registry

REACHES_AGENTS_WITHIN_S = 5.0


class ApplyingTest(TestCase):
    timeout = 60

    async def setUp(self) -> None:
        self.registry: RealRegistry = await real_registry(self.mktemp())
        self.addCleanup(lambda: ensureDeferred(self.registry.stop()))
        self.text = self.registry.text
        self.later = self.text.replace('["./clock"]', '["./clock", "-v"]')

    async def apply(self, text: str, *, machine: bool = False, yes: bool = True, why: str = "") -> str:
        wanted = Wanted("f.toml", text)
        work = applying.apply(
            self.registry.session, self.registry.settings, wanted, yes=yes, why=why, machine=machine
        )
        return await self.registry.said(work)

    async def history(self) -> list[dict[str, Any]]:
        session, settings = self.registry.session, self.registry.settings
        told = json.loads(await self.registry.said(applying.history(session, settings, 9, 0, machine=True)))
        found: list[dict[str, Any]] = told["generations"]
        return found

    async def test_the_difference_is_shown_then_applied_and_remembered(self) -> None:
        first = await self.apply(self.text, why="begin")
        self.assertIn("generation 1 is applied", first)
        told = await self.apply(self.later)
        self.assertIn("clock", told)
        self.assertIn("restarted", told)
        self.assertIn('["./clock"] -> ["./clock","-v"]', told)
        self.assertIn("generation 2 is applied", told)
        history = await self.history()
        self.assertEqual([(each["generation"], each["why"]) for each in history], [(2, ""), (1, "begin")])
        self.assertIn("@", history[0]["who"])

    async def test_the_same_again_is_applied_already(self) -> None:
        await self.apply(self.text)
        self.assertEqual(await self.apply(self.text), "generation 1 is f.toml already\n")

    async def test_a_registry_that_was_restored_is_followed_again_when_somebody_says_so(self) -> None:
        session, settings = self.registry.session, self.registry.settings
        with self.assertRaisesRegex(
            CommandError, "no settings at all: `pushnet apply` the cluster file first"
        ):
            await self.registry.said(applying.restored(session, settings, yes=True, machine=False))
        await self.apply(self.text)
        with self.assertRaisesRegex(CommandError, "nothing is changed: there is nobody to ask"):
            await self.registry.said(applying.restored(session, settings, yes=False, machine=False))
        told = await self.registry.said(applying.restored(session, settings, yes=True, machine=False))
        self.assertIn("the registry has generation 1 of ", told)
        self.assertIn("agents follow the registry again", told)

    async def test_programs_get_json(self) -> None:
        await self.apply(self.text)
        told = json.loads(await self.apply(self.later, machine=True))
        self.assertEqual(told["generation"], 2)
        self.assertEqual([each["name"] for each in told["differences"]], ["clock"])

    async def test_without_a_terminal_and_without_yes_nothing_is_applied(self) -> None:
        with self.assertRaisesRegex(CommandError, "nothing is applied: there is nobody to ask"):
            await self.apply(self.text, yes=False, machine=True)
        self.assertEqual(await self.history(), [])

    async def test_an_earlier_generation_is_taken_back(self) -> None:
        await self.apply(self.text)
        await self.apply(self.later)
        session, settings = self.registry.session, self.registry.settings
        back = Wanted("generation 1", generation=1)
        await self.registry.said(applying.apply(session, settings, back, yes=True, why="", machine=False))
        shown = await self.registry.said(applying.history(session, settings, 1, 3, machine=False))
        self.assertEqual(shown, self.text)
        self.assertEqual((await self.history())[0]["why"], "back to generation 1")

    async def test_one_that_is_not_kept_is_told(self) -> None:
        session, settings = self.registry.session, self.registry.settings
        gone = Wanted("generation 9", generation=9)
        with self.assertRaisesRegex(CommandError, "generation 9 is not kept; there are: none"):
            await applying.apply(session, settings, gone, yes=True, why="", machine=False)

    async def test_the_difference_to_what_is_applied_or_between_two(self) -> None:
        await self.apply(self.text)
        await self.apply(self.later)
        session, settings = self.registry.session, self.registry.settings
        one, two = Wanted("generation 1", generation=1), Wanted("f.toml", self.text)
        for first, second, found in ((one, None, 1), (one, two, 0), (two, None, 1), (two, one, 0)):
            told = await self.registry.said(applying.diff(session, settings, first, second, machine=True))
            self.assertEqual(len(json.loads(told)["differences"]), found)
        told = await self.registry.said(applying.diff(session, settings, one, two, machine=False))
        self.assertIn("nothing that anybody reads is different", told)

    async def test_an_agent_that_waits_has_it_within_five_seconds(self) -> None:
        await self.apply(self.text)
        settings = self.registry.settings
        world = self.registry.session.world

        async def waits(cluster: ClusterPrx) -> float:
            known = (await cluster.plan("m1", 0, 0)).generation
            answer = cluster.plan("m1", known, 30_000)
            since = world.monotonic()
            await self.apply(self.later)
            plan = await answer
            self.assertEqual(plan.servers[0].command, ["./clock", "-v"])
            return world.monotonic() - since

        took_s = await ask(self.registry.session, settings, ClusterPrx, waits, 60_000)
        self.assertLess(took_s, REACHES_AGENTS_WITHIN_S)


class NobodyTest(TestCase):
    async def test_a_registry_that_is_not_there_is_named(self) -> None:
        registry = await real_registry(self.mktemp())
        await registry.stop()
        with self.assertRaisesRegex(CommandError, "the registry at tcp -h 127.0.0.1 -p .* does not answer"):
            await applying.history(registry.session, registry.settings, 1, 0, machine=True)
