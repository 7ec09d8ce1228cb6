"""JPush's official Python SDK, unmodified, against a running cluster: every push, device, tag and alias call.

The SDK runs in a process of its own (`tests.system.jpush_calls`). Here its answers are held against JPush's
documentation, and what the devices received against what the calls asked for.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

from twisted.trial.unittest import TestCase

from pushnet.app.demo_crowd import Crowd
from pushnet.app.demo_ledger import Ledger
from pushnet.app.demo_people import Person
from pushnet.app.realworld import RealWorld
from tests.app.children import Child
from tests.system.cluster import Cluster, reactor

DEVICES = 4
STRANGER = "1" + "0" * 18
ARRIVE_LIMIT_S = 15.0
TO_EACH = {
    0: ["to all", "to id", "everything", "to android", "twice"],
    1: ["to all", "batch by id"],
    2: ["to all", "to tags"],
    3: ["to all", "to alias", "batch by alias"],
}
"""What each device is sent in one round, by its content."""
IN_ORDER = ["to all", "to tags", "to alias", "to id", "everything", "to android"]
"""How the SDK's process pushes."""


class Letters(Ledger):
    """Writes down whatever arrives, as often as it arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.arrivals: Counter[tuple[int, str]] = Counter()

    def arrived(self, number: int, mark: str, at: float) -> None:
        self.arrivals[number, mark] += 1


class OfficialSdkTests(TestCase):
    timeout = 240

    def setUp(self) -> None:
        self.complaints: list[str] = []

    async def test_every_call_does_what_jpush_s_documentation_says(self) -> None:
        cluster = Cluster(self.mktemp())
        world = RealWorld(reactor, cluster.folder / "devices")
        letters = Letters()
        people = [Person(f"sdk-{number}", frozenset(), "") for number in range(DEVICES)]
        crowd = Crowd(world, people, letters, self.complaints.append)
        try:
            await cluster.start()
            demo = cluster.demo
            crowd.start(cluster.folder, demo.key, demo.brokers)
            self.assertTrue(await crowd.until(lambda: crowd.online == DEVICES, 30), self.complaints)
            told = await self.sdk(cluster, crowd.ids)
            wanted = Counter(
                (number, f"{content} {paths}")
                for number, contents in TO_EACH.items()
                for content in contents
                for paths in range(len(told))
            )
            await crowd.until(lambda: letters.arrivals >= wanted, ARRIVE_LIMIT_S)
            self.assertEqual(letters.arrivals, wanted)
            for paths, answers in told.items():
                self.devices(answers, crowd.ids, str(list(told).index(paths)))
                self.pushes(answers)
                self.refusals(answers)
        finally:
            await crowd.stop()
            status = await cluster.stop()
        self.assertEqual(status, 0)

    async def sdk(self, cluster: Cluster, ids: list[str]) -> dict[str, dict[str, Any]]:
        """Let the SDK make its calls; what each came to."""
        orders = cluster.folder / "sdk.json"
        demo = cluster.demo
        orders.write_text(json.dumps({"base": demo.rest, "key": demo.key, "secret": demo.secret, "ids": ids}))
        ended = await Child([sys.executable, "-m", "tests.system.jpush_calls", str(orders)], limit_s=90).ended
        self.assertEqual(ended.status, 0, ended.err)
        told: dict[str, dict[str, Any]] = json.loads(ended.out)
        return told

    def devices(self, told: dict[str, Any], ids: list[str], suffix: str) -> None:
        """What the device, tag and alias calls answered."""
        first, second, *_ = ids
        tag, alias = f"sdk{suffix}", f"who{suffix}"
        for name in ("set tags", "set alias", "set mobile", "update tag", "delete alias", "delete tag"):
            self.assertEqual(told[name], {}, name)
        self.assertEqual(
            told["get device"], {"tags": sorted([tag, "深圳"]), "alias": alias, "mobile": "13800138000"}
        )
        self.assertLessEqual({tag, "深圳"}, set(told["get tags"]["tags"]))
        memberships = [told[name] for name in ("is in tag", "is not in tag", "is in tag after")]
        self.assertEqual(memberships, [{"result": True}, {"result": False}, {"result": True}])
        self.assertEqual(told["update tag with a stranger"]["refused"], 7013)
        for name in ("get alias", "get alias of platforms", "get alias kept"):
            self.assertEqual(told[name], {"registration_ids": [first]}, name)
        for name in ("get alias of another platform", "get alias deleted"):
            self.assertEqual(told[name], {"registration_ids": []}, name)
        self.assertEqual(told["get status"], {first: {"online": True}, STRANGER: {}})
        self.assertEqual(told["get device after"], {"tags": None, "alias": None, "mobile": "13800138000"})
        self.assertEqual(told["get device cleared"], {"tags": None, "alias": None, "mobile": None})
        self.assertEqual(told["get stranger"]["refused"], 7002)
        self.assertNotIn(second, told["get alias"]["registration_ids"])

    def pushes(self, told: dict[str, Any]) -> None:
        """What the push calls answered: two strings, and nothing else."""
        accepted = [*IN_ORDER, "to another platform", "validate", "twice"]
        for name in accepted:
            self.assertEqual(sorted(told[name]), ["msg_id", "sendno"], name)
            self.assertTrue(all(isinstance(value, str) for value in told[name].values()), name)
        self.assertEqual(told["everything"]["sendno"], "2309696607")
        self.assertEqual(told["twice again"], told["twice"])
        ids = [int(told[name]["msg_id"]) for name in accepted]
        self.assertEqual(ids, sorted(set(ids)), "newer is larger")
        self.assertEqual(len(set(told["get cid"]["cidlist"])), 2)
        codes = [entry["error"]["code"] for entry in told["batch by id"].values()]
        self.assertEqual(codes, [0, 1003])
        self.assertEqual([entry["error"]["code"] for entry in told["batch by alias"].values()], [0])

    def refusals(self, told: dict[str, Any]) -> None:
        """What is wrong is told by JPush's codes, and as JSON, or the SDK would have died of it."""
        wanted = {
            "unknown option": 1009,
            "nobody": 1002,
            "bad tag": 1003,
            "segment": 1011,
            "too big": 1005,
            "too many cids": 1003,
            "schedule": 1001,
            "wrong secret": "Unauthorized",
            "wrong secret to push": "Unauthorized",
        }
        self.assertEqual({name: told[name]["refused"] for name in wanted}, wanted)
