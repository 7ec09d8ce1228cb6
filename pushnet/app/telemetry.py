"""What a node tells whoever watches it, on an HTTP port.

* `GET /health` is JSON, with status 200 while `ok` is true and 503 otherwise;
* `GET /ready` has status 200 while the node serves, 503 before and from the moment on that it drains;
* `GET /live` has status 200 as long as the process answers at all: who drains or starts is alive, too;
* `POST /drain` has it leave the registry, finish what it has begun and end, as SIGTERM does; status 202, and
  403 to who asks from another machine;
* `GET /metrics` is Prometheus' text format: the node's collectors, its process, and the role's gauges as
  `pushnet_<name>`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from twisted.internet.interfaces import IListeningPort
from twisted.web.resource import Resource
from twisted.web.server import Request, Site

from pushnet.world import World

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


class _Order(Resource):
    isLeaf = True

    def __init__(self, order: Callable[[], object]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._order = order

    def render_POST(self, request: Request) -> bytes:
        peer: Any = request.getClientAddress()  # type: ignore[no-untyped-call]
        request.setHeader("content-type", "application/json")  # type: ignore[no-untyped-call]
        if not ip_address(getattr(peer, "host", "0.0.0.0")).is_loopback:
            request.setResponseCode(403)
            return b'{"error": "only from this machine"}\n'
        self._order()
        request.setResponseCode(202)
        return b'{"draining": true}\n'


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
        host, port: where to listen; port 0 lets the system choose.
        health: what `/health` tells; its `ok` decides the status, and that of `/ready`.
        drain: what `/drain` orders.
        metrics: what `/metrics` tells; the process and `gauges` are added to it.
    """

    def __init__(
        self,
        world: World,
        host: str,
        port: int,
        health: Callable[[], dict[str, object]],
        metrics: CollectorRegistry,
        gauges: Callable[[], dict[str, float]],
        drain: Callable[[], object],
    ) -> None:
        self._world = world
        self._host = host
        self._drain = drain
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
        self._listening = await self._world.server_endpoint(self._host, self._port).listen(site)
        address: Any = self._listening.getHost()
        host = "127.0.0.1" if address.host in ("0.0.0.0", "::") else address.host
        return f"http://{host}:{address.port}"

    async def close(self) -> None:
        if self._listening is not None:
            listening, self._listening = self._listening, None
            stopped = listening.stopListening()
            if stopped is not None:
                await stopped

    def _root(self) -> Resource:
        root = Resource()  # type: ignore[no-untyped-call]
        root.putChild(b"health", _Page(self._tell_health))
        root.putChild(b"ready", _Page(self._tell_ready))
        root.putChild(b"live", _Page(lambda: (200, "application/json", b'{"live": true}\n')))
        root.putChild(b"drain", _Order(self._drain))
        root.putChild(b"metrics", _Page(self._tell_metrics))
        return root

    def _tell_health(self) -> tuple[int, str, bytes]:
        health = self._health()
        body = json.dumps(health, default=str).encode() + b"\n"
        return (200 if health.get("ok") else 503), "application/json", body

    def _tell_ready(self) -> tuple[int, str, bytes]:
        ready = bool(self._health().get("ok"))
        return (200 if ready else 503), "application/json", json.dumps({"ready": ready}).encode() + b"\n"

    def _tell_metrics(self) -> tuple[int, str, bytes]:
        return 200, "text/plain; version=0.0.4; charset=utf-8", generate_latest(self._metrics)
