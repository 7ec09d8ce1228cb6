"""Large requests are compressed where that is asked for, and replies only to who said that it may be."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.properties import Properties
from pushnet.rpc.servant import Blobject
from pushnet.rpc.squeezing import Squeezing, compression_level
from pushnet.wire.reply import Status, text_message
from pushnet.wire.request import encapsulated
from tests.rpc.given import Grid

LARGE = encapsulated(b"x" * 10_000)
SMALL = encapsulated(b"x")


class EchoI(Blobject):
    """Answers with what it is sent."""

    def ice_invoke(self, params: bytes, current: Any) -> tuple[bool, bytes]:
        return True, params


class SqueezingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)

    def echo(self, text: str = "object:tcp -h server -p 4000", **properties: str) -> Any:
        self.grid.serve("server", EchoI(), **properties)
        return self.grid.proxy("client", text)

    def heads(self, proxy: Any, params: bytes) -> tuple[int, int, int, int]:
        """Byte 9 and the size of what is sent for one call, and of what comes back."""
        connection = self.grid.wait(proxy.ice_getConnection())
        sent: list[bytes] = []
        heard: list[bytes] = []
        write, receive = connection.transport.write, connection.dataReceived
        connection.transport.write = lambda data: (sent.append(data), write(data))
        connection.dataReceived = lambda data: (heard.append(data), receive(data))
        connection.transport.protocol = connection
        self.assertEqual(self.grid.wait(proxy.ice_invoke("echo", 0, params)), (True, params))
        request, reply = b"".join(sent), b"".join(heard)
        return request[9], len(request), reply[9], len(reply)

    def test_nothing_is_compressed_unless_asked_for(self) -> None:
        asked, size, answered, back = self.heads(self.echo(), LARGE)
        self.assertEqual((asked, answered), (0, 0))
        self.assertGreater(min(size, back), 10_000)

    def test_a_large_request_and_its_reply_are_compressed(self) -> None:
        for text, change in (
            ("object:tcp -h server -p 4000 -z", lambda proxy: proxy),
            ("object:tcp -h server -p 4000", lambda proxy: proxy.ice_compress(True)),
        ):
            self.setUp()
            asked, size, answered, back = self.heads(change(self.echo(text)), LARGE)
            self.assertEqual((asked, answered), (2, 2))
            self.assertLess(max(size, back), 200)

    def test_a_small_request_only_says_that_its_reply_may_be(self) -> None:
        asked, _, answered, _ = self.heads(self.echo("object:tcp -h server -p 4000 -z"), SMALL)
        self.assertEqual((asked, answered), (1, 1))

    def test_a_server_may_be_told_not_to_compress(self) -> None:
        proxy = self.echo("object:tcp -h server -p 4000 -z", Ice_Override_Compress="0")
        asked, _, answered, back = self.heads(proxy, LARGE)
        self.assertEqual((asked, answered), (2, 0))
        self.assertGreater(back, 10_000)

    def test_proxies_that_compress_and_those_that_do_not_have_their_own_connections(self) -> None:
        proxy = self.echo()
        plain = self.grid.wait(proxy.ice_getConnection())
        squeezed = self.grid.wait(proxy.ice_compress(True).ice_getConnection())
        self.assertIsNot(plain, squeezed)

    def test_a_batch_is_compressed(self) -> None:
        proxy = self.echo("object -O:tcp -h server -p 4000 -z")
        connection = self.grid.wait(proxy.ice_getConnection())
        sent: list[bytes] = []
        connection.transport.write = sent.append
        for _ in range(100):
            proxy.ice_ping()
        self.grid.wait(proxy.ice_flushBatchRequests())
        (batch,) = sent
        self.assertEqual((batch[8], batch[9]), (1, 2))

    def test_only_the_reply_to_that_request_is_compressed_and_only_once(self) -> None:
        squeezing = Squeezing(Properties({"Ice.Compression.Level": "9"}))
        squeezing.asked(7)
        squeezing.asked(0)
        for request_id, compressed in ((8, 0), (7, 2), (7, 0)):
            reply = text_message(request_id, Status.unknown_exception, "x" * 1000)
            self.assertEqual(squeezing.reply(reply)[9], compressed)

    def test_levels_are_from_one_to_nine(self) -> None:
        for text, level in (("", 1), ("0", 1), ("5", 5), ("99", 9)):
            self.assertEqual(compression_level(Properties({"Ice.Compression.Level": text})), level)
