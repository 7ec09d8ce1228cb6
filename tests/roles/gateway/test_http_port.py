"""A port's end in simulation, and the same HTTP over real loopback sockets."""

from __future__ import annotations

import json
from collections.abc import Coroutine
from typing import Any

from prometheus_client import CollectorRegistry
from twisted.internet import reactor
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.interfaces import IListeningPort
from twisted.logger import Logger
from twisted.trial.unittest import TestCase

from pushnet.app.realworld import RealWorld
from pushnet.grid.settings import GatewaySettings
from pushnet.roles.gateway.auth import Apps
from pushnet.roles.gateway.framing import HttpLimits
from pushnet.roles.gateway.gateway import Gateway
from pushnet.roles.gateway.http_port import RestFactory
from pushnet.roles.gateway.message_id import MessageIds
from tests.roles.gateway.given import APP, AUTHORIZATION, HI, SECRET, GatewayGiven
from tests.roles.gateway.wire import RawClient, raw_client_factory, request
from tests.roles.memory import Grid

PUSH = json.dumps(HI).encode()
AUTH = b"Authorization: " + AUTHORIZATION
SHORT = HttpLimits(body_bytes_max=100_000, header_s=0.2, body_s=0.3, idle_s=0.3, linger_s=0.2)


class DrainTests(GatewayGiven):
    def setUp(self) -> None:
        super().setUp()
        self.factory = RestFactory(self.world, self.gateway, HttpLimits())
        self.simulation.run_until(self.world.server_endpoint("", 80).listen(self.factory))
        self.caller = self.simulation.host("app-server").boot()

    def connect(self) -> RawClient:
        endpoint = self.caller.client_endpoint("gateway", 80)
        return self.simulation.run_until(endpoint.connect(raw_client_factory()))

    def test_idle_connections_close_at_once_and_busy_ones_behind_their_answer(self) -> None:
        idle, busy = self.connect(), self.connect()
        self.grid.queue.hold("publish")
        busy.send(request("POST /v3/push", PUSH, AUTH))
        self.simulation.run_for(1.0)
        draining = ensureDeferred(self.factory.drain(10.0))
        self.simulation.run_until(idle.ended, limit_s=1)
        self.assertNoResult(draining)
        self.assertFalse(busy.closed)
        self.grid.queue.release("publish")
        self.simulation.run_until(draining, limit_s=1)
        self.simulation.run_until(busy.ended, limit_s=1)
        self.assertEqual(busy.answers()[0][0], 200)

    def test_after_the_limit_the_rest_is_cut_off(self) -> None:
        busy = self.connect()
        self.grid.queue.hold("publish")
        busy.send(request("POST /v3/push", PUSH, AUTH))
        self.simulation.run_for(1.0)
        self.simulation.run_until(ensureDeferred(self.factory.drain(2.0)), limit_s=3)
        self.assertEqual(self.factory.connections, 0)

    def test_with_nobody_there_it_is_over_at_once(self) -> None:
        self.simulation.run_until(ensureDeferred(self.factory.drain(10.0)), limit_s=0.1)


class LoopbackTests(TestCase):
    """Real sockets, short deadlines: the client waits for what must come, and for nothing else."""

    timeout = 20

    def setUp(self) -> Deferred[None]:
        return ensureDeferred(self.open())

    async def open(self) -> None:
        self.world = RealWorld(reactor, self.mktemp())
        self.grid = Grid(self.world)
        apps, ids, settings = Apps({APP: SECRET}), MessageIds(0), GatewaySettings()
        gateway = Gateway(
            self.world, apps, self.grid.backends, ids, settings, CollectorRegistry(), Logger(namespace="test")
        )
        self.factory = RestFactory(self.world, gateway, SHORT)
        port: IListeningPort = await self.world.server_endpoint("127.0.0.1", 0).listen(self.factory)
        self.addCleanup(lambda: ensureDeferred(self.factory.drain(1.0)))
        self.addCleanup(port.stopListening)
        self.port: int = port.getHost().port

    async def connect(self) -> RawClient:
        client: RawClient = await self.world.client_endpoint("127.0.0.1", self.port).connect(
            raw_client_factory()
        )
        self.addCleanup(lambda: client.ended)
        self.addCleanup(lambda: client.transport.abortConnection())
        return client

    def run_async(self, test: Coroutine[Deferred[Any], Any, None]) -> Deferred[None]:
        return ensureDeferred(test)

    def test_a_push_over_a_real_socket(self) -> Deferred[None]:
        async def test() -> None:
            client = await self.connect()
            client.send(request("POST /v3/push", PUSH, AUTH))
            await client.answered()
            self.assertEqual(client.answers()[0][0], 200)

        return self.run_async(test())

    def test_an_oversized_body_is_answered_though_the_client_sends_all_of_it(self) -> Deferred[None]:
        async def test() -> None:
            client = await self.connect()
            client.send(request("POST /v3/push", b"x" * 3_000_000, AUTH))
            await client.ended
            self.assertEqual(client.answers()[0][0], 413)

        return self.run_async(test())

    def test_slow_silent_and_odd_clients_are_closed_while_others_are_served(self) -> Deferred[None]:
        async def test() -> None:
            silent, header, body, odd = [await self.connect() for _ in range(4)]
            header.send(b"POST /v3/push HTTP/1.1\r\nX: y")
            body.send(request("POST /v3/push", PUSH, AUTH)[:-5])
            odd.send(b"\x16\x03\x01\x00\xff\x00\r\n\r\n")
            good = await self.connect()
            good.send(request("POST /v3/push", PUSH, AUTH))
            await good.answered()
            for client in (silent, header, body, odd):
                await client.ended
            found = [client.answers()[0][0] for client in (good, silent, header, body, odd)]
            self.assertEqual(found, [200, 408, 408, 408, 400])

        return self.run_async(test())

    def test_random_bytes_never_stop_the_port(self) -> Deferred[None]:
        async def test() -> None:
            rng = self.world.rng("test")
            for _ in range(30):
                client = await self.connect()
                client.send(rng.randbytes(rng.randrange(1, 400)) + b"\r\n\r\n")
                await client.answered()
                client.transport.abortConnection()
            good = await self.connect()
            good.send(request("POST /v3/push", PUSH, AUTH))
            await good.answered()
            self.assertEqual(good.answers()[0][0], 200)

        return self.run_async(test())
