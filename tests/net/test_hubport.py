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

    def test_out_of_descriptors_the_caller_is_turned_away_and_the_port_lives(self) -> None:
        self.bench.streams.listening[0].errors.append(OSError(errno.EMFILE, "too many"))
        self.call()
        self.bench.turn()
        self.assertEqual(hear(self.bench.callers[0]), b"")
        self.call()
        self.bench.turn()
        self.assertEqual(self.bench.hub.connections, 1)

    def test_out_of_descriptors_altogether_it_waits_instead_of_spinning(self) -> None:
        too_many = OSError(errno.EMFILE, "too many")
        self.bench.streams.listening[0].errors += [too_many, too_many]
        self.call()
        self.bench.turn(5)
        self.assertEqual(self.bench.hub.connections, 0)
        self.bench.clock.advance(PAUSE_S)
        self.bench.turn()
        self.assertEqual(self.bench.hub.connections, 1)

    def test_a_factory_that_wants_nobody_is_heard(self) -> None:
        self.port._factory = type("Closed", (Factory,), {"buildProtocol": lambda self, addr: None})()
        self.call()
        self.bench.turn()
        self.assertEqual(hear(self.bench.callers[0]), b"")
        self.assertEqual(self.bench.hub.connections, 0)
