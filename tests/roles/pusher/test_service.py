"""The pusher as a node: from the gateway's door through queue, tag index and shards, all of them real."""

from __future__ import annotations

import json

from pyroaring import BitMap
from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.dbagent import Registration, ShardPrx
from pushnet.gen.pushnet.queue import QueuePrx, TopicStats
from pushnet.grid.placement import home_shard, shard_of_device, shard_of_ordinal
from pushnet.grid.settings import DBAgentSettings, NodeSettings
from pushnet.roles.gateway.errors import DEVICE_ALIAS_FULL, ApiError
from pushnet.roles.gateway.service import GatewayService
from tests.roles.nodes import APP, Nodes

REGISTRY = NodeSettings(name="registry-1", role="registry")
QUEUE = NodeSettings(name="queue-1", role="queue", host="queue-1")
SHARDS = [
    NodeSettings(
        name=f"dbagent-{n}", role="dbagent", host=f"dbagent-{n}", dbagent=DBAgentSettings(shards=[n])
    )
    for n in (0, 1)
]
TAGALIAS = NodeSettings(name="tagalias-1", role="tagalias", host="tagalias-1")
GATEWAY = NodeSettings(name="gateway-1", role="gateway", host="gateway-1")
PUSHER = NodeSettings(name="pusher-1", role="pusher", host="pusher-1")


class PusherServiceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.nodes = Nodes(self)
        self.simulation = self.nodes.simulation
        for node in (REGISTRY, QUEUE, *SHARDS, TAGALIAS):
            self.nodes.start(node)
        gateway = self.nodes.start(GATEWAY)
        assert isinstance(gateway, GatewayService) and gateway.gateway is not None
        self.gateway = gateway.gateway
        self.observer = self.nodes.observer()

    def shard(self, number: int) -> ShardPrx:
        found = ShardPrx.uncheckedCast(self.observer.stringToProxy(f"shard/{number}"))
        assert found is not None
        return found

    def register(self, key: str) -> Registration:
        shard = self.shard(shard_of_device(APP, key, 2))
        return self.simulation.run_until(shard.register(APP, key, "android"))

    def push(self, **audience: list[str]) -> int:
        body = {"platform": "all", "audience": audience or "all", "message": {"msg_content": "x"}}
        answer = self.simulation.run_until(
            ensureDeferred(self.gateway.push(APP, json.dumps(body).encode())), limit_s=40
        )
        self.assertEqual(answer.status, 200, answer.body)
        return int(json.loads(answer.body)["msg_id"])

    def stats(self) -> TopicStats:
        queue = QueuePrx.uncheckedCast(self.observer.stringToProxy("Queue"))
        assert queue is not None
        return self.simulation.run_until(queue.stats("push", "pusher"))

    def stream(self, device: Registration) -> list[int]:
        shard = self.shard(shard_of_ordinal(device.ordinal))
        entries = self.simulation.run_until(shard.fetch(APP, device.ordinal, 0, 100))
        return [entry.message.id for entry in entries]

    def group_log(self) -> list[tuple[int, list[int]]]:
        rows = self.simulation.run_until(self.shard(home_shard(APP, 2)).group(APP, 0, 100))
        return [(row.message.id, list(BitMap.deserialize(row.audience))) for row in rows]

    def settled(self) -> None:
        """Run until the queue has nothing in line and nothing in work."""
        for _ in range(600):
            stats = self.stats()
            if not stats.waiting and not stats.inFlight:
                return
            self.simulation.run_for(0.2)
        self.fail(f"not settled: {self.stats()}")

    def test_pushes_of_every_kind_come_to_rest_where_they_belong(self) -> None:
        devices = [self.register(f"device-{n}") for n in range(6)]
        one = devices[0].registrationId
        devices_api = self.gateway.devices
        self.simulation.run_until(
            ensureDeferred(devices_api.update(APP, one, b'{"alias":"x","tags":{"add":["a"]}}'))
        )
        self.nodes.start(PUSHER)
        everyone, tagged = self.push(), self.push(tag=["a"])
        aliased, named = self.push(alias=["x"]), self.push(registration_id=[devices[1].registrationId])
        self.push(tag=["nobody"])
        self.settled()
        everybody = sorted(device.ordinal for device in devices)
        self.assertEqual(
            sorted(self.group_log()), sorted([(everyone, everybody), (tagged, [devices[0].ordinal])])
        )
        self.assertEqual([self.stream(device) for device in devices], [[aliased], [named], [], [], [], []])
        self.assertEqual(self.stats().parked, 0)

    def test_an_alias_has_ten_devices_whichever_shards_they_are_in(self) -> None:
        devices = [self.register(f"device-{n}") for n in range(12)]
        ask = self.gateway.devices.update
        for device in devices[:10]:
            self.simulation.run_until(ensureDeferred(ask(APP, device.registrationId, b'{"alias":"x"}')))
        shards = {shard_of_ordinal(device.ordinal) for device in devices[:10]}
        self.assertEqual(shards, {0, 1})
        eleventh = ensureDeferred(ask(APP, devices[10].registrationId, b'{"alias":"x"}'))
        refused = self.assertRaises(ApiError, self.simulation.run_until, eleventh)
        self.assertEqual(refused.code, DEVICE_ALIAS_FULL)
        shown = self.simulation.run_until(ensureDeferred(self.gateway.devices.alias(APP, "x", {})))
        ids = sorted(device.registrationId for device in devices[:10])
        self.assertEqual(sorted(json.loads(shown.body)["registration_ids"]), ids)

    def test_pushes_wait_for_a_pusher_and_survive_its_death(self) -> None:
        device = self.register("device")
        self.nodes.start(PUSHER)
        wanted = [self.push(registration_id=[device.registrationId]) for _ in range(5)]
        self.simulation.host("pusher-1").kill()
        wanted += [self.push(registration_id=[device.registrationId]) for _ in range(5)]
        self.nodes.start(PUSHER)
        self.settled()
        self.assertEqual(sorted(self.stream(device)), sorted(wanted))

    def test_a_killed_shard_delays_pushes_and_loses_none(self) -> None:
        devices = [self.register(f"device-{n}") for n in range(4)]
        self.nodes.start(PUSHER)
        self.simulation.host("dbagent-1").kill()
        ids = [device.registrationId for device in devices]
        wanted = [self.push(registration_id=ids), self.push()]
        self.simulation.run_for(6.0)
        self.nodes.start(SHARDS[1])
        self.settled()
        self.assertEqual([self.stream(device) for device in devices], [wanted[:1]] * 4)
        self.assertEqual([row for row, _ in self.group_log()], wanted[1:])
        self.assertEqual(self.stats().parked, 0)

    def test_it_ends_in_order_and_leaves_nothing_behind(self) -> None:
        device = self.register("device")
        service = self.nodes.start(PUSHER)
        for _ in range(3):
            self.push(registration_id=[device.registrationId])
        self.nodes.stop("pusher-1")
        self.simulation.run_for(1.0)
        self.assertEqual(self.simulation.host("pusher-1").world.leftovers(), [])
        self.assertEqual(self.simulation.failures, [])
        self.assertEqual(service.gauges(), {"load": 0.0, "pushes_running": 0.0})
        self.assertEqual(self.stats().inFlight, 0)
