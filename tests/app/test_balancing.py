"""`pushnet group`: the balance of a group changed while the cluster runs."""

from __future__ import annotations

import json
from typing import Any

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import TestCase

from pushnet.app import balancing
from pushnet.app.running import CommandError
from tests.app.registries import RealRegistry, real_registry


class BalancingTest(TestCase):
    timeout = 60

    async def setUp(self) -> None:
        self.registry: RealRegistry = await real_registry(self.mktemp())
        self.addCleanup(lambda: ensureDeferred(self.registry.stop()))

    async def change(self, group: str, **changes: Any) -> str:
        session, settings = self.registry.session, self.registry.settings
        return await self.registry.said(balancing.change(session, settings, group, changes, machine=True))

    async def show(self, group: str = "", *, machine: bool = True) -> str:
        session, settings = self.registry.session, self.registry.settings
        return await self.registry.said(balancing.show(session, settings, group, machine=machine))

    async def test_the_parts_of_a_split_are_changed_live(self) -> None:
        await self.change("Broker", split={"east": 1, "west": 9})
        told = json.loads(await self.show())["groups"]
        self.assertEqual(told["Broker"]["split"], {"east": 1, "west": 9})
        self.assertEqual(told["Broker"]["choice"], "split")

    async def test_people_see_what_differs_from_the_default(self) -> None:
        told = await self.show(machine=False)
        self.assertIn("split east=7, west=3", told)
        await self.change("Gateway", choice="adaptive", n=3, loadSample=5)
        told = await self.show("Gateway", machine=False)
        self.assertIn("adaptive", told)
        self.assertIn("load of 5 min", told)
        self.assertNotIn("Broker", told)

    async def test_a_group_that_nobody_set_is_balanced_as_usual(self) -> None:
        told = json.loads(await self.show("TagAlias"))["groups"]
        self.assertEqual(told["TagAlias"]["choice"], "random")

    async def test_what_cannot_be_is_refused_with_why(self) -> None:
        with self.assertRaisesRegex(CommandError, "group Gateway: a split needs parts"):
            await self.change("Gateway", choice="split")

    async def test_a_group_that_nobody_knows_is_refused_with_those_there_are(self) -> None:
        with self.assertRaisesRegex(CommandError, "Brokers: there is none .*: Broker, Gateway, TagAlias"):
            await self.change("Brokers", n=1)
        with self.assertRaisesRegex(CommandError, "Brokers: it has no member"):
            await self.show("Brokers")
