"""The Broker whole, in the simulated world: registry, two shards, two Brokers, devices, and their calls."""

from __future__ import annotations

from collections import Counter

import attrs
from prometheus_client import CollectorRegistry
from pyroaring import BitMap
from twisted.internet.defer import gatherResults
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from pushnet.client.device import Device, State
from pushnet.device.device_session import Message as Shown
from pushnet.gen.pushnet.broker import BrokerPrx, Target
from pushnet.gen.pushnet.dbagent import ShardPrx
from pushnet.gen.pushnet.push import Message
from pushnet.grid.placement import home_shard, ordinal_in, shard_of_ordinal
from pushnet.grid.settings import (
    AppSettings,
    BrokerSettings,
    ClusterSettings,
    DBAgentSettings,
    NodeSettings,
    Settings,
)
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.broker.service import BrokerService
from pushnet.roles.broker.service import make_service as make_broker
from pushnet.roles.dbagent.service import make_service as make_dbagent
from pushnet.roles.membership import Membership
from pushnet.roles.registry.service import make_service as make_registry
from pushnet.rpc.communicator import Communicator
from pushnet.sim.simulation import Simulation

APP = AppSettings(key="7d431e42dfa6a6d693ac2d04", secret="5c1f2b3a4d5e6f708192a3b4")
PORT = 7000
FAR_MS = 4_000_000_000_000
MAKERS = {"registry": make_registry, "dbagent": make_dbagent, "broker": make_broker}


def node(name: str, role: str, **more: object) -> NodeSettings:
    return NodeSettings(name=name, role=role, host=name, **more)  # type: ignore[arg-type]


@attrs.define
class Grid:
    """The nodes of one simulated cluster, each on a host of its own name."""

    simulation: Simulation
    settings: Settings
    services: dict[str, RoleService] = attrs.field(factory=dict)

    @classmethod
    def of(cls, seed: int) -> Grid:
        brokers = [node(f"broker-{at}", "broker", broker=BrokerSettings(port=PORT)) for at in (1, 2)]
        agents = [node(f"dbagent-{at}", "dbagent", dbagent=DBAgentSettings(shards=[at])) for at in (0, 1)]
        cluster = ClusterSettings(secret="x" * 16, host="registry-1", shards=2)
        nodes = [node("registry-1", "registry"), *agents, *brokers]
        grid = cls(Simulation(seed), Settings(cluster=cluster, app=[APP], node=nodes))
        for settings in nodes:
            grid.boot(settings.name)
        return grid

    def communicator(self, host: str) -> Communicator:
        place = self.simulation.host(host)
        world = place.world if place.is_up else place.boot()
        return Communicator(world, properties={"Ice.Default.Locator": self.settings.locator})

    def boot(self, name: str) -> None:
        settings = self.settings.named(name)
        communicator = self.communicator(name)
        world = self.simulation.host(name).world
        service: list[RoleService] = []
        membership = Membership(
            world, communicator, self.settings, settings, "1.0", lambda: service[0].gauges()
        )
        metrics = CollectorRegistry()
        parts = Parts(world, communicator, self.settings, settings, membership, metrics, Logger())
        service.append(MAKERS[settings.role](parts))
        self.services[name] = service[0]
        service[0].startService()
        self.simulation.run_until(service[0].started)

    def broker(self, number: int) -> BrokerService:
        service = self.services[f"broker-{number}"]
        assert isinstance(service, BrokerService)
        return service


class BrokerServiceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid.of(3)
        self.addCleanup(self.grid.simulation.close)
        self.run_until = self.grid.simulation.run_until
        self.caller = self.grid.communicator("pusher-1")
        self.shown: list[Shown] = []
        self.next_id = 1

    def device(self, first: int) -> Device:
        """One that knows both Brokers and is on the `first` one now."""
        phone = self.grid.simulation.host("phone")
        world = phone.world if phone.is_up else phone.boot()
        places = [(self.grid.simulation.host(f"broker-{at}").address, PORT) for at in (1, 2)]
        device = Device(world, APP.key, "phone-1", places, "ios", self.shown.append)
        device._next_broker = first - 1
        device.start()
        self.run_until(device.when_online())
        return device

    def shard(self, number: int) -> ShardPrx:
        proxy = ShardPrx.uncheckedCast(self.caller.stringToProxy(f"shard/{number}"))
        assert proxy is not None
        return proxy

    def message(self, body: bytes) -> Message:
        self.next_id += 1
        return Message(self.next_id, FAR_MS, body)

    def push(self, device: Device, body: bytes) -> str:
        """To one device, as a Pusher does it. Returns the Broker that had it."""
        ordinal = ordinal_in(device.registration_id)
        assert ordinal is not None
        item = self.message(body)
        reply = self.run_until(self.shard(shard_of_ordinal(ordinal)).store(APP.key, item, [ordinal]))
        (place,) = reply.placements
        if place.broker:
            target = Target(place.ordinal, place.epoch, place.prev, place.seq)
            broker = BrokerPrx.uncheckedCast(self.caller.stringToProxy(f"broker/{place.broker}"))
            assert broker is not None
            self.run_until(broker.deliver(APP.key, item, [target]))
        return place.broker

    def push_group(self, device: Device, body: bytes) -> None:
        """To an audience, by the log alone: the beats bring it."""
        self.push_to([device], body)

    def push_to(self, devices: list[Device], body: bytes) -> None:
        audience = BitMap([ordinal_in(device.registration_id) or 0 for device in devices]).serialize()
        home = home_shard(APP.key, 2)
        self.run_until(self.shard(home).append(APP.key, self.message(body), audience))

    def settle(self, seconds: float = 3.0) -> list[bytes]:
        self.grid.simulation.run_for(seconds)
        return [message.body for message in self.shown]

    def test_a_message_finds_the_device_through_its_shard_and_broker(self) -> None:
        device = self.device(1)
        self.assertEqual(self.push(device, b"hello"), "broker-1")
        self.push_group(device, b"everybody")
        self.assertEqual(sorted(self.settle()), [b"everybody", b"hello"])

    def test_a_device_that_moves_is_closed_where_it_was_and_found_where_it_is(self) -> None:
        device = self.device(1)
        twin = self.device(2)
        self.assertEqual(twin.registration_id, device.registration_id)
        self.assertEqual(self.push(twin, b"hello"), "broker-2")
        self.grid.simulation.run_for(1)
        self.assertIs(device.state, State.RESTING)

    def test_a_broker_that_stops_sends_its_devices_to_the_other_and_nothing_is_lost(self) -> None:
        device = self.device(1)
        self.push(device, b"before")
        stopped = self.grid.broker(1).stopService()
        self.run_until(stopped)
        self.assertIn(self.push(device, b"meanwhile"), ("", "broker-2"))
        self.push_group(device, b"group")
        self.assertEqual(sorted(self.settle(15)), [b"before", b"group", b"meanwhile"])
        self.assertEqual(self.push(device, b"after"), "broker-2")
        self.assertEqual(self.settle()[-1], b"after")
        world = self.grid.simulation.host("broker-1").world
        self.assertEqual([line for line in world.leftovers() if "Switchboard" in line], [])

    def crowd(self, counts: tuple[int, int]) -> list[Device]:
        """So many devices on each Broker."""
        places = [(f"broker-{at}", PORT) for at in (1, 2)]
        world = self.grid.simulation.host("crowd").boot()
        devices: list[Device] = []
        for at, count in enumerate(counts):
            for number in range(count):
                told = self.shown.append
                device = Device(world, APP.key, f"crowd-{at}-{number}", places, "ios", told)
                device._next_broker = at
                device.start()
                devices.append(device)
        self.run_until(gatherResults([device.when_online() for device in devices]))
        self.grid.simulation.run_for(3)  # the registry hears of it
        return devices

    def test_two_to_one_becomes_one_to_one_and_nobody_is_away_for_long(self) -> None:
        devices = self.crowd((40, 20))
        broker = BrokerPrx.uncheckedCast(self.caller.stringToProxy("broker/broker-1"))
        assert broker is not None
        bodies = [b"1", b"2", b"3", b"4"]
        self.push_to(devices, bodies[0])
        self.assertEqual(self.run_until(broker.rebalance()), 10)
        for body in bodies[1:]:
            self.push_to(devices, body)
            self.grid.simulation.run_for(0.5)
        self.assertEqual(Counter(self.settle()), dict.fromkeys(bodies, 60))
        self.assertTrue(all(device.state is State.ONLINE for device in devices))
        held = [self.grid.broker(number).gauges()["devices"] for number in (1, 2)]
        self.assertEqual(held, [30, 30])

    def test_devices_of_a_broker_that_ends_go_where_they_are_sent_within_two_seconds(self) -> None:
        devices = self.crowd((30, 0))
        self.push_to(devices, b"before")
        stopped = self.grid.broker(1).stopService()
        self.push_to(devices, b"meanwhile")
        self.run_until(stopped)
        self.grid.simulation.run_for(0.5)
        self.assertTrue(all(device.state is State.ONLINE for device in devices))
        self.assertEqual([device.connections for device in devices], [2] * 30)
        self.push_to(devices, b"after")
        self.assertEqual(Counter(self.settle()), dict.fromkeys([b"before", b"meanwhile", b"after"], 30))

    def test_a_broker_that_is_killed_costs_nothing_but_time(self) -> None:
        device = self.device(1)
        self.push(device, b"before")
        self.settle()
        self.grid.simulation.host("broker-1").kill()
        self.push_group(device, b"group")
        self.assertEqual(sorted(self.settle(20)), [b"before", b"group"])
        self.assertEqual(self.push(device, b"after"), "broker-2")
        self.assertEqual(self.settle()[-1], b"after")

    def test_a_shard_that_restarts_is_told_where_its_devices_are(self) -> None:
        device = self.device(1)
        number = shard_of_ordinal(ordinal_in(device.registration_id) or 0)
        name = f"dbagent-{number}"
        self.grid.simulation.host(name).kill()
        self.grid.simulation.run_for(1)
        self.grid.boot(name)
        self.settle(5)
        self.assertIs(device.state, State.ONLINE)
        self.assertEqual(self.push(device, b"hello"), "broker-1")
        self.assertEqual(self.settle(), [b"hello"])

    def test_with_the_registry_gone_devices_are_served_on(self) -> None:
        device = self.device(1)
        self.push(device, b"own 1")
        self.push_group(device, b"group 1")
        self.grid.simulation.host("registry-1").kill()
        self.settle(10)
        self.push(device, b"own 2")
        self.push_group(device, b"group 2")
        self.assertEqual(sorted(self.settle()), [b"group 1", b"group 2", b"own 1", b"own 2"])

    def test_it_tells_how_it_is(self) -> None:
        self.device(1)
        service = self.grid.broker(1)
        self.assertEqual(service.gauges()["devices"], 1)
        health = service.health()
        self.assertEqual((health["ok"], health["device_port"], health["silent_shards"]), (True, PORT, []))
