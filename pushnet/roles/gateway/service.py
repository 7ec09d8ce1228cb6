"""The gateway as a service: ports open in front, queue and shards found behind, ids that never repeat.

The promise about ids: while it runs, the gateway keeps a file that names a time no id of its has reached yet.
Its next life begins there, should the clock have been stepped back meanwhile.
"""

from __future__ import annotations

from pathlib import Path

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IListeningPort, IProtocolFactory
from twisted.internet.task import LoopingCall
from twisted.protocols.tls import TLSMemoryBIOFactory

from pushnet.grid.settings import GatewaySettings
from pushnet.roles.backends import find_backends
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.gatekeeping import Gatekeeper, gatekeeper
from pushnet.roles.gateway.auth import Apps
from pushnet.roles.gateway.certificate import CertificateError, KeyPair, kept_or_made, tls_options
from pushnet.roles.gateway.framing import HttpLimits
from pushnet.roles.gateway.gateway import Gateway
from pushnet.roles.gateway.http_port import RestFactory
from pushnet.roles.gateway.message_id import MessageIds

GROUP = "Gateway"
FLOOR_FILE = "message-id-floor"
FLOOR_EVERY_S = 5.0
FLOOR_AHEAD_MS = 15_000
"""Three writes of the floor may fail before an id passes it."""
FLOOR_STEP_MS = 1_000
"""When ids run ahead of the clock they use up a millisecond in 4,096 calls: far less than this in 5 s."""
DRAIN_LIMIT_S = 8.0
"""Less than the time a node gives its role to close."""


class GatewayService(RoleService):
    """Serves the REST API on HTTP, and on HTTPS when a port is set for it."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.settings: GatewaySettings = parts.node.gateway
        self.gateway: Gateway | None = None
        self.ports: dict[str, int] = {}
        """`http` and `https` to the port each is bound to."""
        self._ids: MessageIds | None = None
        self._listening: list[IListeningPort] = []
        self._factory: RestFactory | None = None
        self._keeping: LoopingCall | None = None
        self._gatekeeper: Gatekeeper | None = None

    async def open(self) -> None:
        parts = self.parts
        floor_ms = await parts.world.run_blocking(self._read_floor)
        self._ids = MessageIds(self.settings.number, floor_ms)
        await self._keep_floor()
        self.gateway = Gateway(
            parts.world,
            Apps({app.key: app.secret for app in parts.settings.app}),
            find_backends(parts.communicator, parts.settings.cluster.shards),
            self._ids,
            self.settings,
            parts.metrics,
            parts.log,
        )
        self._keeping = LoopingCall(self._keep_floor)
        self._keeping.clock = parts.world.clock
        parts.world.background("message id floor", self._keeping.start(FLOOR_EVERY_S, now=False))
        self._gatekeeper = gatekeeper(parts.world, parts.communicator, parts.settings, self._lists_changed)
        await self._gatekeeper.start()
        await self._listen(self.gateway)
        await self._join()

    def _lists_changed(self) -> None:
        if self.gateway is not None and self._gatekeeper is not None:
            self.gateway.lists = self._gatekeeper.lists

    async def close(self) -> None:
        await self.parts.membership.stop()
        if self._gatekeeper is not None:
            self._gatekeeper.stop()
        for port in self._listening:
            await _fired(port.stopListening())
        if self._factory is not None:
            await self._factory.drain(DRAIN_LIMIT_S)
        if self._keeping is not None and self._keeping.running:
            self._keeping.stop()
        if self._ids is not None:
            await self.parts.world.run_blocking(self._write_floor, self._ids.last_ms + 1)

    def gauges(self) -> dict[str, float]:
        running = float(self.gateway.calls_running) if self.gateway else 0.0
        connections = float(self._factory.connections) if self._factory else 0.0
        return {"load": running, "connections": connections}

    async def _listen(self, gateway: Gateway) -> None:
        settings, world = self.settings, self.parts.world
        limits = HttpLimits(
            header_bytes_max=settings.header_bytes_max,
            body_bytes_max=settings.body_bytes_max,
            body_s=settings.request_deadline_s,
        )
        self._factory = RestFactory(world, gateway, limits)
        await self._listen_on("http", settings.port, self._factory)
        if settings.https_port is not None:
            options = tls_options(await world.run_blocking(self._key_pair))
            secure = TLSMemoryBIOFactory(options, False, self._factory, clock=world.clock)
            await self._listen_on("https", settings.https_port, secure)

    async def _listen_on(self, name: str, port: int, factory: IProtocolFactory) -> None:
        endpoint = self.parts.world.server_endpoint(self._host, port)
        listening = await endpoint.listen(factory)
        self._listening.append(listening)
        bound = listening.getHost()
        assert isinstance(bound, IPv4Address | IPv6Address)
        self.ports[name] = bound.port
        self.parts.log.info("{name} on {host}:{port}", name=name, host=self._host, port=self.ports[name])

    async def _join(self) -> None:
        adapter = self.parts.communicator.createObjectAdapterWithEndpoints(
            self.parts.node.name, self.parts.endpoint()
        )
        await adapter.activate()
        self.parts.membership.offer(adapter, GROUP)
        await self.parts.membership.start()

    @property
    def _host(self) -> str:
        return self.settings.host or self.parts.node.host or self.parts.settings.cluster.host

    def _key_pair(self) -> KeyPair:
        """The operator's files, or our own. Blocking."""
        settings = self.settings
        if not settings.certificate and not settings.private_key:
            return kept_or_made(self.parts.world.storage, [self._host], self.parts.world.wall())
        try:
            return KeyPair(Path(settings.certificate).read_bytes(), Path(settings.private_key).read_bytes())
        except OSError as error:
            raise CertificateError(f"gateway.certificate and gateway.private_key: {error}") from error

    def _read_floor(self) -> int:
        storage = self.parts.world.storage
        return int(storage.read(FLOOR_FILE)) if FLOOR_FILE in storage.names(FLOOR_FILE) else 0

    def _write_floor(self, floor_ms: int) -> None:
        self.parts.world.storage.replace(FLOOR_FILE, str(floor_ms).encode("ascii"))

    def _keep_floor(self) -> Deferred[None]:
        """Promise that no id is made for a time after this one before the next promise."""
        assert self._ids is not None
        now_ms = int(self.parts.world.wall() * 1000)
        floor_ms = max(now_ms + FLOOR_AHEAD_MS, self._ids.last_ms + FLOOR_STEP_MS)
        written = self.parts.world.run_blocking(self._write_floor, floor_ms)
        return written.addErrback(lambda failure: self.parts.log.failure("no message id floor", failure))


async def _fired(result: object) -> None:
    """What `stopListening` returns may be a Deferred or nothing."""
    if isinstance(result, Deferred):
        await result


def make_service(parts: Parts) -> RoleService:
    return GatewayService(parts)
