"""Sets that are scaled, as an operator sees them."""

from __future__ import annotations

import json

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import TestCase

from pushnet.app import applying, scales
from pushnet.app.applying import Wanted
from tests.app.registries import RealRegistry, real_registry

SET = """
[[server]]
name = "web-${n}"
kind = "web"
agent = "any"
command = ["./web"]
min = 1
max = 3
target_load = 0.5
"""


class ScalesTest(TestCase):
    timeout = 60

    async def setUp(self) -> None:
        self.registry: RealRegistry = await real_registry(self.mktemp())
        self.addCleanup(lambda: ensureDeferred(self.registry.stop()))

    async def show(self, *, machine: bool) -> str:
        session, settings = self.registry.session, self.registry.settings
        return await self.registry.said(scales.show(session, settings, machine=machine))

    async def test_a_set_is_shown_with_what_it_has_and_may_have(self) -> None:
        session, settings = self.registry.session, self.registry.settings
        wanted = Wanted("f.toml", self.registry.text + SET)
        await self.registry.said(applying.apply(session, settings, wanted, yes=True, why="", machine=False))
        (told,) = json.loads(await self.show(machine=True))["scaling"]
        self.assertEqual((told["name"], told["count"], told["min"], told["max"]), ("web", 1, 1, 3))
        plain = await self.show(machine=False)
        self.assertRegex(plain, r"web +│ 1 +│ 1 to 3 │ 0 +│ load +│ not known │ 0.5")

        self.assertIn("web: nobody tells load, so as many run as did", plain)

    async def test_without_sets_the_table_is_empty(self) -> None:
        self.assertEqual(json.loads(await self.show(machine=True)), {"scaling": []})
