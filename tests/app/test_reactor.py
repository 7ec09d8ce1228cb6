"""The nodes' reactor serves connections as Twisted's own does, whatever one of them does."""

from collections.abc import Callable

from twisted.application.reactors import IReactorInstaller
from twisted.internet.endpoints import TCP4ClientEndpoint, TCP4ServerEndpoint, connectProtocol
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.testing import MemoryReactor
from twisted.plugin import getPlugins
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.reactor import NodeReactor

LIMIT_S = 20


class Echo(Protocol):
    """Gives back what it gets, and fails on what begins with `!`."""

    def dataReceived(self, data: bytes) -> None:
        if data.startswith(b"!"):
            raise ValueError("a servant's mistake")
        assert self.transport is not None
        self.transport.write(data)


class Asker(Protocol):
    """Says something and notes what comes and how it ends."""

    def __init__(self, said: bytes, done: Callable[[], None]) -> None:
        self.said = said
        self.done = done
        self.got = b""
        self.lost = False

    def connectionMade(self) -> None:
        assert self.transport is not None
        self.transport.write(self.said)

    def dataReceived(self, data: bytes) -> None:
        self.got += data
        if len(self.got) >= len(self.said):
            self.done()

    def connectionLost(self, reason: Failure = MemoryReactor) -> None:  # type: ignore[assignment]
        self.lost = True
        self.done()


class ReactorTest(SynchronousTestCase):
    def play(self, *said: bytes) -> list[Asker]:
        """Say each through a connection of its own; ends when each has its answer or was cut off."""
        reactor = NodeReactor()
        left = list(said)

        def one_done() -> None:
            if left:
                left.pop()
            if not left:
                reactor.callLater(0, reactor.stop)

        askers = [Asker(words, one_done) for words in said]
        listening = TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1").listen(Factory.forProtocol(Echo))
        port = self.successResultOf(listening)
        for asker in askers:
            connectProtocol(TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port), asker)
        limit = reactor.callLater(LIMIT_S, reactor.stop)
        reactor.run(installSignalHandlers=False)
        self.assertTrue(limit.active(), "it took too long")
        limit.cancel()
        return askers

    def test_what_is_said_is_heard_however_much_it_is(self) -> None:
        for asker in self.play(b"a", b"b" * 3_000_000):
            self.assertEqual(asker.got, asker.said)

    def test_a_failing_connection_is_cut_off_and_told_and_the_others_go_on(self) -> None:
        failing, fine = self.play(b"!", b"fine")
        self.assertTrue(failing.lost)
        self.assertEqual(fine.got, b"fine")
        self.assertEqual(len(self.flushLoggedErrors(ValueError)), 1)

    def test_twistd_finds_it_by_its_name(self) -> None:
        names = [installer.shortName for installer in getPlugins(IReactorInstaller)]
        self.assertIn("pushnet", names)
