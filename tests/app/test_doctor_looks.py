"""What the doctor sees: of this machine, of a file, of a registry that serves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import SynchronousTestCase, TestCase

from pushnet.app import patching
from pushnet.app.doctor_looks import certificate, judge, look, open_files, ports_of, synced, unrenewed
from pushnet.app.patching import Keyring, Making
from pushnet.app.realworld import RealWorld
from pushnet.gen.pushnet.registry import NodeInfo, NodeStatus
from pushnet.grid.settings import load_settings
from pushnet.roles.releases.publisher import Lifetimes
from pushnet.sim.disk import DiskFault
from pushnet.sim.simulation import Simulation
from tests.app.registries import reactor, real_registry
from tests.certificates import authority

LIMITS = """Limit                     Soft Limit           Hard Limit           Units
Max processes             63704                63704                processes
Max open files            1024                 unlimited            files
"""
FILE = """
[cluster]
secret = "0123456789abcdef"
[[node]]
name = "gateway-1"
role = "gateway"
host = "h"
http_port = 9000
[node.gateway]
port = 8080
https_port = 8443
certificate = "c.pem"
private_key = "k.pem"
"""


class LooksTest(SynchronousTestCase):
    def test_limits_are_read_as_the_kernel_tells_them(self) -> None:
        self.assertEqual(open_files(LIMITS), (1024, 2**30))
        self.assertIsNone(open_files("nothing of the kind"))

    def test_the_ports_of_a_node_are_those_that_the_file_fixes(self) -> None:
        settings = load_settings(FILE, "cluster.toml")
        (node,) = settings.node
        self.assertEqual(ports_of(node, settings), [("127.0.0.1", 9000), ("h", 8080), ("h", 8443)])

    def test_a_disk_that_does_not_sync_is_seen(self) -> None:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        host = simulation.host("h")
        world: Any = host.boot()
        trouble, took = synced(world)
        self.assertEqual(trouble, "")
        self.assertIsNotNone(took)
        host.disk.fault = DiskFault.BROKEN
        trouble, took = synced(world)
        self.assertNotEqual(trouble, "")
        self.assertIsNone(took)


class CertificateTest(SynchronousTestCase):
    def setUp(self) -> None:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        self.world: Any = simulation.host("h").boot()

    def test_nodes_tell_that_they_cannot_renew_their_certificates(self) -> None:
        def told(name: str, **load: float) -> NodeStatus:
            return NodeStatus(NodeInfo(name, "broker"), 1, 3000, 1000, [], load)

        failing = told("b", certificate_days=12.5, certificate_renewals_failed=3.0)
        well = told("c", certificate_days=200.0, certificate_renewals_failed=0.0)
        self.assertEqual(unrenewed([told("a"), failing, well]), {"b": 12.5})

    def test_a_file_of_certificates_tells_until_when_its_first_is_good(self) -> None:
        self.world.storage.replace("c.pem", authority().certificate)
        found = certificate(self.world, "/c.pem")
        self.assertEqual((found.trouble, found.subject), ("", "O=Pushnet\\, Tests,CN=Test CA"))
        self.assertGreater(found.ends_s, found.begins_s)

    def test_a_file_that_is_absent_or_something_else_is_told(self) -> None:
        self.world.storage.replace("k.pem", b"no certificate")
        self.assertIn("no certificate", certificate(self.world, "/k.pem").trouble)
        self.assertNotEqual(certificate(self.world, "/absent.pem").trouble, "")


class RealTest(TestCase):
    timeout = 60

    async def test_a_registry_that_serves_is_compared_with_and_its_port_is_its_own(self) -> None:
        registry = await real_registry(self.mktemp())
        self.addCleanup(registry.stop)
        facts = await look(registry.session, registry.settings, str(registry.file.parent), named=True)
        (ahead,) = facts.clocks.values()
        self.assertLess(abs(ahead), 0.5)
        self.assertEqual([(port.node, port.how) for port in facts.ports], [("registry-1", "ours")])
        self.assertIsNotNone(facts.descriptors)
        self.assertIsNotNone(facts.sync_ms)

    async def test_until_when_the_list_of_releases_is_good_is_asked_of_each_registry(self) -> None:
        registry = await real_registry(self.mktemp())
        self.addCleanup(registry.stop)
        folder = registry.file.parent
        facts = await look(registry.session, registry.settings, str(folder), named=False)
        self.assertEqual(facts.releases_end, {})
        store: Any = RealWorld(reactor, folder / "registry-1" / "releases")
        (folder / "program").mkdir()
        (folder / "program" / "run").write_text("#!/bin/sh")
        keys, life = folder / "keys", Lifetimes(timestamp=3)
        patching.make_store(store, keys, Making(), life, b"open sesame")
        ring = Keyring((keys,), lambda file: b"open sesame")
        patching.publish(store, folder / "program", "broker", "1.0", ring, life)
        facts = await look(registry.session, registry.settings, str(folder), named=False)
        (ends_s,) = facts.releases_end.values()
        self.assertLess(abs(ends_s - facts.now_s - 3 * 86_400), 60)

    async def test_a_port_that_another_program_has_is_wrong(self) -> None:
        folder = Path(self.mktemp())
        folder.mkdir()
        world: Any = RealWorld(reactor, folder)
        factory: Any = Factory.forProtocol(Protocol)  # type: ignore[no-untyped-call]
        stranger = await world.server_endpoint("127.0.0.1", 0).listen(factory)
        self.addCleanup(stranger.stopListening)
        port = stranger.getHost().port
        text = f'[cluster]\nsecret = "0123456789abcdef"\nregistry_port = {port}\n[[node]]\n'
        settings = load_settings(text + 'name = "registry-1"\nrole = "registry"\n', "cluster.toml")
        registry = await real_registry(self.mktemp())
        self.addCleanup(registry.stop)
        facts = await look(registry.session, settings, str(folder), named=True)
        self.assertEqual([port.how for port in facts.ports], ["taken"])
        self.assertEqual(facts.silent, [settings.registries[0]])

    async def test_the_status_says_whether_something_is_wrong(self) -> None:
        registry = await real_registry(self.mktemp())
        self.addCleanup(registry.stop)
        folder = str(registry.file.parent)
        work = judge(registry.session, registry.settings, folder, named=True, machine=True)
        told = json.loads(await registry.said(work))
        self.assertEqual(told["wrong"], 0)
        self.assertIn("fsync", [finding["what"] for finding in told["findings"]])
