"""The hub: one reader for many connections, one write a pass."""

from __future__ import annotations

from twisted.internet.interfaces import IReadDescriptor
from twisted.internet.protocol import Factory
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from pushnet.net.hubport import HubPort
from tests.net.loopback import Bench, Recorder, hear


class Echo(Factory):
    """Remembers the protocols it makes; they echo."""

    def __init__(self) -> None:
        self.made: list[Recorder] = []

    def buildProtocol(self, addr: object) -> Recorder:
        self.made.append(Recorder(lambda recorder, data: recorder.transport.write(data)))
        return self.made[-1]


class HubTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.bench = Bench()
        self.factory = Echo()
        self.port = HubPort(self.bench.hub, "", 0, self.factory, 100)
        self.port.startListening()
        self.addCleanup(self.end)

    def end(self) -> None:
        self.bench.hang_up()
        self.port.stopListening()
        self.bench.hub.close()
        self.assertEqual(self.bench.streams.readers, [])

    def test_it_is_one_reader_of_the_reactor(self) -> None:
        verifyObject(IReadDescriptor, self.bench.hub)
        for _ in range(3):
            self.bench.call(self.port.getHost().port)
        self.bench.turn()
        self.assertEqual(self.bench.streams.readers, [self.bench.hub])
        self.assertEqual(self.bench.hub.connections, 3)

    def test_what_is_received_in_a_pass_is_answered_in_it(self) -> None:
        caller = self.bench.call(self.port.getHost().port)
        self.bench.turn()
        caller.send(b"hello")
        self.bench.hub.doRead()
        self.assertEqual(hear(caller), b"hello")

    def test_a_write_from_elsewhere_leaves_after_the_present_turn(self) -> None:
        caller = self.bench.call(self.port.getHost().port)
        self.bench.turn()
        transport = self.factory.made[0].transport
        transport.write(b"a")
        transport.write(b"b")
        self.assertIsNone(hear(caller))
        self.bench.clock.advance(0)
        self.assertEqual(hear(caller), b"ab")

    def test_a_protocol_that_raises_loses_its_connection_and_nobody_else_does(self) -> None:
        good = self.bench.call(self.port.getHost().port)
        bad = self.bench.call(self.port.getHost().port)
        self.bench.turn()

        def raises(recorder: Recorder, data: bytes) -> None:
            raise ValueError("a bug")

        self.factory.made[1].answer = raises
        bad.send(b"boo")
        good.send(b"hello")
        self.bench.turn(2)
        self.assertEqual((hear(good), hear(bad)), (b"hello", b""))
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)

    def test_its_end_says_what_is_queued_and_closes_everything(self) -> None:
        bench = Bench()
        factory = Echo()
        port = HubPort(bench.hub, "", 0, factory, 100)
        port.startListening()
        caller = bench.call(port.getHost().port)
        bench.turn()
        factory.made[0].transport.write(b"goodbye")
        bench.hub.close()
        self.assertEqual((hear(caller), hear(caller)), (b"goodbye", b""))
        self.assertEqual((bench.hub.connections, bench.streams.readers), (0, []))
        caller.close()

    def test_a_caller_that_hangs_up_is_forgotten(self) -> None:
        caller = self.bench.call(self.port.getHost().port)
        self.bench.turn()
        caller.close()
        self.bench.turn()
        self.assertIsNotNone(self.factory.made[0].lost)
        self.assertEqual(self.bench.hub.connections, 0)
