"""A connection of the hub keeps Twisted's promises to its protocol."""

from __future__ import annotations

import select
import socket

from twisted.internet.error import ConnectionAborted, ConnectionDone
from twisted.internet.interfaces import IConsumer, IPushProducer, ITransport
from twisted.internet.protocol import Factory
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from pushnet.net.hubconnection import CLOSING_LIMIT_S
from pushnet.net.hubport import HubPort
from tests.net.loopback import Bench, Recorder, hear

MUCH = bytes(1024 * 1024)


class HubConnectionTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.bench = Bench()
        self.recorder = Recorder()
        self.port = HubPort(self.bench.hub, "", 0, Factory.forProtocol(lambda: self.recorder), 100)
        self.port.startListening()
        self.addCleanup(self.end)
        self.caller = self.bench.call(self.port.getHost().port)
        self.bench.turn()
        self.transport = self.recorder.transport

    def end(self) -> None:
        self.bench.hang_up()
        self.port.stopListening()
        self.bench.hub.close()

    def drain(self, size: int) -> bytes:
        """`size` bytes as a slow caller reads them. The kernel may take a moment to move them."""
        heard = b""
        for _ in range(10_000):
            heard += hear(self.caller) or b""
            if len(heard) >= size:
                break
            self.bench.turn()
            select.select([self.caller], [], [], 0.01)
        return heard

    def test_it_is_a_transport(self) -> None:
        for interface in (ITransport, IPushProducer, IConsumer):
            verifyObject(interface, self.transport)
        self.assertEqual(self.transport.getPeer().port, self.caller.getsockname()[1])

    def test_what_the_system_does_not_take_follows_later_and_in_order(self) -> None:
        self.transport.write(b"first" + MUCH)
        self.bench.turn()
        self.transport.write(b"last")
        heard = self.drain(len(MUCH) + 9)
        self.assertEqual(len(heard), len(MUCH) + 9)
        self.assertEqual((heard[:5], heard[-4:]), (b"first", b"last"))

    def test_a_producer_rests_while_the_way_is_full(self) -> None:
        self.transport.registerProducer(self.recorder, True)
        self.transport.write(MUCH)
        self.bench.turn()
        self.assertEqual(self.recorder.flow, ["pause"])
        self.drain(len(MUCH))
        self.bench.turn()
        self.assertEqual(self.recorder.flow, ["pause", "resume"])

    def test_a_lost_connection_says_everything_first(self) -> None:
        self.transport.write(MUCH)
        self.transport.loseConnection()
        self.transport.write(b"too late")
        self.bench.turn()
        self.assertEqual(len(self.drain(len(MUCH))), len(MUCH))
        self.bench.turn()
        self.recorder.lost.trap(ConnectionDone)

    def test_a_caller_that_never_reads_cannot_keep_a_lost_connection(self) -> None:
        self.transport.write(MUCH)
        self.transport.loseConnection()
        self.bench.turn()
        self.assertIsNone(self.recorder.lost)
        self.bench.clock.advance(CLOSING_LIMIT_S)
        self.bench.turn()
        self.recorder.lost.trap(ConnectionAborted)

    def test_a_protocol_is_not_told_of_its_end_while_it_talks(self) -> None:
        self.transport.abortConnection()
        self.assertIsNone(self.recorder.lost)
        self.bench.turn()
        self.recorder.lost.trap(ConnectionAborted)

    def test_a_paused_connection_hears_nothing_until_it_resumes(self) -> None:
        self.transport.pauseProducing()
        self.caller.send(b"hello")
        self.bench.turn()
        self.assertEqual(self.recorder.heard, b"")
        self.transport.resumeProducing()
        self.bench.turn()
        self.assertEqual(self.recorder.heard, b"hello")

    def test_a_reset_is_the_end(self) -> None:
        self.caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.caller.close()
        self.bench.turn()
        self.assertIsNotNone(self.recorder.lost)

    def test_bytes_queued_for_a_caller_that_is_gone_are_dropped(self) -> None:
        self.caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.caller.close()
        self.transport.write(b"hello")
        self.bench.turn(2)
        self.transport.write(b"hello again")
        self.assertEqual(self.bench.hub.connections, 0)
