"""The gateway as a node: found queue, open ports, ids that outlive a restart, an orderly end."""

from __future__ import annotations

import json
from pathlib import Path

from OpenSSL import crypto
from twisted.internet.protocol import Factory
from twisted.internet.ssl import CertificateOptions
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.push import read_Push
from pushnet.gen.pushnet.queue import QueuePrx
from pushnet.grid.settings import GatewaySettings, NodeSettings
from pushnet.roles.gateway.certificate import CERTIFICATE_FILE, CertificateError, make_pair
from pushnet.roles.gateway.service import FLOOR_FILE, GatewayService
from tests.roles.gateway.given import AUTHORIZATION, HI
from tests.roles.gateway.wire import RawClient, raw_client_factory, request
from tests.roles.nodes import APP, Nodes

REGISTRY = NodeSettings(name="registry-1", role="registry")
QUEUE = NodeSettings(name="queue-1", role="queue", host="queue-1")
GATEWAY = NodeSettings(
    name="gateway-1", role="gateway", host="gateway-1", gateway=GatewaySettings(port=80, number=7)
)
PUSH = request("POST /v3/push", json.dumps(HI).encode(), b"Authorization: " + AUTHORIZATION)


def secure_gateway(certificate: str = "", private_key: str = "") -> NodeSettings:
    """The gateway with HTTPS on port 443."""
    settings = GatewaySettings(
        port=80, https_port=443, certificate=certificate, private_key=private_key, number=7
    )
    return NodeSettings(name="gateway-1", role="gateway", host="gateway-1", gateway=settings)


class GatewayServiceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.nodes = Nodes(self)
        self.simulation = self.nodes.simulation
        self.nodes.start(REGISTRY)

    def connect(self) -> RawClient:
        host = self.simulation.host("app-server")
        endpoint = (host.world if host.is_up else host.boot()).client_endpoint("gateway-1", 80)
        return self.simulation.run_until(endpoint.connect(raw_client_factory()))

    def push(self) -> tuple[int, dict[str, str]]:
        client = self.connect()
        client.send(PUSH)
        self.simulation.run_until(client.answered(), limit_s=60)
        return client.answers()[0]

    def test_a_push_over_http_lies_in_the_queue_found_by_name(self) -> None:
        self.nodes.start(QUEUE)
        service = self.nodes.start(GATEWAY)
        assert isinstance(service, GatewayService)
        self.assertEqual(service.ports, {"http": 80})
        status, told = self.push()
        self.assertEqual(status, 200)
        queue = QueuePrx.uncheckedCast(self.nodes.observer().stringToProxy("Queue"))
        assert queue is not None
        (delivery,) = self.simulation.run_until(queue.take("push", "test", 10, 0, 1000))
        push, _ = read_Push(delivery.body, 0)
        self.assertEqual((push.app, str(push.message.id)), (APP, told["msg_id"]))
        self.assertEqual(push.message.id >> 12 & 1023, 7)

    def test_without_a_queue_a_push_is_busy_within_the_deadline(self) -> None:
        self.nodes.start(GATEWAY)
        before = self.simulation.now_s
        status, told = self.push()
        self.assertEqual((status, told["error"]["code"]), (503, 1030))
        self.assertLess(self.simulation.now_s - before, 31.0)

    def test_a_queue_that_is_killed_and_comes_back_loses_no_push(self) -> None:
        self.nodes.start(QUEUE)
        self.nodes.start(GATEWAY)
        self.assertEqual(self.push()[0], 200)
        self.simulation.host("queue-1").kill()
        client = self.connect()
        client.send(PUSH)
        self.simulation.run_for(0.1)
        self.nodes.start(QUEUE)
        self.simulation.run_until(client.answered(), limit_s=60)
        self.assertEqual(client.answers()[0][0], 200)

    def test_ids_go_on_after_a_crash_though_the_clock_was_stepped_back(self) -> None:
        self.nodes.start(QUEUE)
        self.nodes.start(GATEWAY)
        self.simulation.run_for(7.0)
        before = int(self.push()[1]["msg_id"])
        self.simulation.host("gateway-1").kill()
        self.nodes.begin(GATEWAY)
        self.simulation.host("gateway-1").world.wall_offset_s = -3600.0
        self.simulation.run_until(self.nodes.running["gateway-1"][0].started)
        self.assertGreater(int(self.push()[1]["msg_id"]), before)

    def test_crashing_again_and_again_does_not_drive_the_ids_away(self) -> None:
        self.nodes.start(GATEWAY)
        for _ in range(20):
            self.simulation.host("gateway-1").kill()
            self.nodes.start(GATEWAY)
        world = self.simulation.host("gateway-1").world
        ahead_ms = int(world.storage.read(FLOOR_FILE)) - world.wall() * 1000
        self.assertLess(ahead_ms, 60_000)

    def test_it_ends_in_order_and_leaves_nothing_behind(self) -> None:
        self.nodes.start(QUEUE)
        self.nodes.start(GATEWAY)
        self.push()
        idle = self.connect()
        self.nodes.stop("gateway-1")
        self.simulation.run_for(1.0)
        self.assertTrue(idle.closed)
        self.assertEqual(self.simulation.host("gateway-1").world.leftovers(), [])
        self.assertEqual(self.simulation.failures, [])

    def over_tls(self, service: GatewayService) -> tuple[int, bytes]:
        """What a client that would speak HTTP/2 too gets: the status of a push, and the certificate."""
        world = self.simulation.host("app-server").boot()
        made: list[RawClient] = []

        class Client(RawClient):
            def __init__(self) -> None:
                super().__init__()
                made.append(self)

        offers = CertificateOptions(acceptableProtocols=[b"h2", b"http/1.1"])
        inside: Factory[Client] = Factory.forProtocol(Client)
        secure = TLSMemoryBIOFactory(offers, True, inside, clock=world.clock)
        self.simulation.run_until(world.client_endpoint("gateway-1", service.ports["https"]).connect(secure))
        (client,) = made
        client.send(PUSH)
        self.simulation.run_until(client.answered(), limit_s=60)
        self.assertEqual(client.transport.negotiatedProtocol, b"http/1.1")
        shown = client.transport.getPeerCertificate()
        return client.answers()[0][0], crypto.dump_certificate(crypto.FILETYPE_PEM, shown)

    def test_https_shows_a_certificate_that_is_made_once_and_kept(self) -> None:
        self.nodes.start(QUEUE)
        shown: list[bytes] = []
        for _ in range(2):
            service = self.nodes.start(secure_gateway())
            assert isinstance(service, GatewayService)
            status, certificate = self.over_tls(service)
            self.assertEqual(status, 200)
            shown.append(certificate)
            self.nodes.stop("gateway-1")
            for host in ("gateway-1", "app-server"):
                self.simulation.host(host).kill()
        kept = self.simulation.host("gateway-1").disk.read(CERTIFICATE_FILE)
        self.assertEqual(shown, [kept, kept])

    def test_https_shows_the_operator_s_certificate_where_there_is_one(self) -> None:
        self.nodes.start(QUEUE)
        folder = Path(self.mktemp())
        folder.mkdir()
        pair = make_pair(["push.example.com"], 1_800_000_000.0)
        (folder / "push.crt").write_bytes(pair.certificate)
        (folder / "push.key").write_bytes(pair.key)
        service = self.nodes.start(secure_gateway(str(folder / "push.crt"), str(folder / "push.key")))
        assert isinstance(service, GatewayService)
        self.assertEqual(self.over_tls(service), (200, pair.certificate))

    def test_a_certificate_that_is_not_there_is_told_with_its_name(self) -> None:
        service = self.nodes.begin(secure_gateway("/nowhere/push.crt", "/nowhere/push.key"))
        error = self.assertRaises(CertificateError, self.simulation.run_until, service.started)
        self.assertIn("/nowhere/push.crt", str(error))
        self.nodes.stop("gateway-1")

    def test_load_is_told_with_the_gauges(self) -> None:
        service = self.nodes.start(GATEWAY)
        self.connect()
        self.assertEqual(service.gauges(), {"load": 0.0, "connections": 1.0})
