"""What an operator types at a running cluster, and what becomes of the nodes when the supervisor ends."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import treq
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase
from twisted.web.client import Agent

from tests.app.children import Child, Ended
from tests.system.cluster import PUSHNET, Cluster, reactor

GONE_LIMIT_S = 25.0
"""A node that is told to stop is gone within 20 s."""
RENEWALS_MAX = 10


async def call(*arguments: str) -> Ended:
    return await Child([PUSHNET, *arguments]).ended


class OperatorTest(TestCase):
    timeout = 180

    async def test_a_running_cluster_answers_and_a_stopped_one_is_told_as_such(self) -> None:
        cluster = Cluster(self.mktemp())
        file = str(cluster.demo.file)
        await cluster.start()
        try:
            nodes = await self.status(file)
            for _ in range(RENEWALS_MAX):  # readings come with a lease's renewal, once a second
                if nodes["broker-1"]["load"]:
                    break
                nodes = await self.status(file)
            nodes.pop("local", None)  # `pushnet up` itself, as the agent of the others
            self.assertEqual(sorted(nodes), sorted(cluster.nodes))
            for name, node in nodes.items():
                self.assertTrue(node["alive"], name)
                self.assertEqual(
                    (node["pid"], node["http"]), (cluster.nodes[name].pid, cluster.nodes[name].http)
                )
                self.assertGreater(node["lease_left_s"], 0)
                await self.healthy(node["http"], name)
            self.assertIn("connections", nodes["broker-1"]["load"])
            await self.servers(file, cluster)
            everybody = await call("push", "--config", file, "hello")
            self.assertEqual(everybody.status, 0, everybody.err)
            self.assertTrue(everybody.out.strip().isdigit(), everybody.out)
            wrong = await call("push", "--config", file, "--app", "x" * 24 + ":" + "y" * 24, "hello")
            self.assertEqual(wrong.status, 1)
            self.assertRegex(wrong.err, r"^pushnet: POST /v3/push was refused with 40[01]: ")
        finally:
            self.assertEqual(await cluster.stop(), 0)
        told = await call("status", file)
        self.assertEqual(told.status, 1)
        self.assertIn(
            f"the registry at tcp -h 127.0.0.1 -p {cluster.demo.registry_port} does not answer", told.err
        )

    async def test_nodes_do_not_outlive_a_supervisor_that_is_killed(self) -> None:
        cluster = Cluster(self.mktemp())
        await cluster.start()
        pids = [node.pid for node in cluster.nodes.values()]
        cluster.up.signal(signal.SIGKILL)
        await cluster.up.ended
        until = reactor.seconds() + GONE_LIMIT_S
        while alive := [pid for pid in pids if runs(pid)]:
            self.assertLess(reactor.seconds(), until, f"still there: {alive}")
            await deferLater(reactor, 0.1)

    async def test_a_cluster_stops_in_order_and_comes_back_with_its_data(self) -> None:
        cluster = Cluster(self.mktemp())
        await cluster.start()
        self.assertEqual(await cluster.stop(), 0)
        rested = [line["node"] for line in cluster.up.states if line["state"] == "resting"]
        places = {name: rested.index(name) for name in cluster.nodes}
        self.assertEqual(places["registry-1"], len(rested) - 1)
        self.assertLess(places["gateway-1"], places["pusher-1"])
        self.assertLess(places["pusher-1"], min(places["broker-1"], places["broker-2"]))
        self.assertLess(max(places["broker-1"], places["broker-2"]), places["dbagent-1"])
        self.assertLess(places["dbagent-1"], places["queue-1"])
        await cluster.start()
        self.assertEqual(await cluster.stop(), 0)

    async def servers(self, file: str, cluster: Cluster) -> None:
        """The nodes as servers of an agent: asked for, read, restarted."""
        for _ in range(RENEWALS_MAX):
            told = json.loads((await call("servers", "--config", file, "--json")).out)["servers"]
            if len(told) == len(cluster.nodes):
                break
        self.assertEqual(sorted(each["server"] for each in told), sorted(cluster.nodes))
        self.assertEqual({(each["agent"], each["phase"]) for each in told}, {("local", "serving")})
        logs = await call("logs", "broker-1", "--config", file)
        self.assertIn('"message":"serving"', logs.out)
        before = cluster.nodes["tagalias-2"].pid
        restarted = await call("server", "restart", "tagalias-2", "--config", file)
        self.assertEqual((restarted.status, restarted.out), (0, "tagalias-2 serves again\n"), restarted.err)
        await cluster.until(
            lambda: cluster.nodes["tagalias-2"].pid not in (0, before), 30.0, "its successor is told"
        )

    async def status(self, file: str) -> dict[str, Any]:
        told = await call("status", file, "--json")
        self.assertEqual((told.status, told.err), (0, ""))
        return {node["node"]: node for node in json.loads(told.out)["nodes"]}

    async def healthy(self, http: str, name: str) -> None:
        response = await treq.get(f"{http}/health", agent=Agent(reactor))
        health = json.loads(await treq.content(response))
        self.assertEqual((response.code, health["ok"], health["node"]), (200, True, name))
        metrics = await treq.get(f"{http}/metrics", agent=Agent(reactor))
        self.assertIn(b"process_cpu_seconds_total", await treq.content(metrics))


def runs(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        os.kill(pid, 0)
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False
