"""A port of the hub holds its limits in a storm."""

from __future__ import annotations

import errno

from twisted.internet.interfaces import IListeningPort
from twisted.internet.protocol import Factory
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from pushnet.net.hubport import PAUSE_S, HubPort
from tests.net.loopback import Bench, Recorder, hear


class HubPortTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.bench = Bench()
        self.port = HubPort(self.bench.hub, "", 0, Factory.forProtocol(Recorder), 4)
        self.port.startListening()
        self.addCleanup(self.end)

    def end(self) -> None:
        self.bench.hang_up()
        self.port.stopListening()
        self.bench.hub.close()

    def call(self) -> None:
        self.bench.call(self.port.getHost().port)

    def test_it_is_a_listening_port(self) -> None:
        verifyObject(IListeningPort, self.port)

    def test_at_the_limit_it_accepts_nobody_until_somebody_has_gone(self) -> None:
        for _ in range(6):
            self.call()
        self.bench.turn(3)
        self.assertEqual(self.bench.hub.connections, 3)
        self.bench.callers[0].close()
        self.bench.turn()
        self.bench.clock.advance(PAUSE_S)
        self.bench.turn()
        self.assertEqual(self.bench.hub.connections, 3)

    def test_out_of_descriptors_it_waits_instead_of_spinning(self) -> None:
        listening = self.bench.streams.listening[0]
        listening.errors += [OSError(errno.EMFILE, "too many")] * 2
        self.call()
        self.bench.turn(5)
        self.assertEqual((self.bench.hub.connections, len(listening.errors)), (0, 1))
        self.bench.clock.advance(PAUSE_S)
        self.bench.turn()
        self.bench.clock.advance(PAUSE_S)
        self.bench.turn()
        self.assertEqual(self.bench.hub.connections, 1)

    def test_a_caller_that_was_gone_before_it_was_accepted_stops_nobody(self) -> None:
        self.bench.streams.listening[0].errors.append(OSError(errno.ECONNABORTED, "gone"))
        self.call()
        self.bench.turn(2)
        self.assertEqual(self.bench.hub.connections, 1)

    def test_a_factory_that_wants_nobody_is_heard(self) -> None:
        self.port._factory = type("Closed", (Factory,), {"buildProtocol": lambda self, addr: None})()
        self.call()
        self.bench.turn()
        self.assertEqual(hear(self.bench.callers[0]), b"")
        self.assertEqual(self.bench.hub.connections, 0)
