"""Messages larger than what sockets hold go both ways at once, over real sockets."""

from twisted.internet import reactor
from twisted.internet.defer import gatherResults
from twisted.trial.unittest import TestCase

from pushnet.app.realworld import RealWorld
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.current import Current
from pushnet.rpc.servant import Blobject
from pushnet.wire.identity import Identity
from pushnet.wire.request import encapsulated

MEGABYTE = 1_000_000
WINDOW = 32
"""Calls under way: more than the buffers of both sockets take."""


class EchoI(Blobject):
    """Answers with what it was given."""

    def ice_invoke(self, params: bytes, current: Current) -> tuple[bool, bytes]:
        return True, params


class LargeMessagesTest(TestCase):
    timeout = 60

    async def echoing(self, properties: dict[str, str]) -> tuple[Communicator, str]:
        """A communicator, and where it serves what echoes."""
        world = RealWorld(reactor, self.mktemp())
        communicator = Communicator(world, {"Ice.MessageSizeMax": "4096", **properties})
        self.addCleanup(communicator.destroy)
        adapter = communicator.createObjectAdapterWithEndpoints("Echo", "default -h 127.0.0.1 -p 0")
        proxy = adapter.add(EchoI(), Identity("echo", ""))
        await adapter.activate()
        return communicator, str(adapter.createProxy(proxy.ice_getIdentity()))

    async def ask(self, properties: dict[str, str]) -> None:
        _, where = await self.echoing(properties)
        caller = Communicator(RealWorld(reactor, self.mktemp()), {"Ice.MessageSizeMax": "4096", **properties})
        self.addCleanup(caller.destroy)
        proxy = caller.stringToProxy(where)
        assert proxy is not None
        sent = [encapsulated(bytes([number]) * MEGABYTE) for number in range(WINDOW)]
        answers = await gatherResults([proxy.ice_invoke("echo", 0, each) for each in sent])
        self.assertEqual(
            [answer == (True, each) for answer, each in zip(answers, sent, strict=True)], [True] * WINDOW
        )

    async def test_neither_side_waits_for_the_other_to_read(self) -> None:
        await self.ask({})

    async def test_nor_when_they_are_compressed(self) -> None:
        await self.ask({"Ice.Override.Compress": "1"})
