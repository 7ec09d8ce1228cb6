"""What a node tells whoever watches it, on a local HTTP port.

`GET /health` is JSON, with status 200 while `ok` is true and 503 otherwise. `GET /metrics` is Prometheus'
text format: the node's collectors, its process, and the role's gauges as `pushnet_<name>`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from twisted.internet.interfaces import IListeningPort
from twisted.web.resource import Resource
from twisted.web.server import Request, Site

from pushnet.world import World

HOST = "127.0.0.1"
REQUEST_LIMIT_S = 10.0


class _Page(Resource):
    isLeaf = True

    def __init__(self, answer: Callable[[], tuple[int, str, bytes]]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._answer = answer

    def render_GET(self, request: Request) -> bytes:
        status, kind, body = self._answer()
        request.setResponseCode(status)
        request.setHeader("content-type", kind)  # type: ignore[no-untyped-call]
        return body


class _QuietSite(Site):
    """Watchers ask every second: their questions are no news."""

    noisy = False

    def log(self, request: object) -> None:
        """Nothing."""


class _RoleGauges(Collector):
    def __init__(self, gauges: Callable[[], dict[str, float]]) -> None:
        self._gauges = gauges

    def collect(self) -> Iterable[Metric]:
        for name, value in sorted(self._gauges().items()):
            yield GaugeMetricFamily(f"pushnet_{name}", f"What the role tells the registry as {name}.", value)


class Telemetry:
    """The local HTTP port of one node.

    Args:
        port: where to listen; 0 lets the system choose.
        health: what `/health` tells; its `ok` decides the status.
        metrics: what `/metrics` tells; the process and `gauges` are added to it.
    """

    def __init__(
        self,
        world: World,
        port: int,
        health: Callable[[], dict[str, object]],
        metrics: CollectorRegistry,
        gauges: Callable[[], dict[str, float]],
    ) -> None:
        self._world = world
        self._port = port
        self._health = health
        self._metrics = metrics
        self._listening: IListeningPort | None = None
        ProcessCollector(registry=metrics)
        metrics.register(_RoleGauges(gauges))

    async def open(self) -> str:
        """Listen; returns the address as `http://host:port`. Raises `CannotListenError`."""
        site: Any = _QuietSite(self._root(), timeout=REQUEST_LIMIT_S, reactor=self._world.clock)  # type: ignore[no-untyped-call]
        site.displayTracebacks = False
        self._listening = await self._world.server_endpoint(HOST, self._port).listen(site)
        address: Any = self._listening.getHost()
        return f"http://{address.host}:{address.port}"

    async def close(self) -> None:
        if self._listening is not None:
            listening, self._listening = self._listening, None
            stopped = listening.stopListening()
            if stopped is not None:
                await stopped

    def _root(self) -> Resource:
        root = Resource()  # type: ignore[no-untyped-call]
        root.putChild(b"health", _Page(self._tell_health))
        root.putChild(b"metrics", _Page(self._tell_metrics))
        return root

    def _tell_health(self) -> tuple[int, str, bytes]:
        health = self._health()
        body = json.dumps(health, default=str).encode() + b"\n"
        return (200 if health.get("ok") else 503), "application/json", body

    def _tell_metrics(self) -> tuple[int, str, bytes]:
        return 200, "text/plain; version=0.0.4; charset=utf-8", generate_latest(self._metrics)
