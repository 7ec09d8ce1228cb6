"""What nodes and servers do and take."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

from rich.console import Console
from twisted.trial.unittest import SynchronousTestCase, TestCase

from pushnet.app.top import Rates, Row, Shape, ordered, rows, table, told, watch_top
from pushnet.gen.pushnet.registry import NodeInfo, NodeStatus
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from tests.app.registries import real_registry

AT = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


def node(name: str, epoch: int = 1, **load: float) -> NodeStatus:
    return NodeStatus(NodeInfo(name, "broker", "1.0"), epoch, 3000, 1000, [], load)


class RatesTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.rates = Rates()

    def test_a_rate_is_between_two_tellings_by_the_nodes_own_clock(self) -> None:
        self.rates.take([node("b", up_s=10.0, requests=100.0)])
        self.assertIsNone(self.rates.of("b", "requests"))
        self.assertFalse(self.rates.known)
        self.rates.take([node("b", up_s=12.0, requests=300.0)])
        self.assertTrue(self.rates.known)
        self.rates.take([node("b", up_s=12.0, requests=300.0)])
        self.assertEqual(self.rates.of("b", "requests"), 100.0)

    def test_a_node_that_came_anew_begins_anew(self) -> None:
        self.rates.take([node("b", up_s=10.0, requests=100.0)])
        self.rates.take([node("b", 2, up_s=1.0, requests=3.0)])
        self.assertIsNone(self.rates.of("b", "requests"))

    def test_what_a_node_does_not_tell_has_no_rate(self) -> None:
        self.rates.take([node("b")])
        self.rates.take([node("b")])
        self.assertIsNone(self.rates.of("b", "requests"))
        self.assertIsNone(self.rates.of("nobody", "requests"))


class RowsTest(SynchronousTestCase):
    def test_agents_fill_in_what_nodes_do_not_tell_and_tell_of_other_programs(self) -> None:
        taken = {"cpu_share": 0.5, "memory_bytes": 7e6}
        servers = [
            ServerState("b", "broker", "m1", ServerPhase.Serving, resources=taken),
            ServerState("stock", "printer", "m2", ServerPhase.Serving, "3.7", resources=taken),
            ServerState("asleep", "printer", "m2", ServerPhase.Resting),
        ]
        found = rows([node("b", connections=4.0, p99_ms=1.5)], servers, Rates())
        self.assertEqual([row.name for row in found], ["b", "stock"])
        broker, stock = found
        self.assertEqual((broker.agent, broker.cpu, broker.memory, broker.p99), ("m1", 0.5, 7e6, 1.5))
        self.assertEqual(
            (stock.kind, stock.version, stock.cpu, stock.requests), ("printer", "3.7", 0.5, None)
        )

    def test_the_largest_come_first_and_who_does_not_tell_last(self) -> None:
        found = [Row("a", "x"), Row("b", "x", requests=1.0), Row("c", "x", requests=20.0)]
        names = [row.name for row in ordered(found, "requests", reverse=False)]
        self.assertEqual(names, ["c", "b", "a"])
        self.assertEqual([row.name for row in ordered(found, "requests", reverse=True)], ["b", "c", "a"])
        self.assertEqual([row.name for row in ordered(found, "name", reverse=True)], ["c", "b", "a"])

    def test_people_read_a_table_and_programs_figures(self) -> None:
        found = [
            Row("b-1", "broker", requests=1234.0, p99=2.25, cpu=0.5, memory=50 * 1024 * 1024, failures=3.0)
        ]
        out = io.StringIO()
        Console(file=out, width=180).print(table("demo", AT, found, found))
        for part in ("1,234 requests/s", "b-1", "2.2 ms", "50%", "50 MiB", "3.0"):
            self.assertIn(part, out.getvalue())
        self.assertEqual(json.loads(json.dumps(told("demo", AT, found)))["rows"][0]["p99"], 2.25)


class TopTest(TestCase):
    timeout = 30

    async def test_one_picture_of_a_registry_that_serves(self) -> None:
        registry = await real_registry(self.mktemp())
        self.addCleanup(registry.stop)
        work = watch_top(registry.session, registry.settings, Shape(machine=True), once=True)
        (row,) = json.loads(await registry.said(work))["rows"]
        self.assertEqual((row["name"], row["kind"]), ("registry-1", "registry"))
        self.assertGreater(row["requests"], 0)
        self.assertGreaterEqual(row["cpu"], 0)
