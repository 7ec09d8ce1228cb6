"""Programs of two versions call each other, as in a roll: what `slice2tx compat` calls safe, is."""

from __future__ import annotations

import json
from pathlib import Path
from signal import SIGKILL
from typing import Any

from twisted.trial.unittest import TestCase

from tests.app.children import python
from tests.system.ports import listening_ports

HERE = Path(__file__).parent / "versions"
PEER = "tests.system.versions.peer"

OLD_TO_OLD = {
    "find": ["Item", "a", 7],
    "find nothing": "Trouble no name",
    "move": [2, 4],
    "note": ["text", 4],
    "special": ["Item", "plain", 1],
    "fail": "Trouble bad",
    "count": [0, 1, 2],
    "keep": ["Item", "mine", 3],
}
NEW_TO_NEW = {
    "find": ["Item", "a", "ours", None],
    "find nothing": "Trouble no name",
    "move": [2, 4],
    "note": ["text", True],
    "special": ["Special", "rare", "ours", 9],
    "fail": "WorseTrouble worse",
    "count": [0, 1, 2],
    "keep": ["Special", "mine", None, 5],
    "greeting": "good day",
}
OLD_TO_NEW = {
    **OLD_TO_OLD,
    "find": ["Item", "a", None],
    "note": ["text", None],
    "special": ["Item", "rare", None],
    "fail": "Trouble worse",
    "keep": ["Item", "mine", None],
}
"""What only the new version knows is left out, and what only the old knew has no value."""
NEW_TO_OLD = {
    **NEW_TO_NEW,
    "find": ["Item", "a", None, None],
    "note": ["text", None],
    "special": ["Item", "plain", None, None],
    "fail": "Trouble bad",
    "keep": ["Item", "mine", None, None],
    "greeting": "OperationNotExistException",
}


class MixedVersionsTest(TestCase):
    timeout = 120

    async def serving(self, version: str) -> str:
        """A server of that version; its proxy."""
        server = python("-m", PEER, version, "server")
        self.addCleanup(lambda: server.ended)
        self.addCleanup(server.signal, SIGKILL)
        await server.says(b"serving")
        (port,) = listening_ports(server.pid)
        return f"store:tcp -h 127.0.0.1 -p {port}"

    async def calls(self, version: str, proxy: str) -> dict[str, Any]:
        ended = await python("-m", PEER, version, "client", proxy).ended
        self.assertEqual((ended.status, ended.err), (0, ""))
        came: dict[str, Any] = json.loads(ended.out)
        return came

    def check(self, came: dict[str, Any], expected: dict[str, Any], what: str) -> None:
        here = {name[4:]: value for name, value in came.items() if name.startswith("1.1 ")}
        self.assertEqual(here, expected, what)
        for name, value in expected.items():  # encoding 1.0 has no optional values; the rest is the same
            told = came[f"1.0 {name}"]
            if name in ("move", "count", "fail", "find nothing", "greeting"):
                self.assertEqual(told, value, f"{what}, encoding 1.0: {name}")
            else:
                self.assertEqual(type(told), type(value), f"{what}, encoding 1.0: {name}")

    async def test_either_version_serves_the_other(self) -> None:
        old, new = await self.serving("old"), await self.serving("new")
        self.check(await self.calls("old", old), OLD_TO_OLD, "old to old")
        self.check(await self.calls("old", new), OLD_TO_NEW, "old to new")
        self.check(await self.calls("new", old), NEW_TO_OLD, "new to old")
        self.check(await self.calls("new", new), NEW_TO_NEW, "new to new")

    async def test_the_compiler_says_that_it_will_be_so(self) -> None:
        versions = [str(HERE / name) for name in ("old.ice", "new.ice")]
        ended = await python("-m", "pushnet.slice.command", "compat", *versions).ended
        self.assertEqual(ended.status, 0, ended.out + ended.err)
        self.assertIn("a safe successor: 0 break", ended.out + ended.err)
