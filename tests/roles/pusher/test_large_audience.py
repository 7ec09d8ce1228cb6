"""A group push whose audience is larger than Ice's default message, from the tag index to devices."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pyroaring import BitMap
from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.client.device import Device
from pushnet.client.store import MemoryStore
from pushnet.device.device_session import Message
from pushnet.gen.pushnet.push import Audience
from pushnet.gen.pushnet.tagalias import Selection, TagAliasServant
from pushnet.grid.placement import ordinal_in
from pushnet.grid.settings import BrokerSettings, DBAgentSettings, NodeSettings
from pushnet.grid.wellknown import WellKnown
from pushnet.roles.gateway.service import GatewayService
from pushnet.roles.membership import Membership
from pushnet.rpc.stubs import Current
from pushnet.wire.identity import Identity
from pushnet.wire.message import MESSAGE_BYTES_MAX
from tests.roles.nodes import APP, Nodes

PORT = 7001
SPARSE = BitMap(range(7, 1 << 31, 3001))
"""Devices picked from all there can be: too far from each other for a roaring bitmap to save anything."""
BROKER = NodeSettings(
    name="broker-1", role="broker", host="broker-1", broker=BrokerSettings(host="broker-1", port=PORT)
)
ROLES = [
    NodeSettings(name="registry-1", role="registry"),
    NodeSettings(name="queue-1", role="queue", host="queue-1"),
    NodeSettings(name="dbagent-1", role="dbagent", host="dbagent-1", dbagent=DBAgentSettings(shards=[0, 1])),
    BROKER,
    NodeSettings(name="pusher-1", role="pusher", host="pusher-1"),
]


class SparseIndex(TagAliasServant):
    """Selects devices all over the app, and those it is told."""

    def __init__(self) -> None:
        self.chosen = BitMap(SPARSE)

    def resolve(
        self,
        app: str,
        wanted: Audience,
        needed: Mapping[int, int],
        waitMs: int,
        current: Current | None = None,
    ) -> Selection:
        return Selection(self.chosen.serialize(), len(self.chosen))


class LargeAudienceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.nodes = Nodes(self)
        self.simulation = self.nodes.simulation
        for node in ROLES:
            self.nodes.start(node)
        self.index = SparseIndex()
        self.offer(self.index)
        gateway = self.nodes.start(NodeSettings(name="gateway-1", role="gateway", host="gateway-1"))
        assert isinstance(gateway, GatewayService) and gateway.gateway is not None
        self.gateway = gateway.gateway
        self.shown: dict[str, list[str]] = {"one": [], "other": []}

    def offer(self, index: SparseIndex) -> None:
        """A node that is all there is of the group TagAlias."""
        world = self.simulation.host("tagalias-1").boot()
        communicator = self.nodes.communicator(world)
        node = NodeSettings(name="tagalias-1", role="tagalias")
        adapter = communicator.createObjectAdapterWithEndpoints("tagalias-1", "tcp -h tagalias-1 -p 0")
        adapter.add(index, Identity("TagAlias", ""))
        self.simulation.run_until(adapter.activate())
        membership = Membership(world, communicator, self.nodes.settings, node)
        membership.offer(adapter, "TagAlias", [WellKnown(Identity("TagAlias", ""), "::PushNet::TagAlias")])
        self.simulation.run_until(membership.start())

    def connect(self, key: str, store: MemoryStore) -> Device:
        def show(message: Message) -> None:
            self.shown[key].append(json.loads(message.body)["message"]["msg_content"])

        world = self.simulation.host(f"phone-{key}").boot()
        device = Device(world, APP, key, [("broker-1", PORT)], "android", show, store=store)
        device.start()
        self.simulation.run_until(device.when_online())
        ordinal = ordinal_in(store.load().registration_id)
        assert ordinal is not None
        self.index.chosen.add(ordinal)
        return device

    def push(self, text: str) -> None:
        body = {"platform": "all", "audience": "all", "message": {"msg_content": text}}
        pushed = ensureDeferred(self.gateway.push(APP, json.dumps(body).encode()))
        self.assertEqual(self.simulation.run_until(pushed, limit_s=40).status, 200)

    def test_it_reaches_those_who_are_here_and_those_who_come_back_after_a_broker_has_restarted(self) -> None:
        self.assertGreater(len(SPARSE.serialize()), MESSAGE_BYTES_MAX)
        stores = {"one": MemoryStore(), "other": MemoryStore()}
        for key, store in stores.items():
            self.connect(key, store)
        self.simulation.host("phone-other").kill()
        self.push("first")
        self.push("second")
        self.simulation.run_for(10)
        self.assertEqual(self.shown, {"one": ["first", "second"], "other": []})
        self.simulation.host("broker-1").kill()
        self.simulation.run_for(4)
        self.nodes.start(BROKER)
        self.connect("other", stores["other"])
        self.simulation.run_for(10)
        self.assertEqual(self.shown["other"], ["first", "second"])
        self.assertEqual(self.simulation.failures, [])
