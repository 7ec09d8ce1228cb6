"""The demonstration's cluster file."""

from __future__ import annotations

import socket
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.config import read_settings
from pushnet.app.demo_config import (
    MACHINE,
    PORTS_BELOW,
    PORTS_FROM,
    RELEASE,
    VERSION,
    free_ports,
    write_cluster,
)
from pushnet.grid.settings import AGENT, ROLES


class DemoConfigTest(SynchronousTestCase):
    def test_ports_are_free_and_none_is_given_twice(self) -> None:
        ports = free_ports(50)
        self.assertEqual(len(set(ports)), 50)
        self.assertTrue(all(PORTS_FROM <= port < PORTS_BELOW for port in ports))
        for port in ports:
            with socket.socket() as one:
                one.bind(("127.0.0.1", port))

    def test_the_file_is_one_that_nodes_can_read(self) -> None:
        folder = Path(self.mktemp())
        folder.mkdir(parents=True)
        cluster = write_cluster(folder, lease_s=1.0)
        settings = read_settings(cluster.file)
        roles = [node.role for node in settings.node]
        self.assertEqual(sorted(set(roles)), sorted(set(ROLES) - {AGENT}))
        self.assertEqual([roles.count(role) for role in ("dbagent", "tagalias", "broker")], [2, 2, 2])
        self.assertEqual(settings.cluster.registry_port, cluster.registry_port)
        self.assertEqual((settings.app[0].key, settings.app[0].secret), (cluster.key, cluster.secret))
        self.assertEqual(settings.cluster.lease_s, 1.0)

    def test_an_agent_may_run_all_but_the_registry_and_the_brokers_from_a_release(self) -> None:
        folder = Path(self.mktemp())
        folder.mkdir(parents=True)
        settings = read_settings(write_cluster(folder, agent=True).file)
        self.assertEqual([node.name for node in settings.node if not node.agent], ["registry-1", MACHINE])
        released = {node.role: (node.release, node.version) for node in settings.node if node.release}
        self.assertEqual(released, {"broker": (RELEASE, VERSION)})

    def test_the_secret_is_not_shown_by_accident(self) -> None:
        folder = Path(self.mktemp())
        folder.mkdir(parents=True)
        cluster = write_cluster(folder)
        self.assertNotIn(cluster.secret, repr(cluster))
