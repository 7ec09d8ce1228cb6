"""Settings on a real etcd: large ones too, told at one registry and heard at another."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.task import deferLater
from twisted.trial.unittest import SkipTest, TestCase

from pushnet.app.asking import ask, settings_of
from pushnet.app.demo_config import free_ports
from pushnet.app.node import NodeService, make_node
from pushnet.app.realworld import RealWorld
from pushnet.app.running import Session
from pushnet.gen.pushnet.cluster import ClusterPrx, GenerationException
from pushnet.grid.settings import load_settings
from pushnet.roles.registry.cluster_writing import TEXT_BYTES_MAX
from tests.stores.registry.real_etcd import PROGRAM, RealEtcd

CLOCK: Any = reactor
REACHES_ALL_WITHIN_S = 5.0
CLUSTER = """
[cluster]
name = "large"
secret = "0123456789abcdef"
etcd = ["{etcd}"]

[[node]]
name = "registry-1"
role = "registry"
port = {ports[0]}

[[node]]
name = "registry-2"
role = "registry"
port = {ports[1]}

[[node]]
name = "m1"
role = "node"

[[server]]
name = "clock"
agent = "m1"
command = ["./clock", "{word}"]
"""


class SettingsOnEtcdTest(TestCase):
    timeout = 120

    async def setUp(self) -> None:
        if PROGRAM is None and os.environ.get("PUSHNET_WITHOUT_ETCD"):
            raise SkipTest("etcd is missing, and PUSHNET_WITHOUT_ETCD is set")
        self.assertIsNotNone(
            PROGRAM, "etcd is missing: apt-get install etcd-server, or set PUSHNET_WITHOUT_ETCD=1"
        )
        self.etcd = RealEtcd()
        self.etcd.start()
        self.ports = free_ports(2)
        self.nodes: list[NodeService] = []
        self.addCleanup(self.end)
        settings = load_settings(self.text("one"), "large.toml")
        self.worlds: list[Any] = []
        for name in ("registry-1", "registry-2"):
            self.worlds.append(RealWorld(reactor, Path(self.mktemp()) / name))
            self.nodes.append(make_node(self.worlds[-1], settings, name))
            self.nodes[-1].startService()
            await self.nodes[-1].started

    async def end(self) -> None:
        for node in self.nodes:
            await node.stopService()
        self.etcd.close()
        await deferLater(CLOCK, 0.05)

    def text(self, word: str) -> str:
        text = CLUSTER.format(etcd=self.etcd.client, ports=self.ports, word=word)
        return text + "#" * (TEXT_BYTES_MAX - len(text))

    async def test_large_settings_are_applied_at_one_and_heard_at_the_other(self) -> None:
        session = Session(self.worlds[0], reactor, None)  # type: ignore[arg-type]
        first, second = [settings_of(None, f"127.0.0.1:{port}") for port in self.ports]
        await ask(session, first, ClusterPrx, lambda at: at.apply(self.text("one"), 0, "ann", "large"))

        async def waits(at: ClusterPrx) -> float:
            plan = await at.plan("m1", 0, 10_000)
            waiting = at.plan("m1", plan.generation, 30_000)
            since = CLOCK.seconds()
            await ask(session, first, ClusterPrx, lambda at: at.apply(self.text("two"), 1, "ann", "large"))
            answer = await waiting
            self.assertEqual(answer.servers[0].command, ["./clock", "two"])
            self.assertEqual(answer.settings, self.text("two"))
            return float(CLOCK.seconds() - since)

        took_s = await ask(session, second, ClusterPrx, waits, 60_000)
        self.assertLess(took_s, REACHES_ALL_WITHIN_S)
        with self.assertRaises(GenerationException):
            await ask(session, second, ClusterPrx, lambda at: at.apply(self.text("xyz"), 1, "bob", ""))
