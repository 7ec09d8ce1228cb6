"""Health and metrics over a real local port."""

from __future__ import annotations

from typing import Any

import treq
from prometheus_client import CollectorRegistry, Counter
from twisted.internet import reactor
from twisted.internet.error import CannotListenError
from twisted.trial.unittest import TestCase
from twisted.web.client import Agent

from pushnet.app.realworld import RealWorld
from pushnet.app.telemetry import Telemetry


class TelemetryTest(TestCase):
    async def open(self, port: int = 0) -> str:
        self.health: dict[str, object] = {"ok": True, "devices": 7}
        self.drained: list[bool] = []
        registry = CollectorRegistry()
        Counter("pushes", "Pushes taken.", registry=registry).inc(5)
        world: Any = RealWorld(reactor, self.mktemp())
        telemetry = Telemetry(
            world,
            "127.0.0.1",
            port,
            lambda: self.health,
            registry,
            lambda: {"connections": 3.0},
            lambda: self.drained.append(True),
        )
        address = await telemetry.open()
        self.addCleanup(telemetry.close)
        return address

    async def get(self, url: str) -> tuple[int, str, bytes]:
        response = await treq.get(url, agent=Agent(reactor))
        kind = response.headers.getRawHeaders("content-type", [""])[0]
        return response.code, kind, await treq.content(response)

    async def test_health_is_json_and_its_status_says_whether_all_is_well(self) -> None:
        address = await self.open()
        status, kind, body = await self.get(f"{address}/health")
        self.assertEqual((status, kind), (200, "application/json"))
        self.assertEqual(body, b'{"ok": true, "devices": 7}\n')
        self.health["ok"] = False
        status, _, body = await self.get(f"{address}/health")
        self.assertEqual((status, body), (503, b'{"ok": false, "devices": 7}\n'))

    async def test_who_drains_is_not_ready_and_still_alive(self) -> None:
        address = await self.open()
        self.assertEqual((await self.get(f"{address}/ready"))[::2], (200, b'{"ready": true}\n'))
        self.health["ok"] = False
        self.assertEqual((await self.get(f"{address}/ready"))[::2], (503, b'{"ready": false}\n'))
        self.assertEqual((await self.get(f"{address}/live"))[0], 200)

    async def test_draining_is_ordered_by_a_post(self) -> None:
        address = await self.open()
        self.assertEqual((await self.get(f"{address}/drain"))[0], 405)
        self.assertEqual(self.drained, [])
        response = await treq.post(f"{address}/drain", agent=Agent(reactor))
        self.assertEqual((response.code, await treq.content(response)), (202, b'{"draining": true}\n'))
        self.assertEqual(self.drained, [True])

    async def test_metrics_hold_collectors_gauges_and_the_process(self) -> None:
        address = await self.open()
        status, kind, body = await self.get(f"{address}/metrics")
        self.assertEqual(status, 200)
        self.assertTrue(kind.startswith("text/plain"))
        text = body.decode()
        self.assertIn("pushes_total 5.0", text)
        self.assertIn("pushnet_connections 3.0", text)
        self.assertIn("process_resident_memory_bytes", text)

    async def test_another_path_is_not_found(self) -> None:
        status, _, _ = await self.get(f"{await self.open()}/secrets")
        self.assertEqual(status, 404)

    async def test_a_port_in_use_is_said_so(self) -> None:
        port = int((await self.open()).rpartition(":")[2])
        with self.assertRaisesRegex(CannotListenError, f"{port}.*in use"):
            await self.open(port)
