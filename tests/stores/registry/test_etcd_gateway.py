"""The JSON gateway: watches in pieces, and what is said when it fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twisted.internet.testing import StringTransport
from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.etcd import SimEtcd
from pushnet.sim.simulation import Simulation
from pushnet.stores.registry.etcd_gateway import Gateway, GatewayError, Watch, address_of, coded, text_of


class WatchTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.told: list[Mapping[str, Any]] = []
        self.ends: list[str] = []
        self.watch = Watch(self.told.append, self.ends.append)
        self.watch.makeConnection(StringTransport())

    def test_messages_are_read_from_chunks_of_any_size(self) -> None:
        text = b'{"result":{"created":true}}\n{"result":{"events":[{}]}}\n'
        for size in (1, 7, len(text)):
            self.told.clear()
            for at in range(0, len(text), size):
                self.watch.dataReceived(text[at : at + size])
            self.assertEqual(self.told, [{"created": True}, {"events": [{}]}])

    def test_an_error_and_what_is_no_json_end_it_once(self) -> None:
        self.watch.dataReceived(b'{"error":{"message":"no leader"}}\nnonsense\n')
        self.assertEqual(len(self.ends), 1)
        self.assertIn("no leader", self.ends[0])

    def test_one_that_was_stopped_tells_nothing_more(self) -> None:
        self.watch.stop()
        self.watch.dataReceived(b'{"result":{}}\n')
        self.assertEqual((self.told, self.ends), ([], []))


class GatewayTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.world = self.simulation.host("client").boot()

    def gateway(self, *urls: str) -> Gateway:
        return Gateway(self.world, urls, 1.0)

    def test_the_next_member_is_asked_when_one_does_not_answer(self) -> None:
        etcd = SimEtcd(self.simulation)
        self.simulation.run_until(etcd.boot())
        self.simulation.host("etcd-0").boot()
        gateway = self.gateway("http://etcd-0:2379", etcd.url)
        with self.assertRaises(GatewayError):
            self.simulation.run_until(gateway.call("/v3/kv/put", {"key": coded("k"), "value": coded("v")}))
        (answer,) = self.simulation.run_until(gateway.call("/v3/kv/range", {"key": coded("k")}))
        self.assertIn("revision", answer["header"])

    def test_one_that_hangs_is_given_up_after_the_limit(self) -> None:
        etcd = SimEtcd(self.simulation)
        self.simulation.run_until(etcd.boot())
        self.simulation.paths.partition("client", "etcd-1")
        before_s = self.simulation.now_s
        with self.assertRaises(GatewayError) as caught:
            self.simulation.run_until(self.gateway(etcd.url).call("/v3/kv/range", {"key": coded("k")}))
        self.assertLess(self.simulation.now_s - before_s, 1.1)
        self.assertIn("etcd-1", str(caught.exception))

    def test_names_survive_their_coding(self) -> None:
        self.assertEqual(text_of(coded("/pushnet/ü/node")), "/pushnet/ü/node")

    def test_a_url_names_host_and_port(self) -> None:
        self.assertEqual(address_of("http://h:23790"), ("h", 23790))
        self.assertEqual(address_of("http://h"), ("h", 2379))
        for wrong in ("h:2379", "https://h", "http://h/v3"):
            self.assertRaises(ValueError, address_of, wrong)
