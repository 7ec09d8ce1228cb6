"""The SDK against Brokers in a simulated network, and against servers that misbehave."""

from __future__ import annotations

import random

from pyroaring import BitMap
from twisted.internet.defer import gatherResults
from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import SynchronousTestCase

from pushnet.client.device import CONNECT_LIMIT_S, GREETING_LIMIT_S, PAUSE_FIRST_S, Device, State
from pushnet.client.store import MemoryStore
from pushnet.device.device_session import Memory, Message, Missed
from pushnet.device.frames import (
    Close,
    Frame,
    Gap,
    GapReason,
    Move,
    Push,
    Reason,
    Registered,
    Stream,
    Welcome,
)
from pushnet.device.reading import split
from pushnet.device.writing import HEARTBEAT, encode
from pushnet.net.listening import DeviceDoor
from pushnet.roles.broker.switchboard import LineFactory
from pushnet.sim import Simulation
from tests.roles.broker.fakes import APP, FakeShard, Stage

PORT = 7000
FAR_MS = 4_000_000_000_000
"""A time to live that no simulated clock reaches."""
RID = "1000000000112233445"


class Script(Protocol):
    """A server that says what it is told, and keeps what it hears."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.heard: list[Frame] = []
        self.rest = b""
        self.lost = False

    def connectionMade(self) -> None:
        self.site.scripts.append(self)
        for frame in self.site.greeting:
            self.say(frame)

    def say(self, frame: Frame) -> None:
        self.transport.write(encode(frame))

    def dataReceived(self, data: bytes) -> None:
        frames, self.rest = split(self.rest + data, 1024)
        self.heard += frames

    def connectionLost(self, reason: object = None) -> None:
        self.lost = True


class Site:
    """One device, and a scripted server for it."""

    def __init__(self, *greeting: Frame, memory: Memory | None = None, seed: int = 1) -> None:
        self.greeting = greeting
        self.scripts: list[Script] = []
        self.simulation = Simulation(seed)
        server = self.simulation.host("server")
        world = server.boot()
        endpoint = world.server_endpoint("", PORT)
        self.simulation.run_until(endpoint.listen(Factory.forProtocol(lambda: Script(self))))
        self.store = MemoryStore(memory)
        self.shown: list[Message] = []
        self.missed: list[Missed] = []
        self.saved_first: list[bool] = []
        self.device = Device(
            self.simulation.host("phone").boot(),
            APP,
            "phone-1",
            [(server.address, PORT)],
            "ios",
            self.show,
            on_missed=self.missed.append,
            store=self.store,
        )
        self.device.start()

    def show(self, message: Message) -> None:
        self.saved_first.append(self.store.memory.own >= message.seq)
        self.shown.append(message)

    def wait(self, seconds: float = 1.0) -> Script:
        self.simulation.run_for(seconds)
        return self.scripts[-1]


class DeviceTests(SynchronousTestCase):
    def test_a_message_is_saved_then_shown_then_acknowledged(self) -> None:
        site = Site(Registered(RID, b"s"), Welcome(60, (0, 4), b"t"))
        script = site.wait()
        script.say(Push(Stream.OWN, 1, 60, b"hello", 0, 77))
        site.wait()
        self.assertEqual([message.body for message in site.shown], [b"hello"])
        self.assertEqual((site.saved_first, site.store.memory), ([True], Memory(RID, b"s", b"t", 1, 4)))
        self.assertEqual(script.heard[-1].seq, 1)

    def test_what_is_gone_is_told(self) -> None:
        site = Site(Welcome(60), memory=Memory(RID, b"s", b"t", 3, 0))
        site.wait().say(Gap(Stream.OWN, 3, 9, GapReason.OVERFLOWED))
        site.wait()
        self.assertEqual(site.missed, [Missed(Stream.OWN, 3, 9, GapReason.OVERFLOWED)])

    def test_it_beats_in_silence_and_hangs_up_when_nobody_answers(self) -> None:
        site = Site(Welcome(60), memory=Memory(RID, b"s", b"t"))
        script = site.wait(200)
        self.assertIn(HEARTBEAT, [encode(frame) for frame in script.heard])
        self.assertTrue(site.scripts[0].lost)

    def test_it_does_not_wait_for_a_greeting_for_ever(self) -> None:
        site = Site()
        script = site.wait(GREETING_LIMIT_S + 1)
        self.assertTrue(script.lost or site.scripts[0].lost)

    def test_it_stays_away_as_long_as_it_is_told(self) -> None:
        site = Site(Close(Reason.TRY_LATER, 30))
        site.wait(30)
        self.assertEqual(len(site.scripts), 1)
        site.wait(16 + 2 * PAUSE_FIRST_S)
        self.assertEqual(len(site.scripts), 2)

    def test_it_goes_at_once_where_it_is_sent_and_else_to_the_next_in_its_list(self) -> None:
        site = Site()
        script = site.wait()
        began = site.simulation.now_s
        script.say(Move("nowhere", PORT))
        script.say(Close(Reason.GOING_AWAY))
        script.transport.loseConnection()
        site.wait(3.0)
        self.assertEqual(len(site.scripts), 2)
        self.assertLess(site.simulation.now_s - began, 3.1)

    def test_a_server_that_breaks_the_protocol_is_left(self) -> None:
        site = Site()
        site.wait().transport.write(b"\xff" * 10)
        site.wait(0.01)
        self.assertTrue(site.scripts[0].lost)
        self.flushLoggedErrors()

    def test_an_application_that_fails_on_a_message_gets_the_next_one(self) -> None:
        site = Site(Welcome(60), memory=Memory(RID, b"s", b"t"))
        bodies: list[bytes] = []

        def fails(message: Message) -> None:
            bodies.append(message.body)
            raise ValueError("a bug of the application")

        site.device._on_message = fails
        script = site.wait()
        script.say(Push(Stream.OWN, 1, 60, b"a", 0))
        script.say(Push(Stream.OWN, 2, 60, b"b", 1))
        site.wait()
        self.assertEqual(bodies, [b"a", b"b"])
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 2)

    def test_it_says_goodbye_and_leaves_nothing_behind(self) -> None:
        site = Site(Welcome(60), memory=Memory(RID, b"s", b"t"))
        script = site.wait()
        site.simulation.run_until(site.device.stop())
        site.wait()
        self.assertEqual((script.heard[-1], script.lost), (Close(Reason.BYE), True))
        self.assertEqual(site.simulation.host("phone").world.leftovers(), [])

    def test_it_can_be_stopped_while_it_is_calling_or_resting(self) -> None:
        for moment_s in (0.0, 0.0001, 2.5, 40.0):
            site = Site(Close(Reason.TRY_LATER, 9))
            site.simulation.network.refuse("server")
            site.simulation.run_for(moment_s)
            site.simulation.run_until(site.device.stop())
            site.simulation.run_for(CONNECT_LIMIT_S + 1)
            self.assertEqual(site.simulation.host("phone").world.leftovers(), [])
            self.assertIs(site.device.state, State.RESTING)


class Town:
    """Two Brokers, one shard, some devices, and whatever a seed does to them."""

    def __init__(self, seed: int, devices: int = 6) -> None:
        self.rng = random.Random(seed)
        self.simulation = Simulation(seed)
        self.shard = FakeShard()
        self.stages: list[Stage] = []
        places: list[tuple[str, int]] = []
        for name in ("broker-1", "broker-2"):
            host = self.simulation.host(name)
            stage = Stage(self.shard, host.boot())
            door = DeviceDoor(stage.world, LineFactory(stage.board, 40), 40)
            self.simulation.run_until(door.open("", PORT))
            self.stages.append(stage)
            places.append((host.address, PORT))
        world = self.simulation.host("phones").boot()
        self.shown: list[list[Message]] = [[] for _ in range(devices)]
        self.devices = [
            Device(world, APP, f"phone-{number}", places, "ios", self.shown[number].append)
            for number in range(devices)
        ]
        for device in self.devices:
            device.start()
        self.simulation.run_until(gatherResults([device.when_online() for device in self.devices]))

    def ordinal(self, number: int) -> int:
        return int(self.devices[number].registration_id[1:9], 16)

    def happen(self) -> None:
        """One thing of a bad day."""
        what = self.rng.choice(["own", "own", "group", "group", "large", "reset", "vanish", "shard"])
        body = b"%d" % self.rng.getrandbits(40)
        if what in ("own", "large"):
            ordinal = self.ordinal(self.rng.randrange(len(self.devices)))
            entry = self.shard.store(ordinal, body * (10 if what == "large" else 1), FAR_MS)
            for stage in self.stages:
                stage.deliver(ordinal, entry)
        elif what == "group":
            chosen = [self.ordinal(at) for at in range(len(self.devices)) if self.rng.random() < 0.6]
            row = self.shard.append(body, *chosen, expires_ms=FAR_MS)
            for stage in self.stages:
                if self.rng.random() < 0.8:
                    stage.spread(row)
        elif what == "shard":
            self.shard.down = self.rng.random() < 0.3
        else:
            connections = self.simulation.network.connections()
            if connections:
                getattr(self.rng.choice(connections), what)()
        self.simulation.run_for(self.rng.choice([0.0, 0.001, 0.02, 0.5, 3.0]))

    def expected(self, number: int) -> tuple[list[bytes], list[bytes]]:
        """What the device should have been shown, by stream."""
        ordinal = self.ordinal(number)
        own = [entry.message.body for entry in self.shard.streams[ordinal]]
        group = [row.message.body for row in self.shard.log if ordinal in addressed(row.audience)]
        return own, group

    def got(self, number: int) -> tuple[list[bytes], list[bytes]]:
        own = [message.body for message in self.shown[number] if message.stream is Stream.OWN]
        return own, [message.body for message in self.shown[number] if message.stream is Stream.GROUP]


def addressed(audience: bytes) -> set[int]:
    return set(BitMap.deserialize(audience))


class TownTests(SynchronousTestCase):
    def test_every_message_is_shown_exactly_once_and_in_order_whatever_is_cut(self) -> None:
        for seed in range(12):
            town = Town(seed)
            for _ in range(60):
                town.happen()
            town.shard.down = False
            town.simulation.run_for(400)
            for number in range(len(town.devices)):
                self.assertEqual(town.got(number), town.expected(number), f"seed {seed} device {number}")
            self.assertEqual(town.simulation.failures, [])
            town.simulation.close()
