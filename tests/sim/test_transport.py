"""One side of a connection, held against what Twisted's own transports do."""

from twisted.internet.interfaces import IConsumer, IHalfCloseableProtocol, IPushProducer, ITCPTransport
from twisted.trial.unittest import SynchronousTestCase
from zope.interface import implementer
from zope.interface.verify import verifyObject

from tests.sim.peers import Pair, Recorder


@implementer(IPushProducer)
class Source:
    """A producer that keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def pauseProducing(self) -> None:
        self.told.append("pause")

    def resumeProducing(self) -> None:
        self.told.append("resume")

    def stopProducing(self) -> None:
        self.told.append("stop")


@implementer(IHalfCloseableProtocol)
class HalfCloser(Recorder):
    """Answers when the other side has finished talking."""

    def readConnectionLost(self) -> None:
        self.transport.write(b"answer to " + self.text)
        self.transport.loseConnection()

    def writeConnectionLost(self) -> None:
        self.heard.append(b"<silent>")


class Raiser(Recorder):
    def dataReceived(self, data: bytes) -> None:
        raise ValueError("indigestible")


class SimTransportTests(SynchronousTestCase):
    def test_it_is_a_transport_and_a_consumer(self) -> None:
        transport = Pair().client.transport
        for interface in (ITCPTransport, IConsumer, IPushProducer):
            verifyObject(interface, transport)
        self.assertEqual(transport.getPeer().port, 7000)
        self.assertEqual(transport.getPeer().host, "10.0.0.1")
        self.assertEqual(transport.getHost().host, "10.0.0.2")

    def test_losing_the_connection_sends_first_what_was_written(self) -> None:
        pair = Pair()
        data = b"x" * 500_000
        pair.client.transport.write(data)
        pair.client.transport.loseConnection()
        self.assertEqual(pair.client.ended, "")
        pair.settle()
        self.assertEqual(pair.server.text, data)
        self.assertEqual((pair.client.ended, pair.server.ended), ("ConnectionDone", "ConnectionDone"))

    def test_aborting_drops_what_was_written_and_resets_the_peer(self) -> None:
        pair = Pair()
        pair.client.transport.write(b"x" * 500_000)
        pair.client.transport.abortConnection()
        pair.settle()
        self.assertLess(len(pair.server.text), 500_000)
        self.assertEqual((pair.client.ended, pair.server.ended), ("ConnectionAborted", "ConnectionLost"))

    def test_writing_to_a_side_that_is_gone_is_answered_with_a_reset(self) -> None:
        pair = Pair()
        pair.server.transport.pauseProducing()
        pair.client.transport.loseConnection()
        pair.settle()
        pair.server.transport.write(b"too late")
        pair.settle()
        self.assertEqual(pair.server.ended, "ConnectionLost")

    def test_closing_on_unread_data_resets_the_peer(self) -> None:
        pair = Pair()
        pair.server.transport.pauseProducing()
        pair.client.transport.write(b"never read")
        pair.settle()
        pair.server.transport.loseConnection()
        pair.settle()
        self.assertEqual((pair.client.ended, pair.server.ended), ("ConnectionLost", "ConnectionDone"))

    def test_a_streaming_producer_is_paused_above_64_kib_and_resumed_when_all_has_left(self) -> None:
        pair = Pair()
        pair.server.transport.pauseProducing()
        source = Source()
        pair.client.transport.registerProducer(source, True)
        pair.client.transport.write(b"x" * 65_536)
        self.assertEqual(source.told, [])
        pair.client.transport.write(b"x")
        self.assertEqual(source.told, ["pause"])
        pair.settle()
        self.assertEqual(source.told, ["pause", "resume"])
        pair.client.transport.write(b"x" * 200_000)
        pair.settle()
        self.assertEqual(source.told, ["pause", "resume", "pause"])
        pair.server.transport.resumeProducing()
        pair.settle()
        self.assertEqual(source.told, ["pause", "resume", "pause", "resume"])

    def test_a_producer_is_stopped_with_the_connection(self) -> None:
        pair = Pair()
        source = Source()
        pair.client.transport.registerProducer(source, True)
        self.assertRaises(RuntimeError, pair.client.transport.registerProducer, source, True)
        pair.server.transport.abortConnection()
        pair.settle()
        self.assertEqual(source.told, ["stop"])

    def test_a_pull_producer_is_asked_whenever_all_has_left(self) -> None:
        pair = Pair()
        source = Source()
        pair.client.transport.registerProducer(source, False)
        pair.client.transport.write(b"x")
        pair.settle()
        self.assertEqual(source.told, ["resume", "resume"])

    def test_half_a_close_lets_the_other_side_answer(self) -> None:
        pair = Pair(protocol=HalfCloser)
        pair.client.transport.write(b"question")
        pair.client.transport.loseWriteConnection()
        pair.settle()
        self.assertEqual(pair.client.text, b"<silent>answer to question")
        self.assertEqual((pair.client.ended, pair.server.ended), ("ConnectionDone", "ConnectionDone"))

    def test_a_protocol_that_raises_loses_its_connection(self) -> None:
        pair = Pair(protocol=Raiser)
        pair.client.transport.write(b"x")
        pair.settle()
        self.assertEqual((pair.client.ended, pair.server.ended), ("ConnectionDone", "ValueError"))
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)
        self.assertEqual(pair.simulation.failures, ["s: dataReceived of Raiser: indigestible"])

    def test_only_bytes_can_be_written(self) -> None:
        self.assertRaises(TypeError, Pair().client.transport.write, "text")
