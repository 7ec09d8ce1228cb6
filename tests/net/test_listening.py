"""The door for devices: the same protocol on the hub and on Twisted's own streams."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import ensureDeferred as defer
from twisted.internet.endpoints import TCP4ServerEndpoint
from twisted.internet.error import CannotListenError
from twisted.internet.protocol import Factory
from twisted.internet.task import Clock
from twisted.internet.testing import MemoryReactorClock
from twisted.trial.unittest import SynchronousTestCase

from pushnet.net.listening import DeviceDoor
from tests.net.loopback import LoopbackStreams, Recorder


class SmallWorld:
    """As much of a world as a door needs."""

    def __init__(self, streams: LoopbackStreams | None) -> None:
        self.streams = streams
        self.clock = Clock()
        self.reactor = MemoryReactorClock()

    def epoll_streams(self) -> LoopbackStreams | None:
        return self.streams

    def call_later(self, delay_s: float, function: Any, *args: Any) -> Any:
        return self.clock.callLater(delay_s, function, *args)

    def server_endpoint(self, host: str, port: int) -> TCP4ServerEndpoint:
        return TCP4ServerEndpoint(self.reactor, port)


def door(world: SmallWorld) -> DeviceDoor:
    return DeviceDoor(world, Factory.forProtocol(Recorder), 10)  # type: ignore[arg-type]


class DeviceDoorTests(SynchronousTestCase):
    def test_where_there_is_epoll_the_hub_listens(self) -> None:
        streams = LoopbackStreams()
        device_door = door(SmallWorld(streams))
        self.successResultOf(defer(device_door.open("", 0)))
        self.assertEqual(device_door.port, streams.listening[0].address()[1])
        self.assertEqual(len(streams.readers), 1)
        self.successResultOf(defer(device_door.stop_listening()))
        device_door.close()
        self.assertEqual((streams.readers, device_door.port), ([], 0))

    def test_a_port_that_is_taken_is_said_so_and_nothing_is_left_behind(self) -> None:
        streams = LoopbackStreams()
        streams.taken = True
        device_door = door(SmallWorld(streams))
        failure = self.failureResultOf(defer(device_door.open("", 7000)), CannotListenError)
        self.assertIn("7000", str(failure.value))
        self.assertEqual(streams.readers, [])

    def test_elsewhere_a_twisted_endpoint_listens(self) -> None:
        world = SmallWorld(None)
        device_door = door(world)
        self.successResultOf(defer(device_door.open("", 4711)))
        self.assertEqual(world.reactor.tcpServers[0][0], 4711)
        self.successResultOf(defer(device_door.stop_listening()))
        device_door.close()
