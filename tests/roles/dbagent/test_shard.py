"""One shard of a node: an adapter and a file of its own."""

from __future__ import annotations

from prometheus_client import CollectorRegistry
from twisted.logger import Logger

from pushnet.roles.base import Parts
from pushnet.roles.dbagent.metrics import DBAgentMetrics
from pushnet.roles.dbagent.service import make_service
from pushnet.roles.dbagent.shard import ServedShard
from pushnet.roles.membership import Membership
from tests.roles.truth import SETTINGS, TruthCase


class ServedShardTests(TruthCase):
    def test_each_shard_has_an_adapter_a_group_and_a_file_of_its_own(self) -> None:
        self.start("dbagent-1", make_service)
        ports = set()
        for number in (0, 2):
            for name in (f"shard/{number} @ dbagent-1.{number}", f"shard/{number} @ DBAgent.{number}"):
                proxy = self.client.stringToProxy(name)
                assert proxy is not None
                self.run_until(proxy.ice_ping())
            ports.add(self.run_until(proxy.ice_getConnection()).getInfo().remotePort)
        self.assertEqual(len(ports), 2)
        storage = self.simulation.host("dbagent-1").world.storage
        self.assertEqual(storage.names("shard-"), ["shard-0.db", "shard-2.db"])

    def test_a_shard_that_is_not_open_says_so_and_closes(self) -> None:
        world = self.simulation.host("dbagent-2").boot()
        node = SETTINGS.named("dbagent-2")
        communicator = self._communicator(world)
        membership = Membership(world, communicator, SETTINGS, node)
        parts = Parts(world, communicator, SETTINGS, node, membership, CollectorRegistry(), Logger())
        shard = ServedShard(parts, 1, 0, DBAgentMetrics(parts.metrics).of(1))
        self.assertIn("not open", shard.trouble)
        self.run_until(shard.close())
        self.assertEqual(world.leftovers(), [])

    def test_the_gauges_of_a_shard_are_those_of_the_moment(self) -> None:
        self.start("dbagent-2", make_service)
        self.register("phone-0")
        self.register("phone-1")
        positions = [self.run_until(self.shard(1).position())]
        read = self.metrics["dbagent-2"].get_sample_value("pushnet_dbagent_position", {"shard": "1"})
        self.assertEqual([read], positions)
